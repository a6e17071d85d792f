"""Texts on one line, and choices among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from gpserverless.protocols.directory.forms.control import Choice, Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.value_form import Texts, ValueForm, write_text

_MOST_RADIOS = 4
"""Choices that are all seen at once; more are a list to open."""

_LINES = "lines"
"""Part of a text of several lines. Browsers end these with CR LF, also those that ended otherwise."""


class LineForm(ValueForm):
    """A text on one line, which the wire takes as it is typed; a choice list offers its choices.

    Args:
        attributes: Attributes of the input; `{root}` in them stands for the name of the parameter.
    """

    def __init__(self, attributes: Mapping[str, str] | None = None) -> None:
        self._attributes = dict(attributes or {})

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the text of a value, of an object that of its JSON."""
        text = orjson.dumps(value).decode() if isinstance(value, dict | list) else write_text(value)
        return {slot.name: [text]}

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an input, or the choices."""
        text = parts.get(slot.name)
        choices = self.choices(slot)
        if choices and is_choice(text, choices):
            return draw_choices(slot, text, choices)
        return Control("input", slot.name, text, slot.label, attributes=self.attributes(slot))

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the text without blanks around it."""
        return parts.get(slot.name).strip() or None

    def choices(self, slot: Slot) -> tuple[Choice, ...]:
        """Return the choices that a place offers.

        Args:
            slot: The place.
        """
        return slot.choices

    def attributes(self, slot: Slot) -> Mapping[str, str]:
        """Return the attributes of the input.

        Args:
            slot: The place.
        """
        return {
            name: value.format(root=slot.name.partition(".")[0]) for name, value in self._attributes.items()
        }


class TextForm(LineForm):
    """A text, in which every blank counts."""

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the text as one line, or as the part that has lines."""
        if not isinstance(value, str):
            return super().spread(slot, value)
        name = f"{slot.name}.{_LINES}" if "\n" in value or "\r" in value else slot.name
        return {name: [value]}

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an input, an area for several lines, or the choices."""
        name = f"{slot.name}.{_LINES}"
        lines = parts.get(name)
        if lines and not parts.get(slot.name):
            return Control("area", name, lines, slot.label)
        return super().draw(slot, parts)

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the text as it is typed."""
        text = parts.get(slot.name)
        return text or parts.get(f"{slot.name}.{_LINES}").replace("\r\n", "\n") or None


class AreaForm(LineForm):
    """A text in an area: a condition in SQL."""

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an area."""
        text = parts.get(slot.name)
        return Control("area", slot.name, text, slot.label, attributes=self.attributes(slot))


class SecretForm(LineForm):
    """A text that is never written on a page."""

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an input without its text."""
        return Control("secret", slot.name, label=slot.label)

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the text as it is typed."""
        return parts.get(slot.name) or None


def is_choice(text: str, choices: tuple[Choice, ...]) -> bool:
    """Return whether a text is one of some choices, in any letter case, or empty.

    Args:
        text: The text.
        choices: The choices.
    """
    return not text or any(each.value.lower() == text.strip().lower() for each in choices)


def mark_choices(choices: tuple[Choice, ...], *texts: str) -> tuple[Choice, ...]:
    """Return the choices with those chosen that are among some texts, in any letter case.

    Args:
        choices: The choices.
        *texts: The texts.
    """
    words = {text.strip().lower() for text in texts}
    return tuple(replace(each, is_chosen=each.value.lower() in words) for each in choices)


def draw_choices(slot: Slot, text: str, choices: tuple[Choice, ...]) -> Control:
    """Return radio buttons, or a list of more choices than `_MOST_RADIOS`.

    Without a default, an optional value has one more choice: none.

    Args:
        slot: The place.
        text: The value.
        choices: The choices.
    """
    marked = mark_choices(choices, text)
    is_list = len(choices) > _MOST_RADIOS or bool(slot.label)
    if is_list or not (slot.is_required or slot.default is not None):
        marked = (Choice("", "", not text.strip()), *marked)
    return Control("select" if is_list else "radios", slot.name, text, slot.label, marked)
