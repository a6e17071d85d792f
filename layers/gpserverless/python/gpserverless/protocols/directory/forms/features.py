"""Features and tables: JSON or CSV in an area or a text file, or the name of a layer of the tool."""

from __future__ import annotations

from typing import Any

import orjson

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.protocols.directory.forms.control import Control
from gpserverless.protocols.directory.forms.csv_text import convert_csv, is_csv
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.references import FILE
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.texts import is_choice, mark_choices
from gpserverless.protocols.directory.forms.value_form import Texts, ValueForm

LAYER = "layer"
"""Part that names a layer which is published with the tool."""

_TABLE = "GPRecordSet"
_DRAWN = "data-draw"  # for features, which have a place on a map
_TOO_MANY = "it is given twice"
_NO_TEXT = "the file is no text"
_ACCEPTED = "Esri JSON, GeoJSON or CSV in UTF-8"


class FeaturesForm(ValueForm):
    """Features, or rows of a table."""

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the text; of features that are only a schema none, and of a layer its name."""
        if isinstance(value, dict) and value.get("features") == []:
            return {slot.name: [""]}
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        is_layer = bool(slot.choices) and is_choice(text, slot.choices)
        return {f"{slot.name}.{LAYER}" if is_layer else slot.name: [text.strip() if is_layer else text]}

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an area, an input for a text file, and the names of the layers."""
        choices = mark_choices(slot.choices, parts.get(f"{slot.name}.{LAYER}"))
        attributes = {} if slot.data_type == _TABLE else {_DRAWN: ""}
        return Control(
            "features", slot.name, parts.get(slot.name), slot.label, choices, attributes=attributes
        )

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the text, or the name of a layer; CSV becomes JSON."""
        layer = parts.get(f"{slot.name}.{LAYER}")
        texts = [text for text in (_read_file(slot, parts), parts.get(slot.name)) if text.strip()]
        if len(texts) + bool(layer) > 1:
            raise InvalidValue(_TOO_MANY, "one of: a layer, a text, a file")
        if not texts:
            return layer or None
        return convert_csv(texts[0], slot.data_type) if is_csv(texts[0]) else texts[0]


def _read_file(slot: Slot, parts: Parts) -> str:
    try:
        return next((text for text in parts.all(f"{slot.name}.{FILE}") if text), "")
    except InvalidParameter:
        raise InvalidValue(_NO_TEXT, _ACCEPTED) from None
