"""Dates in expressions: the present, intervals and the parts of a date, all in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
from sqlglot import exp

from gpserverless.errors import InvalidValue
from gpserverless.features.sql.operands import Operand
from gpserverless.features.sql.parse import Node
from gpserverless.values.quotation import quoted

CLOCK = (exp.CurrentTimestamp, exp.CurrentDate)
"""Nodes that stand for the present."""

_SECONDS = {"DAY": 86_400, "HOUR": 3_600, "MINUTE": 60, "SECOND": 1}
_LONGEST = 1e15
_NUMBERS = re.compile(r"\s*+([-+]?+)\s*+((?:[0-9]{1,9}+[ :])*+[0-9]{1,9}+(?:\.[0-9]{1,9}+)?+)\s*+", re.ASCII)
_ACCEPTED = "INTERVAL '7' DAY, of DAY, HOUR, MINUTE or SECOND, or INTERVAL '1 12:30:00' DAY TO SECOND"
_PARTS = {
    "YEAR": ("datetime64[Y]", None),
    "MONTH": ("datetime64[M]", "datetime64[Y]"),
    "DAY": ("datetime64[D]", "datetime64[M]"),
    "HOUR": ("datetime64[h]", "datetime64[D]"),
    "MINUTE": ("datetime64[m]", "datetime64[h]"),
    "SECOND": ("datetime64[ms]", "datetime64[m]"),
}


def uses_clock(tree: Node) -> bool:
    """Return whether an expression uses the present.

    Args:
        tree: The expression.
    """
    return next(tree.find_all(*CLOCK), None) is not None


def bind_clock(tree: Node, now: int | None) -> Node:
    """Return an expression with a moment in the place of the present.

    Args:
        tree: The expression.
        now: The moment in milliseconds since 1970-01-01 UTC, None if there is none.

    Raises:
        InvalidValue: The expression uses the present, and there is none.
    """
    if not uses_clock(tree):
        return tree
    if now is None:
        raise InvalidValue("CURRENT_TIMESTAMP stands where nothing tells the time", "TIMESTAMP '…'")
    moment = datetime.fromtimestamp(now / 1000, UTC)

    def replace_clock(node: Node) -> Node:
        if not isinstance(node, CLOCK):
            return node
        if isinstance(node, exp.CurrentDate):
            return exp.cast(exp.Literal.string(f"{moment:%Y-%m-%d}"), exp.DataType.Type.DATE)
        text = moment.isoformat(timespec="milliseconds")
        return exp.cast(exp.Literal.string(text), exp.DataType.Type.TIMESTAMP)

    return tree.transform(replace_clock)


def add_interval(dates: Operand, interval: exp.Interval, sign: int) -> Operand:
    """Return dates before or after an interval.

    Args:
        dates: The dates.
        interval: The interval.
        sign: 1 to add it, -1 to take it away.

    Raises:
        InvalidValue: It is no interval of days, hours, minutes and seconds.
    """
    return Operand("date", dates.values + sign * _read_interval(interval), dates.null)


def _read_interval(interval: exp.Interval) -> float:
    """Return milliseconds."""
    text, unit = interval.text("this"), interval.args.get("unit")
    found = None
    if isinstance(unit, exp.Var):
        found = _read_numbers(text, [unit.name.upper()])
    if isinstance(unit, exp.IntervalSpan):
        found = _read_numbers(text, _list_units(unit))
    if found is None:
        raise InvalidValue(f"an interval of {quoted(text)} is not understood", _ACCEPTED)
    return found


def _list_units(span: exp.IntervalSpan) -> list[str]:
    units, first, last = list(_SECONDS), span.this.name.upper(), span.expression.name.upper()
    if not {first, last} <= set(units):
        return []
    return units[units.index(first) : units.index(last) + 1]


def _read_numbers(text: str, units: list[str]) -> float | None:
    """Return the milliseconds of numbers of units, None if they do not go together."""
    found = _NUMBERS.fullmatch(text)
    numbers = re.split("[ :]", found[2]) if found else []
    if found is None or len(numbers) != len(units) or not set(units) <= set(_SECONDS):
        return None
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in zip(numbers, units, strict=True))
    return seconds * (-1000 if found[1] == "-" else 1000)


def extract_part(dates: Operand, part: str) -> Operand:
    """Return a part of dates as a number; seconds have fractions.

    Args:
        dates: The dates.
        part: YEAR, MONTH, DAY, HOUR, MINUTE or SECOND.

    Raises:
        InvalidValue: It is none of them.
    """
    if part not in _PARTS:
        raise InvalidValue(f"EXTRACT knows no '{part[:20]}'", ", ".join(_PARTS))
    known = ~dates.null & (np.abs(dates.values) < _LONGEST)
    moments = np.where(known, dates.values, 0).astype("int64").astype("datetime64[ms]")
    unit, whole = _PARTS[part]
    numbers = moments.astype(unit)
    if whole is None:
        return Operand("number", numbers.astype(np.float64) + 1970, ~known)
    since = (numbers - moments.astype(whole).astype(unit)).astype(np.float64)
    scaled = since / 1000 if part == "SECOND" else since + (part in ("MONTH", "DAY"))
    return Operand("number", scaled, ~known)
