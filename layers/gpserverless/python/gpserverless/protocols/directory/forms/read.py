"""From the parts of a form to the values of its parameters, as programs send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.protocols.directory.forms.csv_text import Converted
from gpserverless.protocols.directory.forms.mistakes import MISSING, Mistake, tell_error, tell_value
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.registry import find_form
from gpserverless.protocols.directory.forms.settle import is_whole
from gpserverless.protocols.directory.forms.slot import Slot


@dataclass(frozen=True)
class Values:
    """The content of a form.

    Attributes:
        fields: Texts by the name of their field: of each parameter its values as they are sent, of each of
            its parts none.
        mistakes: The mistakes.
    """

    fields: Mapping[str, Sequence[str]]
    mistakes: tuple[Mistake, ...]


def list_slots(task: Mapping[str, Any]) -> list[Slot]:
    """Return the places of the inputs of a task.

    Args:
        task: Document of the task.
    """
    inputs = (each for each in task["parameters"] if each["direction"] == "esriGPParameterDirectionInput")
    return [Slot(str(each["name"]), each) for each in inputs]


def read_values(task: Mapping[str, Any], parts: Parts) -> Values:
    """Return the values that the parts make, and every mistake in them.

    Args:
        task: Document of the task.
        parts: The fields of a form.
    """
    fields: dict[str, Sequence[str]] = {}
    mistakes = []
    for slot in list_slots(task):
        try:
            sent = _read_value(slot, parts)
        except Converted as conversion:
            mistakes.append(Mistake(slot.name, str(conversion), conversion.text))
        except InvalidParameter as error:
            mistakes.append(replace(tell_error(error), name=slot.name))
        except InvalidValue as error:
            mistakes.append(tell_value(slot.name, error))
        else:
            fields |= {name: () for name in parts.names_of(slot.name)} | {slot.name.lower(): sent}
            if slot.is_required and not sent:
                mistakes.append(Mistake(slot.name, MISSING))
    return Values(fields, tuple(mistakes))


def _read_value(slot: Slot, parts: Parts) -> Sequence[str]:
    sent = parts.all(slot.name)
    if is_whole(slot, parts):
        return sent
    value = find_form(slot.data_type).join(slot, parts)
    if value is None:
        return ()
    return (value if isinstance(value, str) else orjson.dumps(value).decode(),)
