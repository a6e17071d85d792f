"""Values of one of several types: the type, and the value as one text."""

from __future__ import annotations

from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.control import Choice, Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.quantities import QUANTITIES
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.value_form import Texts, ValueForm, write_text
from gpserverless.values.quotation import quoted

TYPE, VALUE = "type", "value"


class CompositeForm(ValueForm):
    """A value with its type."""

    is_flat = False

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the type of a tag and the text of its value."""
        is_tag = isinstance(value, dict) and set(value) == {"dataType", "value"}
        data_type, inner = (value["dataType"], value["value"]) if is_tag else ("", value)
        text = _write(data_type, inner)
        if data_type not in ("", *_list_types(slot)) or not text or "\n" in text or "\r" in text:
            raise InvalidValue(f"{quoted(value)} is not a text on one line with its type")
        return {f"{slot.name}.{TYPE}": [data_type], f"{slot.name}.{VALUE}": [text]}

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return a list of the types and an input."""
        name, value = f"{slot.name}.{TYPE}", f"{slot.name}.{VALUE}"
        chosen = parts.get(name)
        types = (
            Choice("", Text("The first that fits"), not chosen),
            *(Choice(each, each, each == chosen) for each in _list_types(slot)),
        )
        text = Control("input", value, parts.get(value), Text("Value"))
        if slot.is_secret:
            text = Control("secret", value, label=Text("Value"))
        return Control(
            "composite",
            slot.name,
            label=slot.label,
            parts=(Control("select", name, chosen, Text("Type"), types), text),
        )

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the value with its tag; without a type, the text."""
        text, data_type = parts.get(f"{slot.name}.{VALUE}"), parts.get(f"{slot.name}.{TYPE}")
        if not text:
            return None
        if data_type not in ("", *_list_types(slot)):
            raise InvalidValue(f"{quoted(data_type)} is none of the data types", ", ".join(_list_types(slot)))
        return {"dataType": data_type, "value": text} if data_type else text


def _list_types(slot: Slot) -> list[str]:
    return [str(info["dataType"]) for info in slot.infos]


def _write(data_type: str, value: Any) -> str:
    if isinstance(value, dict) and data_type in QUANTITIES:
        return QUANTITIES[data_type].write(value)
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else write_text(value)
