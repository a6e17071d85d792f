"""Boxes: four ordinates and a spatial reference."""

from __future__ import annotations

from typing import Any

import orjson

from gpserverless.datatypes import json_text
from gpserverless.errors import InvalidValue
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.control import Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.scalars import SYSTEM_ATTRIBUTES
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.value_form import Texts, ValueForm, write_text
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted

_ORDINATES = {"xmin": Text("West"), "ymin": Text("South"), "xmax": Text("East"), "ymax": Text("North")}
_REFERENCE = "wkid"


class ExtentForm(ValueForm):
    """A box."""

    is_flat = False

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the ordinates, and the number of the reference, or the reference as JSON."""
        box = json_text.parse_object(value, "") if isinstance(value, str) else value
        reference = _find_reference(box)
        known = {*_ORDINATES, "spatialReference", "spatial_reference"}
        if not isinstance(box, dict) or not set(box) <= known or not set(_ORDINATES) <= set(box):
            raise InvalidValue(f"{quoted(value)} is more or less than a box")
        is_number = "wkid" in reference and set(reference) <= {"wkid", "latestWkid"}
        shown = str(reference["wkid"]) if is_number else orjson.dumps(reference).decode()
        texts = {f"{slot.name}.{name}": [write_text(box[name])] for name in _ORDINATES}
        return {**texts, f"{slot.name}.{_REFERENCE}": [shown if reference else ""]}

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an input for each."""
        inputs = [
            Control("input", name, parts.get(name), label, attributes={"inputmode": "decimal"})
            for name, label in ((f"{slot.name}.{each}", label) for each, label in _ORDINATES.items())
        ]
        name = f"{slot.name}.{_REFERENCE}"
        reference = Control(
            "input", name, parts.get(name), Text("Spatial reference"), attributes=SYSTEM_ATTRIBUTES
        )
        return Control(
            "group", slot.name, label=slot.label, parts=(*inputs, reference), attributes={"data-box": ""}
        )

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the object; without any ordinate, none is given."""
        texts = {name: parts.get(f"{slot.name}.{name}").strip() for name in _ORDINATES}
        if not any(texts.values()):
            return None
        for name, text in texts.items():
            if not text:
                raise InvalidValue(f"{name} is missing", "four numbers: xmin, ymin, xmax, ymax")
            if read_float(text) is None:
                raise InvalidValue(f"{name}: {quoted(text)} is not a number", "four numbers")
        box: dict[str, Any] = {name: read_float(text) for name, text in texts.items()}
        reference = parts.get(f"{slot.name}.{_REFERENCE}").strip()
        return {**box, "spatialReference": _read_reference(reference)} if reference else box


def _find_reference(box: Any) -> dict[str, Any]:
    """Return the reference of a box, under either of its names; empty if there is none."""
    found = (box.get("spatialReference") or box.get("spatial_reference")) if isinstance(box, dict) else None
    return found if isinstance(found, dict) else {}


def _read_reference(text: str) -> Any:
    if text.startswith("{"):
        return json_text.parse_object(text, '{"wkid": 25832}')
    return {"wkid": text} if text.isascii() and text.isdigit() else {"wkt": text}
