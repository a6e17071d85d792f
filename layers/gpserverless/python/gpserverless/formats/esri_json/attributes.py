"""Attributes of features, read to fields and columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import simdjson

from gpserverless.errors import InvalidValue
from gpserverless.features.attribute_values import check_calendar_texts, to_moments, write_nested
from gpserverless.features.fields import (
    BIG_INTEGER,
    BLOB,
    DATE,
    DATE_ONLY,
    DOUBLE,
    FLOAT_TYPES,
    GEOMETRY,
    INTEGER,
    INTEGER_TYPES,
    OBJECT_ID_NAMES,
    OID,
    SMALL_INTEGER,
    STRING,
    TIME_ONLY,
    TIMESTAMP_OFFSET,
    Field,
)
from gpserverless.features.rows import Column, make_object_column
from gpserverless.formats.esri_json.attribute_names import (
    NAMED_TWICE,
    Warn,
    name_pairs,
    number_fields,
    unify_letter_cases,
)
from gpserverless.formats.esri_json.document import check_unique_names
from gpserverless.formats.limits import MAX_COLUMNS, MAX_EMPTY_CELLS, MAX_EMPTY_PER_VALUE
from gpserverless.geometry.geometry_types import MEMBERS
from gpserverless.values.json_members import count_members

_INT32, _INT64, _EXACT_IN_DOUBLE, _HUGE = 2**31, 2**63, 2**53, 2**1023
_NESTED = frozenset({dict, list})
_CALENDAR_TYPES = frozenset({DATE_ONLY, TIME_ONLY, TIMESTAMP_OFFSET})
_SHAPE = "SHAPE"
_SHAPE_MEMBERS = frozenset({*MEMBERS.values(), "curvePaths", "curveRings"})


def read_attributes(
    header: Mapping[str, Any], features: Sequence[Any], warn: Warn = None
) -> tuple[tuple[Field, ...], dict[str, Column]]:
    """Read fields and columns; undeclared fields are inferred, and nested values become JSON texts.

    Args:
        header: Members beside the features: `fields` and `objectIdFieldName`.
        features: N features, as simdjson objects or dicts.
        warn: Takes a sentence for every column that is renamed.

    Raises:
        InvalidValue: A field's description is wrong, or a value does not fit its field.
    """
    rows = _read_rows(features, warn)
    return make_columns(rows, _read_fields(header, rows[0] if rows else ()), warn)


def make_columns(
    rows: list[dict[str, Any]], declared: Sequence[Field], warn: Warn
) -> tuple[tuple[Field, ...], dict[str, Column]]:
    """Make fields and columns of rows.

    Args:
        rows: N rows, values by name.
        declared: Fields that are known.
        warn: Takes a sentence for every column that is renamed.

    Raises:
        InvalidValue: A value does not fit its field.
    """
    known = {f.name: f for f in declared}
    columns: dict[str, Column] = {}
    fields: list[Field] = []
    for name, (old, values) in unify_letter_cases(_transpose(rows, known), warn).items():
        kinds = frozenset(map(type, values))
        if old not in known and kinds & _NESTED and _is_shape(name, values):
            continue
        described = (
            replace(known[old], name=name)
            if old in known
            else _infer_field(name, values, kinds, any(f.type == OID for f in fields))
        )
        if described.type == GEOMETRY:
            continue
        if kinds & _NESTED:
            _check_depth(described.name, values)
        fields.append(described)
        columns[name] = _make_column(described, values, kinds)
    return tuple(fields), columns


def _check_depth(name: str, values: Sequence[Any]) -> None:
    for index, value in enumerate(values):
        if type(value) not in _NESTED:
            continue
        try:
            count_members(value)
        except InvalidValue as problem:
            problem.problem = f"features[{index}]: field '{name[:60]}': {problem.problem}"
            raise


def _is_shape(name: str, values: Sequence[Any]) -> bool:
    """Return whether a column repeats the geometries, as data frames of the ArcGIS API for Python do."""
    return name.upper() == _SHAPE and all(
        v is None or (isinstance(v, dict) and not _SHAPE_MEMBERS.isdisjoint(v)) for v in values
    )


def _transpose(rows: list[dict[str, Any]], declared: Iterable[str]) -> dict[str, Sequence[Any]]:
    """Return the values of every declared or found name, None where a row lacks it."""
    names = list(dict.fromkeys([*declared, *(rows[0] if rows else ())]))
    _check_columns(len(names))
    given = sum(map(len, rows))
    if rows and len(names) > 1 and given == len(names) * len(rows):
        with suppress(KeyError):
            return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
    names = list(dict.fromkeys(chain(declared, *rows)))
    _check_columns(len(names))
    _check_empty(len(names) * len(rows), given)
    return {name: [row.get(name) for row in rows] for name in names}


def _check_columns(columns: int) -> None:
    if columns > MAX_COLUMNS:
        raise InvalidValue(f"its features have {columns:,} different attributes", f"at most {MAX_COLUMNS:,}")


def _check_empty(cells: int, given: int) -> None:
    """Raise if almost all cells are empty: the table is far larger than the text that it is made of."""
    if cells - given > MAX_EMPTY_CELLS + MAX_EMPTY_PER_VALUE * given:
        raise InvalidValue(
            f"its features leave {cells - given:,} of {cells:,} attributes empty", "attributes in common"
        )


def _read_rows(features: Sequence[Any], warn: Warn) -> list[dict[str, Any]]:
    try:
        rows = [feature["attributes"].as_dict() for feature in features]
        if not rows or len(rows[0]) == len(features[0]["attributes"]):
            return rows
        # A server that writes one name twice does so in every feature.
        if warn is not None:
            warn(NAMED_TWICE)
        return [name_pairs(feature["attributes"].items()) for feature in features]
    except (KeyError, TypeError, AttributeError):
        return [_read_attributes_of(feature, index) for index, feature in enumerate(features)]


def _read_attributes_of(feature: Any, index: int) -> dict[str, Any]:
    try:
        attributes = feature["attributes"]
        return attributes if isinstance(attributes, dict) else attributes.as_dict()
    except KeyError:
        check_unique_names(feature, f"features[{index}]")
        return {}
    except (TypeError, AttributeError) as problem:
        if isinstance(feature, dict | simdjson.Object) and feature["attributes"] is None:
            return {}
        raise InvalidValue(
            f"features[{index}] has no object of attributes", '{"attributes": {…}}'
        ) from problem


def _read_fields(header: Mapping[str, Any], found: Iterable[str]) -> list[Field]:
    fields = header.get("fields") or []
    if not isinstance(fields, list):
        raise InvalidValue("its 'fields' are not a list", '[{"name": "POP", "type": "esriFieldTypeInteger"}]')
    if len(fields) > MAX_COLUMNS:
        raise InvalidValue(f"it has {len(fields):,} fields", f"at most {MAX_COLUMNS:,}")
    described = number_fields([Field.from_json(field) for field in fields], found)
    blob = next((field.name for field in described if field.type == BLOB), None)
    if blob is not None:
        raise InvalidValue(
            f"field '{blob[:60]}' is of type {BLOB}, which is not read", "fields of other types"
        )
    named = header.get("objectIdFieldName")
    if any(f.type == OID for f in described) or not isinstance(named, str):
        return described
    by_case = [f.name for f in described if f.name.upper() == named.upper()]
    chosen = named if named in by_case else next(iter(by_case), None)
    return [replace(f, type=OID) if f.name == chosen else f for f in described]


def _infer_field(name: str, values: Sequence[Any], kinds: frozenset[type], has_oid: bool) -> Field:
    given = kinds - {type(None)}
    if given == {int}:
        if (
            name.lower() in OBJECT_ID_NAMES
            and kinds == given
            and not has_oid
            and len(set(values)) == len(values)
        ):
            return Field(name, OID)
        largest = max(abs(v) for v in values if v is not None)
        return Field(
            name, INTEGER if largest < _INT32 else DOUBLE if largest < _EXACT_IN_DOUBLE else BIG_INTEGER
        )
    if given == {bool}:
        return Field(name, SMALL_INTEGER)
    return Field(name, DOUBLE if given and given <= {int, float} else STRING)


def _make_column(described: Field, values: Sequence[Any], kinds: frozenset[type]) -> Column:
    if described.type in FLOAT_TYPES:
        return _to_numbers(described, values, kinds, {int, float}, np.float64)
    if described.type == DATE and not kinds <= {int, type(None)}:
        moments = to_moments(described.name, values)
        return make_object_column(moments) if None in moments else np.array(moments, np.int64)
    if described.type in _CALENDAR_TYPES:
        return make_object_column(check_calendar_texts(described.name, described.type, values))
    if described.type in INTEGER_TYPES:
        return _to_numbers(described, values, kinds, {int}, np.int64)
    if described.type == STRING and not kinds <= {str, type(None)}:
        return make_object_column([v if v is None or isinstance(v, str) else _to_text(v) for v in values])
    return make_object_column([_keep_unread(v) for v in values] if kinds & (_NESTED | {int}) else values)


def _keep_unread(value: Any) -> Any:
    """Return a value that is passed on unread; nested or of more than 64 bits as a text."""
    if isinstance(value, dict | list):
        return write_nested(value)
    return str(value) if isinstance(value, int) and abs(value) >= _INT64 else value


def _to_text(value: Any) -> str:
    if isinstance(value, dict | list):
        return write_nested(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _to_numbers(
    described: Field, values: Sequence[Any], kinds: frozenset[type], exact: set[type], dtype: Any
) -> Column:
    """Convert to numbers, with nulls to objects with None."""
    if not kinds <= exact:
        values = [_to_number(described, value, index, exact) for index, value in enumerate(values)]
        if None in values:
            return make_object_column(values)
    try:
        column = np.array(values, dtype)
    except OverflowError as problem:
        raise (_make_not_finite_error if float in exact else _make_too_large_error)(described) from problem
    if not np.isfinite(column).all():
        raise _make_not_finite_error(described)
    return column


def _make_not_finite_error(described: Field) -> InvalidValue:
    return InvalidValue(f"field '{described.name}' holds a number that is not finite", "finite numbers")


def _make_too_large_error(described: Field) -> InvalidValue:
    return InvalidValue(f"field '{described.name}' holds a number of more than 64 bits", "64 bits")


def _to_number(described: Field, value: Any, index: int, exact: set[type]) -> Any:
    if value is None or value == "NaN":
        return None
    if isinstance(value, int | float) and float in exact:
        if abs(value) < _HUGE:
            return float(value)
        raise _make_not_finite_error(described)
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        if abs(value) < _INT64:
            return int(value)
        raise _make_too_large_error(described)
    wanted = "a number" if float in exact else "a whole number"
    problem = f"features[{index}]: field '{described.name}' holds {str(value)[:40]!r}, which is not {wanted}"
    raise InvalidValue(problem, f"{wanted} or null")
