"""Where clauses as trees of supported nodes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from gpserverless.errors import InvalidValue
from gpserverless.features.sql.scan import ACCEPTED, ACCEPTED_VALUE, VALUE_WORDS, scan

MAX_DEPTH = 150
"""Most nodes from the root of the tree to a leaf: so many conditions may be chained by AND or OR."""

Node: TypeAlias = exp.Expr

logging.getLogger("sqlglot").disabled = True  # it logs what it cannot read, and that is a caller's value

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
_ARGUMENTS |= dict.fromkeys((exp.Not, exp.Paren, exp.Neg, exp.Upper, exp.Lower, exp.Trim), _ONE)
_ARGUMENTS |= dict.fromkeys((exp.Length, exp.Abs, exp.Floor, exp.Ceil), _ONE)

_VALUE_ARGUMENTS: dict[type[Node], frozenset[str]] = {
    **_ARGUMENTS,
    exp.Case: frozenset({"ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
    exp.Coalesce: frozenset({"this", "expressions"}),
    exp.Nullif: _BINARY,
    exp.Pow: _BINARY,
    exp.Substring: frozenset({"this", "start", "length"}),
    **dict.fromkeys((exp.Sqrt, exp.Exp, exp.Ln), _ONE),
}

_CONDITIONS = (exp.And, exp.Or, exp.Not, exp.Predicate, exp.Escape, exp.In, exp.Between, exp.Boolean)
_MOMENTS = (exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP)
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
    for node in tree.walk():
        _check_arguments(node, _ARGUMENTS, ACCEPTED)
        _check_cast(node, _MOMENTS, ACCEPTED)
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
    for node in tree.walk():
        _check_arguments(node, _VALUE_ARGUMENTS, ACCEPTED_VALUE)
        _check_cast(node, (*_MOMENTS, *_TEXTS), ACCEPTED_VALUE)
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


def _check_cast(node: Node, types: Sequence[object], accepted: str) -> None:
    if not isinstance(node, exp.Cast):
        return
    if node.to.this not in types or (node.to.this in _MOMENTS and not _is_text(node.this)):
        texts = ", CAST(… AS VARCHAR)" if len(types) > len(_MOMENTS) else ""
        raise InvalidValue(f"of casts only DATE '…' and TIMESTAMP '…'{texts} are understood", accepted)


def _check_node(node: Node) -> None:
    if isinstance(node, exp.In) and not all(map(_is_constant, node.expressions)):
        raise InvalidValue(
            f"IN{describe_place(node)} is not followed by a list of constants", "IN (1, 2) or IN ('a')"
        )
    if isinstance(node, exp.Like) and not _is_text(node.expression):
        raise InvalidValue(f"LIKE{describe_place(node)} is not followed by a text", "LIKE 'A%'")
    if isinstance(node, exp.Escape) and not _is_escaped_like(node):
        raise InvalidValue("ESCAPE is not one character behind a LIKE", "LIKE '10!%' ESCAPE '!'")
    if isinstance(node, exp.Is) and not isinstance(node.expression, exp.Null | exp.Boolean):
        raise InvalidValue("IS is not followed by NULL, TRUE or FALSE", "IS NULL, IS NOT NULL")


def _is_escaped_like(node: exp.Escape) -> bool:
    return isinstance(node.this, exp.Like) and _is_text(node.expression) and len(node.expression.name) == 1


def _is_text(node: Node) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


def _is_constant(node: Node) -> bool:
    return isinstance(node.this if isinstance(node, exp.Neg) else node, exp.Literal | exp.Null | exp.Cast)


def _describe_node(node: Node) -> str:
    if isinstance(node, exp.Anonymous):
        return f"the function '{node.name[:40]}'"
    if isinstance(node, exp.Column):
        return f"the name '{node.sql()[:40]}'"
    return type(node).__name__.upper()
