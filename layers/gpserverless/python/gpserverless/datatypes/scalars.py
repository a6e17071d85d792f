"""Truth values, numbers and texts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Recognizing, Textual
from gpserverless.errors import InvalidValue
from gpserverless.values.numbers import read_float, read_whole
from gpserverless.values.quotation import quoted

LONG_LIMIT = 4_503_599_627_370_495
"""Largest GPLong: 2^52 - 1, the range of ArcGIS Server 11.2 and later."""

MAX_TEXT = 1_000_000
"""Characters that one text value may have."""

_TRUTH = {"true": True, "false": False}


def read_truth(raw: JSON) -> bool | None:
    """Return the truth value of `true` or 1, `false` or 0; None if it is none.

    Args:
        raw: A text in any letter case, or a JSON value.
    """
    whole = read_whole(raw)
    if whole is not None:
        return bool(whole) if whole in (0, 1) else None
    return _TRUTH.get(str(raw).strip().lower()) if isinstance(raw, str | bool) else None


def format_number(number: float) -> str:
    """Return a number for an error message, with all its digits: 1234567, not 1.23457e+06.

    Args:
        number: The number.
    """
    return str(number) if isinstance(number, int) else f"{number:.15g}"


@dataclass(frozen=True)
class Range:
    """Bounds of a number; None for no bound."""

    #: Smallest value, itself allowed.
    ge: float | None = None
    #: Lower bound, itself not allowed.
    gt: float | None = None
    #: Largest value, itself allowed.
    le: float | None = None
    #: Upper bound, itself not allowed.
    lt: float | None = None

    def __str__(self) -> str:
        bounds = (("at least", self.ge), ("more than", self.gt), ("at most", self.le), ("less than", self.lt))
        return " and ".join(f"{words} {format_number(bound)}" for words, bound in bounds if bound is not None)

    def check(self, value: float, accepted: str) -> None:
        """Check that a value is inside.

        Args:
            value: A number.
            accepted: The accepted forms, for the error.

        Raises:
            InvalidValue: It is outside.
        """
        inside = (
            (self.ge is None or value >= self.ge)
            and (self.gt is None or value > self.gt)
            and (self.le is None or value <= self.le)
            and (self.lt is None or value < self.lt)
        )
        if not inside:
            raise InvalidValue(f"{format_number(value)} is outside the range", accepted)

    def describe(self) -> dict[str, JSON]:
        """Return the range filter; the protocol has it only for two closed bounds."""
        if self.ge is None or self.le is None:
            return {}
        return {"filter": {"type": "range", "minimum": self.ge, "maximum": self.le}}


@dataclass(frozen=True)
class GPBoolean(DataType, Recognizing):
    """True or false, in any letter case; also 1 or 0.

    Args:
        keywords: The words of ArcGIS tools for true and false, such as ("KEEP_ALL", "ONLY_INTERSECTING").
    """

    keywords: tuple[str, ...] = ()

    name = "GPBoolean"
    annotation = bool

    @property
    def accepted(self) -> str:
        """The truth values and the keywords."""
        return ", ".join(("true", "false", *self.keywords))

    def load(self, raw: JSON, options: LoadOptions) -> bool:
        """Read a truth value or a keyword."""
        value = self.find_word(raw)
        value = read_truth(raw) if value is None else value
        if value is None:
            self.fail(f"{quoted(raw)} is not a truth value")
        return value

    def find_word(self, raw: JSON) -> bool | None:
        """Return the truth value of `true`, `false` or a keyword; None for another value.

        Args:
            raw: The raw JSON value; letter case does not matter.
        """
        words = _TRUTH | dict(zip((k.lower() for k in self.keywords), (True, False), strict=False))
        return words.get(str(raw).strip().lower()) if isinstance(raw, str | bool) else None

    def holds(self, value: Any) -> bool:
        """Return whether it is a bool."""
        return isinstance(value, bool)

    def dump(self, value: Any, options: DumpOptions) -> bool | None:
        """Write a JSON boolean."""
        return None if value is None else bool(value)


@dataclass(frozen=True)
class GPLong(DataType, Recognizing):
    """A whole number of at most 53 bits."""

    limits: Range = Range()

    name = "GPLong"
    annotation = int

    @property
    def accepted(self) -> str:
        """A whole number and its bounds."""
        return f"a whole number {self.limits}".rstrip()

    def load(self, raw: JSON, options: LoadOptions) -> int:
        """Read a whole number in ASCII digits, also as `12.0` or `1e+05`, or a JSON number."""
        whole = read_whole(raw)
        if whole is None:
            self.fail(f"{quoted(raw)} is not a whole number")
        if abs(whole) > LONG_LIMIT:
            shown = raw.strip() if isinstance(raw, str) else raw
            limits = f"whole numbers from -{LONG_LIMIT} to {LONG_LIMIT}"
            raise InvalidValue(f"{quoted(shown)} is too large", limits)
        self.limits.check(whole, self.accepted)
        return whole

    def holds(self, value: Any) -> bool:
        """Return whether it is an int, or an integer of numpy."""
        return isinstance(value, Integral) and not isinstance(value, bool)

    def dump(self, value: Any, options: DumpOptions) -> int | None:
        """Write a JSON integer."""
        return None if value is None else int(value)

    def describe(self) -> dict[str, JSON]:
        """Return the range filter, if any."""
        return self.limits.describe()


@dataclass(frozen=True)
class GPDouble(DataType, Recognizing):
    """A finite number."""

    limits: Range = Range()

    name = "GPDouble"
    annotation = float

    @property
    def accepted(self) -> str:
        """A number and its bounds."""
        return f"a finite number {self.limits}".rstrip()

    def load(self, raw: JSON, options: LoadOptions) -> float:
        """Read a decimal number in ASCII digits, or a JSON number."""
        value = finite(raw, self.accepted)
        self.limits.check(value, self.accepted)
        return value

    def holds(self, value: Any) -> bool:
        """Return whether it is a number, of numpy or not."""
        return isinstance(value, Real) and not isinstance(value, bool)

    def dump(self, value: Any, options: DumpOptions) -> float | None:
        """Write a JSON number; NaN and infinity become null."""
        if value is None or not math.isfinite(value):
            return None
        return float(value)

    def describe(self) -> dict[str, JSON]:
        """Return the range filter, if any."""
        return self.limits.describe()


def finite(raw: JSON, accepted: str) -> float:
    """Return a finite number written as text or JSON.

    Args:
        raw: A decimal number in ASCII digits, or a JSON number.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: It is not a number, or not finite.
    """
    value = read_float(raw)
    if value is None:
        raise InvalidValue(f"{quoted(raw)} is not a number", accepted)
    if not math.isfinite(value):
        raise InvalidValue(f"{quoted(raw)} is not finite", accepted)
    return value


@dataclass(frozen=True)
class GPString(DataType, Recognizing, Textual):
    """A text, or one of a list of choices.

    Args:
        choices: The accepted texts, in any letter case; empty for any text.
        labels: Labels of the choices, in their order; empty if they have none.
    """

    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    name = "GPString"
    annotation = str

    @property
    def accepted(self) -> str:
        """The choices, or any text."""
        return ", ".join(self.choices) if self.choices else f"a text of at most {MAX_TEXT:,} characters"

    def load(self, raw: JSON, options: LoadOptions) -> str:
        """Read a text as it is, a choice in the letter case of the list."""
        if not isinstance(raw, str):
            self.fail(f"{quoted(raw)} is not a text")
        if len(raw) > MAX_TEXT:
            self.fail(f"the text has {len(raw):,} characters")
        if not self.choices or raw in self.choices:
            return raw
        for choice in self.choices:
            if choice.lower() == raw.strip().lower():
                return choice
        self.fail(f"{quoted(raw)} is not one of the choices")

    def holds(self, value: Any) -> bool:
        """Return whether it is a str, and one of the choices."""
        return isinstance(value, str) and (not self.choices or value in self.choices)

    def dump(self, value: Any, options: DumpOptions) -> str | None:
        """Write a JSON string."""
        return None if value is None else str(value)

    def describe(self) -> dict[str, JSON]:
        """Return the choice list, if any, and the coded values if the choices have labels."""
        coded = [
            {"dataType": self.name, "name": label, "value": choice}
            for label, choice in zip(self.labels, self.choices, strict=False)
        ]
        labelled = {"filter": {"type": "codedValue", "list": coded}} if coded else {}
        return {"choiceList": list(self.choices), **labelled} if self.choices else {}
