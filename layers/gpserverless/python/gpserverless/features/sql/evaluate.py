"""The truth of a condition for every row at once, in SQL's logic of true, false and unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from gpserverless.errors import InvalidValue
from gpserverless.features.rows import Rows
from gpserverless.features.sql.like import like_pattern
from gpserverless.features.sql.operands import (
    NOUNS,
    Kind,
    Operand,
    column_of,
    constant,
    date_of,
    mapped,
    required,
)
from gpserverless.features.sql.parse import Node, place_of

_COMPARISONS: dict[type[Node], Callable[[Any, Any], Any]] = {
    exp.EQ: np.equal,
    exp.NEQ: np.not_equal,
    exp.GT: np.greater,
    exp.GTE: np.greater_equal,
    exp.LT: np.less,
    exp.LTE: np.less_equal,
}
_ARITHMETIC: dict[type[Node], Callable[[Any, Any], Any]] = {
    exp.Add: np.add,
    exp.Sub: np.subtract,
    exp.Mul: np.multiply,
    exp.Div: np.divide,
    exp.Mod: np.fmod,
}
_OF_NUMBERS: dict[type[Node], Callable[[Any], Any]] = {
    exp.Neg: np.negative,
    exp.Abs: np.abs,
    exp.Floor: np.floor,
    exp.Ceil: np.ceil,
}
_OF_TEXTS: dict[type[Node], Callable[[str], Any]] = {
    exp.Upper: str.upper,
    exp.Lower: str.lower,
    exp.Trim: str.strip,
    exp.Length: len,
}


def truth_of(tree: Node, rows: Rows) -> NDArray[np.bool_]:
    """Return for which rows a condition is true, shape (N,).

    Args:
        tree: The condition, as `parse` made it.
        rows: A table or feature set.

    Raises:
        InvalidValue: There is no such field, or kinds of values do not go together.
    """
    with np.errstate(all="ignore"):
        found = _condition(tree, rows)
    return np.array(np.broadcast_to(found.values & ~found.null, len(rows)))


def _condition(node: Node, rows: Rows) -> Operand:
    return required(_evaluated(node, rows), "condition", place_of(node))


def _evaluated(node: Node, rows: Rows) -> Operand:
    return _RULES[type(node)](node, rows)


def _inner(node: Node, rows: Rows) -> Operand:
    return _evaluated(node.this, rows)


def _not(node: Node, rows: Rows) -> Operand:
    inner = _condition(node.this, rows)
    return Operand("condition", ~inner.values, inner.null)


def _both(node: Node, rows: Rows) -> Operand:
    return _joined(_condition(node.this, rows), _condition(node.expression, rows), deciding=False)


def _either(node: Node, rows: Rows) -> Operand:
    return _joined(_condition(node.this, rows), _condition(node.expression, rows), deciding=True)


def _joined(a: Operand, b: Operand, *, deciding: bool) -> Operand:
    """Return AND (decided by a false side) or OR (by a true one); unknown unless a known side decides."""
    decided = ((a.values == deciding) & ~a.null) | ((b.values == deciding) & ~b.null)
    values = np.where(decided, deciding, not deciding)
    return Operand("condition", values, (a.null | b.null) & ~decided)


def _between(node: Node, rows: Rows) -> Operand:
    low = _compared(np.greater_equal, node, (node.this, node.args["low"]), rows)
    high = _compared(np.less_equal, node, (node.this, node.args["high"]), rows)
    return _joined(low, high, deciding=False)


def _comparison(node: Node, rows: Rows) -> Operand:
    return _compared(_COMPARISONS[type(node)], node, (node.this, node.expression), rows)


def _column(node: Node, rows: Rows) -> Operand:
    try:
        return column_of(rows, node.name)
    except InvalidValue as problem:
        raise InvalidValue(f"{problem.problem}{place_of(node)}", problem.accepted) from None


def _literal(node: Node, rows: Rows) -> Operand:
    return constant("text", node.name) if node.is_string else constant("number", float(node.name))


def _boolean(node: Node, rows: Rows) -> Operand:
    return constant("condition", bool(node.this))


def _null(node: Node, rows: Rows) -> Operand:
    return Operand("null", np.array(0.0), np.array(True))


def _moment(node: Node, rows: Rows) -> Operand:
    return date_of(node.this.name)


def _of_number(node: Node, rows: Rows) -> Operand:
    inner = required(_inner(node, rows), "number", place_of(node))
    return Operand("number", _OF_NUMBERS[type(node)](inner.values), inner.null)


def _of_text(node: Node, rows: Rows) -> Operand:
    inner = required(_inner(node, rows), "text", place_of(node))
    kind: Kind = "number" if isinstance(node, exp.Length) else "text"
    values = mapped(_OF_TEXTS[type(node)], inner.values, np.float64 if kind == "number" else object)
    return Operand(kind, values, inner.null)


def _arithmetic(node: Node, rows: Rows) -> Operand:
    a, b = (
        required(_evaluated(side, rows), "number", place_of(node)) for side in (node.this, node.expression)
    )
    values = _ARITHMETIC[type(node)](a.values.astype(np.float64), b.values.astype(np.float64))
    return Operand("number", values, a.null | b.null | ~np.isfinite(values))


def _concatenated(node: Node, rows: Rows) -> Operand:
    a, b = (required(_evaluated(side, rows), "text", place_of(node)) for side in (node.this, node.expression))
    return Operand("text", np.asarray(np.add(a.values, b.values), object), a.null | b.null)


def _compared(how: Callable[[Any, Any], Any], node: Node, sides: tuple[Node, Node], rows: Rows) -> Operand:
    a, b = (_evaluated(side, rows) for side in sides)
    null = a.null | b.null
    if "null" in (a.kind, b.kind):
        return Operand("condition", np.zeros(null.shape, np.bool_), np.ones(null.shape, np.bool_))
    if a.kind != b.kind:
        hint = "; write DATE '…' or TIMESTAMP '…'" if {a.kind, b.kind} == {"date", "text"} else ""
        problem = f"{NOUNS[a.kind]} is compared with {NOUNS[b.kind]}{place_of(node)}{hint}"
        raise InvalidValue(problem, "values of one kind on both sides")
    return Operand("condition", np.asarray(how(a.values, b.values), np.bool_), null)


def _member(node: exp.In, rows: Rows) -> Operand:
    subject = _evaluated(node.this, rows)
    constants = [_evaluated(item, rows) for item in node.expressions]
    known = [required(c, subject.kind, place_of(node)).values.item() for c in constants if c.kind != "null"]
    found = mapped(set(known).__contains__, subject.values, np.bool_)
    return Operand(
        "condition", found, subject.null | (~found if len(known) < len(constants) else np.array(False))
    )


def _is(node: exp.Is, rows: Rows) -> Operand:
    subject = _evaluated(node.this, rows)
    if isinstance(node.expression, exp.Null):
        return Operand("condition", subject.null, np.array(False))
    subject = required(subject, "condition", place_of(node))
    return Operand("condition", (subject.values == node.expression.this) & ~subject.null, np.array(False))


def _like(node: exp.Like, rows: Rows, escape: str = "") -> Operand:
    subject = required(_evaluated(node.this, rows), "text", place_of(node))
    pattern = like_pattern(node.expression.name, escape)
    found = mapped(lambda text: bool(pattern.match(text)), subject.values, np.bool_)
    return Operand("condition", ~found if node.args.get("negate") else found, subject.null)


def _escaped(node: exp.Escape, rows: Rows) -> Operand:
    return _like(node.this, rows, node.expression.name)


def _rounded(node: exp.Round, rows: Rows) -> Operand:
    inner = required(_inner(node, rows), "number", place_of(node))
    digits = node.args.get("decimals")
    if digits is not None and not (
        isinstance(digits, exp.Literal) and digits.name.isdigit() and int(digits.name) < 16
    ):
        raise InvalidValue("ROUND needs a number of digits from 0 to 15", "ROUND(POP / 7, 2)")
    return Operand(
        "number", np.round(inner.values, int(digits.name) if digits is not None else 0), inner.null
    )


_RULES: dict[type[Node], Callable[[Any, Rows], Operand]] = {
    exp.Paren: _inner,
    exp.Not: _not,
    exp.And: _both,
    exp.Or: _either,
    exp.Between: _between,
    exp.In: _member,
    exp.Is: _is,
    exp.Like: _like,
    exp.Escape: _escaped,
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _null,
    exp.Cast: _moment,
    exp.Round: _rounded,
    exp.DPipe: _concatenated,
    **dict.fromkeys(_COMPARISONS, _comparison),
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
    **dict.fromkeys(_OF_NUMBERS, _of_number),
    **dict.fromkeys(_OF_TEXTS, _of_text),
}
