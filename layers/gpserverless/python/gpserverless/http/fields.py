"""Fields of a request, each read as its type; empty text is the same as none."""

from __future__ import annotations

import math
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.scalars import read_truth
from gpserverless.datatypes.spatial_reference import ACCEPTED, read_optional_reference
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.http.request import MAX_OPTION, Request
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.wkt import LONGEST_WKT

LARGEST = 1e30
"""Largest coordinate of a request; the earth is smaller in every unit."""

MAX_REFERENCE = 2 * LONGEST_WKT
"""Most characters of a spatial reference: a WKT may be escaped in JSON."""


def read_text(request: Request, name: str, most: int = MAX_OPTION) -> str:
    """Return a field without the blanks around it, "" if it is not given.

    Args:
        request: The request.
        name: Name of the field.
        most: Most characters that it may have.

    Raises:
        InvalidParameter: It has more.
    """
    text = request.get(name, most).strip()
    return "" if text == "null" else text


def read_flag(request: Request, name: str, *, default: bool = False) -> bool:
    """Return a field that is true or false.

    Args:
        request: The request.
        name: Name of the field.
        default: The value if it is not given.

    Raises:
        InvalidParameter: It is neither.
    """
    return parse_flag(name, read_text(request, name), default=default)


def parse_flag(name: str, word: str, *, default: bool) -> bool:
    """Return whether a word says that something is true.

    Args:
        name: Name of the field, for the error.
        word: The word, "" if none is given.
        default: The value if none is given.

    Raises:
        InvalidParameter: It is neither true nor false.
    """
    value = read_truth(word) if word else default
    if value is None:
        raise InvalidParameter(name, f"{quoted(word)} is not a truth value", "true, false")
    return value


def read_number(request: Request, name: str, default: float, most: float = LARGEST) -> float:
    """Return a field that is a number of 0 or more.

    Args:
        request: The request.
        name: Name of the field.
        default: The value if it is not given.
        most: Largest number.

    Raises:
        InvalidParameter: It is none, or larger.
    """
    word = read_text(request, name)
    if not word:
        return default
    number = read_float(word)
    if number is None or not 0 <= number <= most:
        raise InvalidParameter(name, f"{quoted(word)} is no such number", f"a number from 0 to {most:g}")
    return number


def read_numbers(name: str, text: str, count: int, accepted: str) -> list[float]:
    """Return finite numbers with commas between them.

    Args:
        name: Name of the field, for the error.
        text: The text.
        count: How many there have to be.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidParameter: There are others.
    """
    numbers = [read_float(part) for part in text.split(",")]
    known = [n for n in numbers if n is not None and math.isfinite(n) and abs(n) <= LARGEST]
    if len(numbers) != count or len(known) != count:
        raise InvalidParameter(name, f"{quoted(text)} is not {count} numbers", accepted)
    return known


def read_reference(request: Request, name: str) -> SpatialReference | None:
    """Return a field that is a spatial reference that PROJ knows; None if it is not given.

    Args:
        request: The request.
        name: Name of the field.

    Raises:
        InvalidParameter: It is unknown.
    """
    return make_known_reference(name, read_text(request, name, MAX_REFERENCE) or None)


def make_known_reference(name: str, value: Any) -> SpatialReference | None:
    """Return the spatial reference of a value, which PROJ knows; None if it says nothing.

    Args:
        name: Name of the field, for the error.
        value: A WKID, WKT or JSON.

    Raises:
        InvalidParameter: It is unknown.
    """
    known = make_reference(name, value)
    try:
        _ = known and known.crs
    except InvalidValue as error:
        raise InvalidParameter(name, error.problem, error.accepted or ACCEPTED) from None
    return known


def make_reference(name: str, value: Any) -> SpatialReference | None:
    """Return the spatial reference of a value; None if it says nothing.

    PROJ is not asked whether it knows it, which would take its time.

    Args:
        name: Name of the field, for the error.
        value: A WKID, WKT or JSON.

    Raises:
        InvalidParameter: It is none.
    """
    try:
        return read_optional_reference(value)
    except InvalidValue as error:
        raise InvalidParameter(name, error.problem, error.accepted or ACCEPTED) from None


def parse_json(name: str, text: str, accepted: str) -> Any:
    """Return a JSON text.

    Args:
        name: Name of the field, for the error.
        text: The text.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidParameter: It is none.
    """
    try:
        return json_text.parse(text, accepted)
    except InvalidValue as error:
        raise InvalidParameter(name, error.problem, accepted) from None
