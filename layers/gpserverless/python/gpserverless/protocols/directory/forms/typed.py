"""The values that somebody has typed, for the code beside the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from gpserverless.protocols.directory.forms.mistakes import Mistake
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.read import list_slots, read_values

MOST_IN_CODE = 40_000
"""Characters of all values that code repeats: there is code for five clients, and escapes are longer."""

ELLIPSIS = "…"
"""Stands in code for a value that is too long."""


def write_typed(task: Mapping[str, Any], parts: Parts) -> dict[str, str]:
    """Return the wire values of the inputs that a form has, by name; of a mistake its text.

    A hidden text is never among them, nor a required value that is not given yet.

    Args:
        task: Document of the task.
        parts: The texts of the form.
    """
    parts, dropped = parts.limit(MOST_IN_CODE)
    lost = {name.partition(".")[0] for name in dropped}
    read = read_values(task, parts)
    mistakes = {mistake.name: mistake for mistake in read.mistakes}
    typed = {}
    for slot in list_slots(task):
        name = slot.name
        if slot.is_secret or not (name.lower() in lost or parts.has_any(name)):
            continue
        if name.lower() in lost:
            text = ELLIPSIS
        elif name in mistakes:
            text = _write_mistake(mistakes[name], parts)
        else:
            text = _write_texts(read.fields.get(name.lower(), ()))
        if text or not slot.is_required:
            typed[name] = text
    return typed


def _write_mistake(mistake: Mistake, parts: Parts) -> str:
    return parts.get(mistake.name) if mistake.replacement is None else mistake.replacement


def _write_texts(texts: Sequence[str]) -> str:
    return orjson.dumps(texts).decode() if len(texts) > 1 else "".join(texts)
