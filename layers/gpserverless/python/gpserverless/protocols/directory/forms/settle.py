"""The texts that a control starts with: those that were sent, else those of the default."""

from __future__ import annotations

from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.protocols.directory.forms.control import Control
from gpserverless.protocols.directory.forms.lists import EACH
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.registry import find_form
from gpserverless.protocols.directory.forms.slot import Slot


def is_whole(slot: Slot, parts: Parts) -> bool:
    """Return whether the value of a parameter with parts came whole, as programs send it.

    Args:
        slot: The place of the parameter.
        parts: The texts that were sent.
    """
    is_divided = not find_form(slot.data_type).is_flat
    return is_divided and f"{slot.name}.{EACH}" not in parts and bool(parts.get(slot.name).strip())


def draw_value(slot: Slot, parts: Parts) -> Control:
    """Return the control of a parameter; one for the whole value as text, if it has no place in the parts.

    Args:
        slot: The place of the parameter.
        parts: The texts that were sent.
    """
    if not parts.has_any(slot.name):
        return _draw_whole(slot, slot.default)
    if is_whole(slot, parts):
        sent = parts.all(slot.name)
        return _draw_whole(slot, sent if len(sent) > 1 else sent[0])
    return find_form(slot.data_type).draw(slot, parts)


def _draw_whole(slot: Slot, value: Any) -> Control:
    form = find_form(slot.data_type)
    if value is None:
        return form.draw(slot, Parts.of({}))
    try:
        return form.draw(slot, Parts.of(form.spread(slot, value)))
    except InvalidValue:
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        return Control("secret", slot.name) if slot.is_secret else Control("area", slot.name, text)
