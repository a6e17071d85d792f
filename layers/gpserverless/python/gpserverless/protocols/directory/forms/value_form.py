"""The interface of the forms of values: one for each data type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gpserverless.protocols.directory.forms.control import Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.slot import Slot

Texts = Mapping[str, Sequence[str]]
"""Texts by the name of their field."""


class ValueForm(ABC):
    """The form of the values of a data type.

    The first function turns a value into the texts of its parts. The second turns these into controls. The
    last turns texts that a person has typed into a value, and is the inverse of the first.
    """

    is_flat = True
    """Whether a value has one field, with the name of its place; others have fields for their parts alone."""

    @abstractmethod
    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the texts of the parts of a value.

        Args:
            slot: The place.
            value: A value as the wire has it: JSON, or text.

        Raises:
            InvalidValue: The form has no place for it.
        """

    @abstractmethod
    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return the control with the texts of its parts.

        Args:
            slot: The place.
            parts: The texts.
        """

    @abstractmethod
    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the value of the parts, as JSON or text; None if none is given.

        Args:
            slot: The place.
            parts: The texts.

        Raises:
            InvalidValue: The parts make no value.
        """


FindForm = Callable[[str], ValueForm]
"""Returns the form of the values of a data type."""


def write_text(value: Any) -> str:
    """Return a JSON value as the text of a field; whole numbers without a fraction.

    Args:
        value: A text, number, truth value or None.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
