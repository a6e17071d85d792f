"""Fields added to features, and their values computed by an expression."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

import numpy as np

from gpserverless.analysis.convert import fit_values
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.feature_set import Column, FeatureSet
from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE,
    DATE_ONLY,
    DOUBLE,
    INTEGER,
    OID,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)
from gpserverless.features.sql.operands import Operand
from gpserverless.features.sql.value_expression import ValueExpression
from gpserverless.values.counts import write_count

TYPES = MappingProxyType(
    {
        "TEXT": STRING,
        "FLOAT": SINGLE,
        "DOUBLE": DOUBLE,
        "SHORT": SMALL_INTEGER,
        "LONG": INTEGER,
        "BIGINTEGER": BIG_INTEGER,
        "DATE": DATE,
        "DATEONLY": DATE_ONLY,
        "GUID": "esriFieldTypeGUID",
    }
)
"""Types of fields by the words of ArcGIS' tools."""

_KINDS = {"number": DOUBLE, "text": STRING, "date": DATE, "condition": SMALL_INTEGER, "null": STRING}
_PYTHON = re.compile(
    r"""(?P<field>![^!"'\\]++!)|(?P<same>\s++|[0-9.]++|[-+*/()]|abs(?=\s*\()|'[^'\\]*+')|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r"[^\W\d]\w{0,63}")


def check_new_name(name: str, parameter: str) -> None:
    """Raise unless a field can have a name.

    Args:
        name: The name.
        parameter: Name of its parameter.

    Raises:
        InvalidParameter: It cannot.
    """
    if not _NAME.fullmatch(name):
        accepted = "a letter, then letters, digits and underscores, at most 64"
        raise InvalidParameter(parameter, f"'{name[:60]}' is no name of a field", accepted)


def add_field(features: FeatureSet[Any], field: Field) -> FeatureSet[Any]:
    """Return the features with a field of nulls.

    Args:
        features: The features.
        field: The new field.

    Raises:
        InvalidParameter: There is such a field, its name is none, or it must not be null.
    """
    check_new_name(field.name, "field_name")
    if field.name.lower() in {name.lower() for name in features.columns}:
        raise InvalidParameter("field_name", f"there is a field '{field.name[:60]}'", "a new name")
    if field.nullable is False and len(features):
        raise InvalidParameter(
            "field_is_nullable", "the new field of rows that are there is null", "NULLABLE"
        )
    blank = np.full(len(features), np.nan) if field.type in (SINGLE, DOUBLE) else None
    column = np.full(len(features), None, object) if blank is None else blank
    return features.with_columns({field.name: column}, [field])


def calculate_field(
    features: FeatureSet[Any], field: Field, expression: ValueExpression, watch: Watch
) -> FeatureSet[Any]:
    """Return the features with the values of an expression in a field.

    Args:
        features: The features.
        field: The field to fill; one that is there keeps its place and type.
        expression: The expression, of the values before.
        watch: Takes a warning that counts the nulls.

    Raises:
        InvalidParameter: The field holds the object ids, its name is none, or values do not fit it.
        InvalidValue: The expression names a field that is not there, or combines values of different kinds.
    """
    known = next((each for each in features.fields if each.name.lower() == field.name.lower()), None)
    if known is None:
        check_new_name(field.name, "field")
    target = known or field
    if target.type == OID:
        raise InvalidParameter("field", f"'{target.name}' holds the object ids", "another field")
    try:
        operand = expression.compute(features)
    except InvalidValue as error:
        raise InvalidParameter("expression", error.problem, error.accepted) from None
    try:
        column = fit_values(_make_column(operand), _KINDS[operand.kind], target)
    except InvalidValue as error:
        raise InvalidParameter("field", error.problem, error.accepted) from None
    nulls = int(operand.null.sum())
    if nulls:
        watch.warn(write_count(nulls, "value is null.", "values are null."))
    if target.type == STRING and known is None:
        longest = max((len(text) for text in column.tolist() if text), default=0)
        target = target.with_room_for(longest)
    return features.with_columns({target.name: column}, [target])


def _make_column(operand: Operand) -> Column:
    """Return the values as a column of a table."""
    values, null = np.asarray(operand.values), operand.null
    if operand.kind == "number" and not null.any():
        return values.copy()
    if operand.kind == "number" and values.dtype.kind == "f":
        return np.where(null, np.nan, values)
    if operand.kind in ("date", "condition"):
        values = np.where(null, 0, values).astype(np.int64)
    column = values.astype(object)
    column[null] = None
    return column


def read_python(text: str) -> str:
    """Return a Python expression in SQL, if it means the same there.

    Args:
        text: Fields between exclamation marks, numbers, texts in single quotation marks, + - * / and abs.

    Raises:
        InvalidParameter: It has another part.
    """
    sql = []
    for token in _PYTHON.finditer(text):
        if token["other"]:
            raise InvalidParameter(
                "expression",
                f"'{token['other']}' at character {token.start() + 1} is not computed in Python",
                "!FIELD!, numbers, 'texts', + - * /, parentheses and abs; with expression_type SQL more",
            )
        sql.append(f'"{token["field"][1:-1]}"' if token["field"] else token["same"])
    return "".join(sql)


def read_expression(text: str, language: str, now: int | None = None) -> ValueExpression:
    """Read an expression.

    Args:
        text: The expression.
        language: PYTHON3 or SQL.
        now: The time that CURRENT_TIMESTAMP means, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidParameter: It is none, or has a part that is not understood.
    """
    try:
        return ValueExpression(read_python(text) if language == "PYTHON3" else text, now)
    except InvalidValue as error:
        raise InvalidParameter("expression", error.problem, error.accepted) from None


def make_field(
    name: str, word: str, length: int | None = None, alias: str = "", *, nullable: bool = True
) -> Field:
    """Return the description of a new field.

    Args:
        name: Its name.
        word: One of `TYPES`.
        length: Most characters of a text; None for 255.
        alias: Title for people; the name if empty.
        nullable: Whether values may be null.
    """
    return Field(name, TYPES[word], alias, length if TYPES[word] == STRING else None, nullable)
