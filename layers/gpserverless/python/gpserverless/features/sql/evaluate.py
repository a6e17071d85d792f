"""Evaluation of a condition for all rows at once, in SQL's logic of true, false and unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import DATE_ONLY
from gpserverless.features.rows import Rows
from gpserverless.features.sql.functions import FUNCTIONS
from gpserverless.features.sql.like import compile_like
from gpserverless.features.sql.operands import (
    NOUNS,
    Kind,
    Operand,
    make_constant,
    make_number,
    map_values,
    read_column,
    read_days,
    require_kind,
)
from gpserverless.features.sql.parse import Node, describe_place

_COMPARISONS: dict[type[Node], Callable[[Any, Any], Any]] = {
    exp.EQ: np.equal,
    exp.NEQ: np.not_equal,
    exp.GT: np.greater,
    exp.GTE: np.greater_equal,
    exp.LT: np.less,
    exp.LTE: np.less_equal,
}


def evaluate(tree: Node, rows: Rows) -> NDArray[np.bool_]:
    """Return the mask of rows for which a condition is true, shape (N,); unknown counts as false.

    Args:
        tree: The condition, from `parse`.
        rows: A table or feature set.

    Raises:
        InvalidValue: A field is missing, or values of different kinds are compared or combined.
    """
    with np.errstate(all="ignore"):
        found = _evaluate_condition(tree, rows)
    return np.array(np.broadcast_to(found.values & ~found.null, len(rows)))


def evaluate_value(tree: Node, rows: Rows) -> Operand:
    """Return the value of an expression for each row; a number that is not finite is null.

    Args:
        tree: The expression, from `parse_value`.
        rows: A table or feature set.

    Raises:
        InvalidValue: A field is missing, or values of different kinds are combined.
    """
    with np.errstate(all="ignore"):
        found = _evaluate_node(tree, rows)
    shape = (len(rows),)
    values, null = np.broadcast_to(found.values, shape), np.broadcast_to(found.null, shape)
    if found.kind == "number":
        null = null | ~np.isfinite(values)
    return Operand(found.kind, values, null)


def _evaluate_condition(node: Node, rows: Rows) -> Operand:
    return _evaluate_as("condition", node, rows, node)


def _evaluate_as(kind: Kind, part: Node, rows: Rows, whole: Node) -> Operand:
    """Evaluate a part of a node; if it is of another kind, the error names the place of the whole."""
    return require_kind(_evaluate_node(part, rows), kind, describe_place(whole))


def _evaluate_node(node: Node, rows: Rows) -> Operand:
    rule = _RULES.get(type(node))
    if rule is not None:
        return rule(node, rows)

    def evaluate_part(part: Node, kind: Kind | None) -> Operand:
        return _evaluate_node(part, rows) if kind is None else _evaluate_as(kind, part, rows, node)

    return FUNCTIONS[type(node)](node, evaluate_part)


def _evaluate_inner(node: Node, rows: Rows) -> Operand:
    return _evaluate_node(node.this, rows)


def _evaluate_not(node: Node, rows: Rows) -> Operand:
    inner = _evaluate_condition(node.this, rows)
    return Operand("condition", ~inner.values, inner.null)


def _evaluate_and(node: Node, rows: Rows) -> Operand:
    return _join(
        _evaluate_condition(node.this, rows), _evaluate_condition(node.expression, rows), deciding=False
    )


def _evaluate_or(node: Node, rows: Rows) -> Operand:
    return _join(
        _evaluate_condition(node.this, rows), _evaluate_condition(node.expression, rows), deciding=True
    )


def _join(a: Operand, b: Operand, *, deciding: bool) -> Operand:
    """Return AND, which a false side decides, or OR, which a true one does; else unknown if a side is."""
    decided = ((a.values == deciding) & ~a.null) | ((b.values == deciding) & ~b.null)
    values = np.where(decided, deciding, not deciding)
    return Operand("condition", values, (a.null | b.null) & ~decided)


def _evaluate_between(node: Node, rows: Rows) -> Operand:
    low = _compare(np.greater_equal, node, (node.this, node.args["low"]), rows)
    high = _compare(np.less_equal, node, (node.this, node.args["high"]), rows)
    return _join(low, high, deciding=False)


def _evaluate_comparison(node: Node, rows: Rows) -> Operand:
    return _compare(_COMPARISONS[type(node)], node, (node.this, node.expression), rows)


def _evaluate_column(node: Node, rows: Rows) -> Operand:
    try:
        return read_column(rows, node.name)
    except InvalidValue as problem:
        raise InvalidValue(f"{problem.problem}{describe_place(node)}", problem.accepted) from None


def _evaluate_literal(node: Node, rows: Rows) -> Operand:
    return make_constant("text", node.name) if node.is_string else make_number(node.name)


def _evaluate_boolean(node: Node, rows: Rows) -> Operand:
    return make_constant("condition", bool(node.this))


def _evaluate_null(node: Node, rows: Rows) -> Operand:
    return Operand("null", np.array(0.0), np.array(True))


def _compare(compare: Callable[[Any, Any], Any], node: Node, sides: tuple[Node, Node], rows: Rows) -> Operand:
    a, b = (_evaluate_node(side, rows) for side in sides)
    if {a.kind, b.kind} == {"text", "date"}:
        a, b = (_read_days(side, value, rows) for side, value in zip(sides, (a, b), strict=True))
    null = a.null | b.null
    if "null" in (a.kind, b.kind):
        return Operand("condition", np.zeros(null.shape, np.bool_), np.ones(null.shape, np.bool_))
    if a.kind != b.kind:
        hint = "; write DATE '…' or TIMESTAMP '…'" if {a.kind, b.kind} == {"date", "text"} else ""
        problem = f"{NOUNS[a.kind]} is compared with {NOUNS[b.kind]}{describe_place(node)}{hint}"
        raise InvalidValue(problem, "values of one kind on both sides")
    return Operand("condition", np.asarray(compare(a.values, b.values), np.bool_), null)


def _read_days(node: Node, value: Operand, rows: Rows) -> Operand:
    """Return the days of a field of days, which are texts, as dates; any other value as it is."""
    is_day = isinstance(node, exp.Column) and rows.field(node.name).type == DATE_ONLY
    return read_days(value) if is_day else value


def _evaluate_in(node: exp.In, rows: Rows) -> Operand:
    subject = _evaluate_node(node.this, rows)
    constants = [_evaluate_node(item, rows) for item in node.expressions]
    known = [
        require_kind(c, subject.kind, describe_place(node)).values.item()
        for c in constants
        if c.kind != "null"
    ]
    found = map_values(set(known).__contains__, subject.values, np.bool_)
    return Operand(
        "condition", found, subject.null | (~found if len(known) < len(constants) else np.array(False))
    )


def _evaluate_is(node: exp.Is, rows: Rows) -> Operand:
    subject = _evaluate_node(node.this, rows)
    if isinstance(node.expression, exp.Null):
        return Operand("condition", subject.null, np.array(False))
    subject = require_kind(subject, "condition", describe_place(node))
    return Operand("condition", (subject.values == node.expression.this) & ~subject.null, np.array(False))


def _evaluate_like(node: exp.Like, rows: Rows, escape: str = "") -> Operand:
    subject = _evaluate_as("text", node.this, rows, node)
    pattern = compile_like(node.expression.name, escape)
    found = map_values(lambda text: bool(pattern.match(text)), subject.values, np.bool_)
    return Operand("condition", ~found if node.args.get("negate") else found, subject.null)


def _evaluate_escape(node: exp.Escape, rows: Rows) -> Operand:
    return _evaluate_like(node.this, rows, node.expression.name)


def _evaluate_case(node: exp.Case, rows: Rows) -> Operand:
    """Choose the value of the first condition that is true; without one the default, or null."""
    chosen = _evaluate_null(node, rows) if node.args.get("default") is None else None
    chosen = chosen or _evaluate_node(node.args["default"], rows)
    for each in reversed(node.args["ifs"]):
        condition = _evaluate_condition(each.this, rows)
        value = _evaluate_node(each.args["true"], rows)
        chosen = _choose(condition.values & ~condition.null, value, chosen, each)
    return chosen


def _choose(mask: NDArray[np.bool_], value: Operand, other: Operand, node: Node) -> Operand:
    """Return the values where a mask is true and the others elsewhere; both must be of one kind."""
    kind = other.kind if value.kind == "null" else value.kind
    a, b = (require_kind(each, kind, describe_place(node)) for each in (value, other))
    return Operand(kind, np.where(mask, a.values, b.values), np.where(mask, a.null, b.null))


def _evaluate_coalesce(node: exp.Coalesce, rows: Rows) -> Operand:
    chosen = _evaluate_node(node.this, rows)
    for each in node.expressions:
        chosen = _choose(~chosen.null, chosen, _evaluate_node(each, rows), node)
    return chosen


def _evaluate_nullif(node: exp.Nullif, rows: Rows) -> Operand:
    value = _evaluate_node(node.this, rows)
    equal = _compare(np.equal, node, (node.this, node.expression), rows)
    return Operand(value.kind, value.values, value.null | (equal.values & ~equal.null))


_RULES: dict[type[Node], Callable[[Any, Rows], Operand]] = {
    exp.Paren: _evaluate_inner,
    exp.Not: _evaluate_not,
    exp.And: _evaluate_and,
    exp.Or: _evaluate_or,
    exp.Between: _evaluate_between,
    exp.In: _evaluate_in,
    exp.Is: _evaluate_is,
    exp.Like: _evaluate_like,
    exp.Escape: _evaluate_escape,
    exp.Column: _evaluate_column,
    exp.Literal: _evaluate_literal,
    exp.Boolean: _evaluate_boolean,
    exp.Null: _evaluate_null,
    exp.Case: _evaluate_case,
    exp.Coalesce: _evaluate_coalesce,
    exp.Nullif: _evaluate_nullif,
    **dict.fromkeys(_COMPARISONS, _evaluate_comparison),
}
