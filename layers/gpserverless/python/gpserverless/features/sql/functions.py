"""The functions of expressions: what each makes of the values of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sqlglot import exp

from gpserverless.errors import InvalidValue
from gpserverless.features.sql.dates import add_interval, extract_part
from gpserverless.features.sql.operands import (
    Kind,
    Operand,
    map_pairs,
    map_values,
    parse_date,
    read_number,
    write_operand,
)
from gpserverless.features.sql.parse import MOMENTS, NUMBERS, Node

Value = Callable[[Node, Kind | None], Operand]
"""Evaluates a part of a node; with a kind, the value must be of it."""

MOST_JOINED_OF_ROW = 1_000
"""Characters of the texts of a row that are joined, on average over the rows."""

MOST_JOINED = 10_000_000
"""Characters of all rows together that are joined in any case."""

_MOST_DIGITS = 15  # behind or before the point, of ROUND and TRUNCATE

_NUMBER_FUNCTIONS: Mapping[type[Node], Callable[[Any], Any]] = {
    exp.Neg: np.negative,
    exp.Abs: np.abs,
    exp.Floor: np.floor,
    exp.Ceil: np.ceil,
    exp.Sqrt: np.sqrt,
    exp.Exp: np.exp,
    exp.Ln: np.log,
    exp.Sign: np.sign,
    exp.Sin: np.sin,
    exp.Cos: np.cos,
    exp.Tan: np.tan,
}
_ARITHMETIC: Mapping[type[Node], Callable[[Any, Any], Any]] = {
    exp.Mul: np.multiply,
    exp.Div: np.divide,
    exp.Mod: np.fmod,
    exp.Pow: np.power,
}
_SUMS: Mapping[type[Node], Callable[[Any, Any], Any]] = {exp.Add: np.add, exp.Sub: np.subtract}
_TEXT_FUNCTIONS: Mapping[type[Node], Callable[[str], Any]] = {
    exp.Upper: str.upper,
    exp.Lower: str.lower,
    exp.Length: len,
}
_TRIMS: Mapping[str, Callable[[str, str], str]] = {
    "": str.strip,
    "BOTH": str.strip,
    "LEADING": str.lstrip,
    "TRAILING": str.rstrip,
}


def _compute_number(node: Node, value: Value) -> Operand:
    inner = value(node.this, "number")
    return _make_number(_NUMBER_FUNCTIONS[type(node)](inner.values), inner.null)


def _compute_arithmetic(node: Node, value: Value) -> Operand:
    a, b = (value(side, "number") for side in (node.this, node.expression))
    compute = {**_ARITHMETIC, **_SUMS}[type(node)]
    return _make_number(compute(a.values.astype(np.float64), b.values.astype(np.float64)), a.null | b.null)


def _compute_sum(node: Node, value: Value) -> Operand:
    """Add numbers, or an interval to a date."""
    if not isinstance(node.expression, exp.Interval):
        return _compute_arithmetic(node, value)
    return add_interval(value(node.this, "date"), node.expression, -1 if isinstance(node, exp.Sub) else 1)


def _compute_log(node: exp.Log, value: Value) -> Operand:
    """Compute the natural logarithm, or that of base 10, which the parser writes as LOG(10, …)."""
    inner = value(node.expression or node.this, "number")
    return _make_number((np.log10 if node.expression else np.log)(inner.values), inner.null)


def _make_number(values: Any, null: Any) -> Operand:
    return Operand("number", values, null | ~np.isfinite(values))


def _compute_round(node: exp.Round, value: Value) -> Operand:
    digits = _read_digits(node, "ROUND")
    inner = value(node.this, "number")
    if inner.values.dtype.kind == "i" and digits >= 0:  # a float may not tell it from the next
        return inner
    return Operand("number", _round_away(inner.values.astype(np.float64), digits), inner.null)


def _round_away(values: Any, digits: int) -> Any:
    """Round numbers, and those in the middle away from zero, as they are written in decimals."""
    scale = 10.0 ** abs(digits)
    scaled = np.abs(values) * scale if digits >= 0 else np.abs(values) / scale
    below = np.floor(scaled)
    lost = (
        np.minimum(2 * np.spacing(scaled), 0.25) if digits else 0.0
    )  # 1.005 * 100 is a little less than 100.5
    whole = np.copysign(below + (scaled - below >= 0.5 - lost), values)
    rounded = whole / scale if digits >= 0 else whole * scale
    return np.where(np.isfinite(scaled), rounded, values)


def _compute_truncation(node: exp.Trunc, value: Value) -> Operand:
    """Cut the digits behind a place, towards zero, as the number is written in decimals."""
    digits = _read_digits(node, "TRUNCATE")
    inner = value(node.this, "number")
    scaled = inner.values.astype(np.float64) * 10.0**digits
    near = np.round(scaled)  # 1.15 * 100 is a little less than 115
    whole = np.where(np.abs(scaled - near) <= 1e-9 * np.maximum(1.0, np.abs(near)), near, np.trunc(scaled))
    return _make_number(whole / 10.0**digits, inner.null)


def _read_digits(node: Node, name: str) -> int:
    digits = node.args.get("decimals")
    negative = isinstance(digits, exp.Neg)
    number = 0 if digits is None else _read_whole(digits.this if negative else digits)
    if number is None or number > _MOST_DIGITS:
        raise InvalidValue(
            f"{name} needs a number of digits from -{_MOST_DIGITS} to {_MOST_DIGITS}", f"{name}(POP / 7, 2)"
        )
    return -number if negative else number


def _compute_text(node: Node, value: Value) -> Operand:
    inner = value(node.this, "text")
    kind: Kind = "number" if isinstance(node, exp.Length) else "text"
    values = map_values(_TEXT_FUNCTIONS[type(node)], inner.values, np.float64 if kind == "number" else object)
    return Operand(kind, values, inner.null)


def _compute_trim(node: exp.Trim, value: Value) -> Operand:
    inner, given = value(node.this, "text"), node.args.get("expression")
    if given is None:
        trim = _TRIMS[node.text("position")]
        return Operand("text", map_values(lambda text: trim(text, None), inner.values, object), inner.null)  # type: ignore[arg-type]
    if not (isinstance(given, exp.Literal) and given.is_string and len(given.name) == 1):
        raise InvalidValue("TRIM needs one character to take away", "TRIM(LEADING '0' FROM CODE)")
    cut, character = _TRIMS[node.text("position")], given.name
    return Operand("text", map_values(lambda text: cut(text, character), inner.values, object), inner.null)


def _compute_substring(node: exp.Substring, value: Value) -> Operand:
    text = value(node.this, "text")
    places = [node.args.get("start"), node.args.get("length")]
    begin, length = (_read_whole(place) for place in places)
    if not begin or (places[1] is not None and length is None):
        raise InvalidValue("SUBSTRING needs a place from 1 and perhaps a length", "SUBSTRING(NAME, 1, 3)")
    end = None if length is None else begin - 1 + length
    return Operand("text", map_values(lambda value: value[begin - 1 : end], text.values, object), text.null)


def _read_whole(node: Node | None) -> int | None:
    is_whole = isinstance(node, exp.Literal) and node.name.isdigit() and len(node.name) < 10
    return int(node.name) if node is not None and is_whole else None


def _compute_position(node: exp.StrPosition, value: Value) -> Operand:
    """Find the place of a text in another, from 1; 0 if it is not there."""
    text, part = value(node.this, "text"), value(node.args["substr"], "text")
    found = map_pairs(lambda whole, some: whole.find(some) + 1, text.values, part.values, np.float64)
    return Operand("number", found, text.null | part.null)


def _join_texts(node: Node, value: Value) -> Operand:
    """Join texts; null makes the whole null, as || does."""
    parts = node.expressions if isinstance(node, exp.Concat) else [node.this, node.expression]
    joined = Operand("text", np.array("", object), np.array(False))
    for part in parts:  # one by one, so that no more than the limit is in memory
        other = value(part, "text")
        rows = max(joined.values.size, other.values.size)
        if _count_characters(joined, rows) + _count_characters(other, rows) > max(
            MOST_JOINED, MOST_JOINED_OF_ROW * rows
        ):
            raise InvalidValue(
                f"it joins texts of more than {MOST_JOINED:,} characters in {rows:,} rows",
                f"at most {MOST_JOINED_OF_ROW:,} in a row on average",
            )
        joined = Operand(
            "text", np.asarray(np.add(joined.values, other.values), object), joined.null | other.null
        )
    return joined


def _count_characters(texts: Operand, rows: int) -> int:
    """Return the characters of texts in rows; a constant is in each."""
    found = sum(map(len, texts.values.reshape(-1).tolist()))
    return found * rows if texts.values.size == 1 else found


def _compute_cast(node: exp.Cast, value: Value) -> Operand:
    if node.to.this in MOMENTS:
        return parse_date(node.this.name)
    inner = value(node.this, None)
    return read_number(inner) if node.to.this in NUMBERS else write_operand(inner)


def _compute_extract(node: exp.Extract, value: Value) -> Operand:
    return extract_part(value(node.expression, "date"), node.name.upper())


FUNCTIONS: Mapping[type[Node], Callable[[Any, Value], Operand]] = {
    **dict.fromkeys(_NUMBER_FUNCTIONS, _compute_number),
    **dict.fromkeys(_ARITHMETIC, _compute_arithmetic),
    **dict.fromkeys(_SUMS, _compute_sum),
    **dict.fromkeys(_TEXT_FUNCTIONS, _compute_text),
    exp.Log: _compute_log,
    exp.Round: _compute_round,
    exp.Trunc: _compute_truncation,
    exp.Trim: _compute_trim,
    exp.Substring: _compute_substring,
    exp.StrPosition: _compute_position,
    exp.DPipe: _join_texts,
    exp.Concat: _join_texts,
    exp.Cast: _compute_cast,
    exp.Extract: _compute_extract,
}
"""The functions by the class of their node."""
