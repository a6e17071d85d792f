"""Fields of a query, of which others may take the place; empty text is the same as none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gpserverless.errors import InvalidParameter
from gpserverless.http.fields import MAX_REFERENCE, make_reference, parse_flag, parse_json
from gpserverless.http.request import MAX_OPTION, Request
from gpserverless.values.numbers import read_float, read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

ABSENT = ("", "null", "{}")
"""Texts of JSON that say nothing."""

DEFAULT_REFERENCE = "defaultSR"
"""Name of the field with the spatial reference of all fields that have none of their own."""


@dataclass(frozen=True)
class Options:
    """The fields of a request.

    Attributes:
        request: The request.
        others: Values that count instead of those of the request, by the name of their field.
        now: The time of the request, in milliseconds since 1970-01-01 UTC.
        is_shared: Whether the fields are for several layers, some of which may have no shapes.
    """

    request: Request
    others: Mapping[str, str] = field(default_factory=dict)
    now: int = 0
    is_shared: bool = False

    def text(self, name: str, most: int = MAX_OPTION) -> str:
        """Return a field without the blanks around it, "" if it is not given.

        Args:
            name: Name of the field.
            most: Most characters that it may have.

        Raises:
            InvalidParameter: It has more.
        """
        given = self.others[name] if name in self.others else self.request.get(name, most)
        if len(given) > most:
            raise InvalidParameter(name, f"it has {len(given):,} characters", f"at most {most:,} characters")
        return given.strip()

    @property
    def having(self) -> str:
        """The condition on groups, by either of its names."""
        return self.text("having") or self.text("havingClause")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a field that is true or false.

        Args:
            name: Name of the field.
            default: The value if it is not given.

        Raises:
            InvalidParameter: It is neither.
        """
        return parse_flag(name, self.text(name), default=default)

    def whole(self, name: str, most: int | None = None) -> int | None:
        """Return a field that is a whole number of 0 or more; None if it is not given.

        Args:
            name: Name of the field.
            most: Largest number, None for any.

        Raises:
            InvalidParameter: It is none.
        """
        word = self.text(name)
        if not word:
            return None
        number = read_whole(word)
        if number is None or number < 0 or (most is not None and number > most):
            accepted = "a whole number, 0 or more" if most is None else f"a whole number from 0 to {most}"
            raise InvalidParameter(name, f"{quoted(word)} is no such number", accepted)
        return min(number, 2**62)

    def number(self, name: str) -> float | None:
        """Return a field that is a finite number of 0 or more; None if it is not given.

        Args:
            name: Name of the field.

        Raises:
            InvalidParameter: It is none.
        """
        word = self.text(name)
        if not word:
            return None
        number = read_float(word)
        if number is None or not math.isfinite(number) or number < 0:
            raise InvalidParameter(name, f"{quoted(word)} is no such number", "a number, 0 or more")
        return number

    def reference(self, name: str) -> SpatialReference | None:
        """Return a field that is a spatial reference, else `defaultSR`; None if neither is given.

        Args:
            name: Name of the field.

        Raises:
            InvalidParameter: It is unknown.
        """
        text = self.text(name, MAX_REFERENCE)
        if text in ABSENT:
            name, text = DEFAULT_REFERENCE, self.text(DEFAULT_REFERENCE, MAX_REFERENCE)
        return make_reference(name, None if text in ABSENT else text)

    def json(self, name: str, accepted: str, most: int = MAX_OPTION) -> Any:
        """Return a field that is JSON; None if it is not given.

        Args:
            name: Name of the field.
            accepted: The accepted forms, for the error.
            most: Most characters that it may have.

        Raises:
            InvalidParameter: It is none.
        """
        text = self.text(name, most)
        return None if text in ABSENT else parse_json(name, text, accepted)

    def words(self, name: str, most: int = MAX_OPTION) -> list[str]:
        """Return a field that is a list with commas; empty ones are left out.

        Args:
            name: Name of the field.
            most: Most characters that it may have.

        Raises:
            InvalidParameter: It has more.
        """
        return [word for part in self.text(name, most).split(",") if (word := part.strip())]
