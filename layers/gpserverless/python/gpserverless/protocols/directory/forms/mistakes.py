"""Mistakes in a form, each at the field in which it was made."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.pages.texts import Text

MISSING = Text("A value is required.")
MAX_SHOWN = 500_000
"""Characters of a form that are shown again; each may be six when escaped, of the 6 MB of an answer."""

TOO_LONG = Text("It is too long to be shown again: send it again.")
_FIRST_DETAIL = "Parameter '{}': "


@dataclass(frozen=True)
class Mistake:
    """A mistake.

    Attributes:
        name: Name of the parameter or option.
        text: Sentences about it.
        replacement: The value that should be in the field instead, None for the text that was typed.
    """

    name: str
    text: str
    replacement: str | None = None


def tell_value(name: str, error: InvalidValue) -> Mistake:
    """Return the mistake of a value that its parts do not make.

    Args:
        name: Name of the parameter.
        error: The error.
    """
    accepted = f" Accepted: {error.accepted.rstrip('.')}." if error.accepted else ""
    return Mistake(name, _begin(f"{error.problem.rstrip('.')}.{accepted}"))


def tell_error(error: InvalidParameter) -> Mistake:
    """Return the mistake that a handler has found.

    Args:
        error: The error.
    """
    name = error.parameter
    if isinstance(error, MissingParameter):
        return Mistake(name, MISSING)
    return Mistake(name, _begin(str(error).removeprefix(_FIRST_DETAIL.format(name))))


def _begin(sentence: str) -> str:
    """Return a sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]
