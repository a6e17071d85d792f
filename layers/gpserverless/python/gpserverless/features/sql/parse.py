"""Where clauses as trees of supported nodes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from gpserverless.errors import InvalidValue
from gpserverless.features.sql.scan import ACCEPTED, ACCEPTED_VALUE, VALUE_WORDS, list_words, scan

MAX_DEPTH = 150
"""Most nodes from the root of the tree to a leaf: so many conditions may be chained by AND or OR."""

Node: TypeAlias = exp.Expr

logging.getLogger("sqlglot").disabled = True  # it logs texts that it cannot read: values of callers

_BINARY = frozenset({"this", "expression"})
_ONE = frozenset({"this"})
_ARGUMENTS: dict[type[Node], frozenset[str]] = {
    exp.Column: _ONE,
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Boolean: _ONE,
    exp.Null: frozenset(),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Like: _BINARY | {"negate"},
    exp.Div: _BINARY | {"typed", "safe"},
    exp.DPipe: _BINARY | {"safe"},
    exp.Round: frozenset({"this", "decimals"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.DataType: frozenset({"this", "nested"}),
}
_ARGUMENTS |= dict.fromkeys(
    (exp.And, exp.Or, exp.Is, exp.Escape, exp.Add, exp.Sub, exp.Mul, exp.Mod), _BINARY
)
_ARGUMENTS |= dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), _BINARY)
_ARGUMENTS |= dict.fromkeys((exp.Not, exp.Paren, exp.Neg, exp.Upper, exp.Lower), _ONE)
_ARGUMENTS |= dict.fromkeys((exp.Length, exp.Abs, exp.Floor, exp.Ceil, exp.Sign), _ONE)
_ARGUMENTS |= dict.fromkeys((exp.Sqrt, exp.Exp, exp.Ln, exp.Sin, exp.Cos, exp.Tan), _ONE)
_ARGUMENTS |= {
    exp.Pow: _BINARY,
    exp.Log: _BINARY,
    exp.Nullif: _BINARY,
    exp.Coalesce: frozenset({"this", "expressions"}),
    exp.Concat: frozenset({"expressions", "safe"}),
    exp.Trunc: frozenset({"this", "decimals"}),
    exp.Trim: _BINARY | {"position"},
    exp.Substring: frozenset({"this", "start", "length"}),
    exp.StrPosition: frozenset({"this", "substr"}),
    exp.Extract: _BINARY,
    exp.Interval: frozenset({"this", "unit"}),
    exp.IntervalSpan: _BINARY,
    exp.Var: _ONE,
    exp.CurrentTimestamp: frozenset(),
    exp.CurrentDate: frozenset(),
}

_VALUE_ARGUMENTS: dict[type[Node], frozenset[str]] = {
    **_ARGUMENTS,
    exp.Case: frozenset({"ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
}

_CONDITIONS = (exp.And, exp.Or, exp.Not, exp.Predicate, exp.Escape, exp.In, exp.Between, exp.Boolean)
MOMENTS = (exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP)
"""Types of dates, of which only constants are written."""

NUMBERS = (exp.DataType.Type.FLOAT, exp.DataType.Type.DOUBLE)
"""Types of numbers; each database rounds in its own way when it casts to whole ones."""

_CASES: dict[type[Node], Callable[[str], str]] = {exp.Upper: str.upper, exp.Lower: str.lower}
_TEXTS = (exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT, exp.DataType.Type.CHAR)


@lru_cache(maxsize=64)
def parse(text: str) -> Node:
    """Parse a condition to a tree.

    Args:
        text: The condition, in standard SQL.

    Raises:
        InvalidValue: The text is no condition, or uses SQL that is not supported; the place is named.
    """
    scan(text)
    tree = _read_tree(text, ACCEPTED)
    _check_logarithms(tree, text)
    for node in tree.walk():
        _check_arguments(node, _ARGUMENTS, ACCEPTED)
        _check_cast(node, ACCEPTED)
        _check_node(node)
    if not isinstance(tree.unnest(), _CONDITIONS):
        raise InvalidValue("the expression is a value, not a condition", ACCEPTED)
    return tree


@lru_cache(maxsize=64)
def parse_value(text: str) -> Node:
    """Parse an expression that computes a value to a tree.

    Args:
        text: The expression, in standard SQL.

    Raises:
        InvalidValue: It uses SQL that is not supported; the place is named.
    """
    scan(text, VALUE_WORDS, ACCEPTED_VALUE)
    tree = _read_tree(text, ACCEPTED_VALUE)
    _check_logarithms(tree, text)
    for node in tree.walk():
        _check_arguments(node, _VALUE_ARGUMENTS, ACCEPTED_VALUE)
        _check_cast(node, ACCEPTED_VALUE)
        _check_node(node)
    return tree


def _read_tree(text: str, accepted: str) -> Node:
    try:
        tree = parse_one(text, into=exp.Condition)
    except SqlglotError as problem:
        raise InvalidValue(_describe_error(problem), accepted) from None
    except RecursionError:
        raise InvalidValue("the expression is nested too deeply", accepted) from None
    _check_depth(tree)
    for text_in_n in tree.find_all(exp.National):  # N'text', as databases of Microsoft write it
        text_in_n.replace(exp.Literal.string(text_in_n.name))
    for like in tree.find_all(exp.Like):  # LIKE UPPER('a%'), as clients write it that tell no letter case
        change = _CASES.get(type(like.expression))
        if change is not None and _is_text(like.expression.this):
            like.set("expression", exp.Literal.string(change(like.expression.this.name)))
    return tree


def list_field_names(tree: Node) -> tuple[str, ...]:
    """Return the names of the fields in a tree, in the order of their first use.

    Args:
        tree: A condition, from `parse`.
    """
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False)))


def describe_place(node: Node) -> str:
    """Return the place of a node's first field, as the end of a clause; "" if it has none.

    Args:
        node: Any node of a tree.
    """
    for identifier in node.find_all(exp.Identifier, bfs=False):
        start = identifier.meta.get("start")
        if start is not None:
            return f" at character {start + 1}"
    return ""


def _describe_error(problem: SqlglotError) -> str:
    errors = getattr(problem, "errors", None)
    if not errors:
        return "the expression is empty or cannot be read"
    found = errors[0]
    place = (
        f"line {found['line']}, column {found['col']}" if found["line"] != 1 else f"character {found['col']}"
    )
    return f"the expression cannot be read from '{str(found['highlight'])[:40]}' at {place} on"


def _check_depth(tree: Node) -> None:
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise InvalidValue("the expression is nested too deeply", f"at most {MAX_DEPTH} levels")
        level = [child for node in level for child in node.iter_expressions()]


def _check_arguments(node: Node, arguments: dict[type[Node], frozenset[str]], accepted: str) -> None:
    known = arguments.get(type(node))
    given = {name for name, value in node.args.items() if value not in (None, False, [])}
    if known is None or not given <= known:
        raise InvalidValue(f"{_describe_node(node)}{describe_place(node)} is not understood here", accepted)


def _check_cast(node: Node, accepted: str) -> None:
    if not isinstance(node, exp.Cast):
        return
    kind = node.to.this
    if not (_is_text(node.this) if kind in MOMENTS else kind in (*NUMBERS, *_TEXTS)):
        raise InvalidValue(
            "of casts only DATE '…', TIMESTAMP '…', CAST(… AS FLOAT) and CAST(… AS VARCHAR) are understood; "
            "TRUNCATE or ROUND makes a whole number",
            accepted,
        )


def _check_logarithms(tree: Node, text: str) -> None:
    """Raise if LOG has two arguments, which databases read in either order; LOG10 is parsed to the same."""
    of_two = [node for node in tree.find_all(exp.Log) if node.expression]
    if len(of_two) > list_words(text).count("LOG10") or any(node.this.name != "10" for node in of_two):
        raise InvalidValue("LOG has two arguments", "LOG(POP), which is the natural logarithm, or LOG10(POP)")


def _check_node(node: Node) -> None:
    if isinstance(node, exp.In) and not all(map(_is_constant, node.expressions)):
        raise InvalidValue(
            f"IN{describe_place(node)} is not followed by a list of constants", "IN (1, 2) or IN ('a')"
        )
    if isinstance(node, exp.Like) and not _is_text(node.expression):
        raise InvalidValue(f"LIKE{describe_place(node)} is not followed by a text", "LIKE 'A%'")
    if isinstance(node, exp.Escape) and not _is_escaped_like(node):
        raise InvalidValue("ESCAPE is not one character behind a LIKE", "LIKE '10!%' ESCAPE '!'")
    if isinstance(node, exp.Interval) and not _is_added(node):
        problem = "an interval is not added to a date, nor taken from one"
        raise InvalidValue(problem, "BUILT + INTERVAL '7' DAY")
    if isinstance(node, exp.Is) and not isinstance(node.expression, exp.Null | exp.Boolean):
        raise InvalidValue("IS is not followed by NULL, TRUE or FALSE", "IS NULL, IS NOT NULL")


def _is_escaped_like(node: exp.Escape) -> bool:
    return isinstance(node.this, exp.Like) and _is_text(node.expression) and len(node.expression.name) == 1


def _is_added(node: exp.Interval) -> bool:
    return isinstance(node.parent, exp.Add | exp.Sub) and node is node.parent.expression


def _is_text(node: Node) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


def _is_constant(node: Node) -> bool:
    if isinstance(node, exp.Cast):
        return node.to.this in MOMENTS
    return isinstance(node.this if isinstance(node, exp.Neg) else node, exp.Literal | exp.Null)


def _describe_node(node: Node) -> str:
    if isinstance(node, exp.Anonymous):
        return f"the function '{node.name[:40]}'"
    if isinstance(node, exp.Column):
        return f"the name '{node.sql()[:40]}'"
    return type(node).__name__.upper()
