"""The values of groups of rows, merged to one each."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from gpserverless.analysis.edge_pieces import Indices
from gpserverless.analysis.field_mapping import MappedField
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DOUBLE, INTEGER, OID, STRING, Field
from gpserverless.features.rows import Column, make_object_column

_NUMERIC = frozenset({"SUM", "MEAN", "MEDIAN", "STDDEV", "VARIANCE", "RANGE"})
_OWN_TYPE = frozenset({"FIRST", "LAST", "MODE", "MIN", "MAX"})


def pick_values(column: Column, index: Indices) -> Column:
    """Return the values of some rows, None (among floats NaN) for an index of -1.

    Args:
        column: Shape (N,).
        index: Shape (K,), indices of rows, or -1.
    """
    missing = index < 0
    if not len(column):
        return np.full(len(index), None, object)
    values = column[np.where(missing, 0, index)]
    if missing.any():
        values = values.astype(np.float64 if column.dtype.kind == "f" else object)
        values[missing] = np.nan if column.dtype.kind == "f" else None
    return values


def describe_copy(field: Field, name: str) -> Field:
    """Return the field of values that are copied to another table; an object id becomes a number.

    Args:
        field: The field of the values.
        name: The name there.
    """
    if field.type == OID:
        return Field(name, INTEGER, field.alias)
    return replace(field, name=name, nullable=None)


def merge_values(
    features: FeatureSet[Any], mapped: MappedField, rows: Indices, groups: Indices, count: int, parameter: str
) -> tuple[Field, Column]:
    """Return the field and the values of a mapped field, one value a group, None for a group without rows.

    Args:
        features: The features that are merged.
        mapped: The field and its rule.
        rows: Shape (M,), rows of the features, by group.
        groups: Shape (M,), the group of each, ascending.
        count: Number of groups.
        parameter: Name of the mapping's parameter.

    Raises:
        InvalidParameter: The rule needs numbers and the field holds none.
    """
    described = features.field(mapped.field)
    if mapped.rule in _NUMERIC and not described.is_number:
        raise InvalidParameter(
            parameter,
            f"{mapped.rule} needs numbers and '{described.name}' holds none",
            "FIRST, COUNT or JOIN",
        )
    column = features.columns[described.name][rows]
    known = ~np.isnan(column) if column.dtype.kind == "f" else np.array([v is not None for v in column], bool)
    if mapped.rule in ("FIRST", "LAST"):
        known = np.ones(len(column), bool)
    values = _merge(mapped, column[known], groups[known], count)
    field = describe_copy(described, mapped.name)
    if mapped.rule not in _OWN_TYPE:
        kind = {"JOIN": STRING, "COUNT": INTEGER}.get(mapped.rule, DOUBLE)
        field = Field(mapped.name, kind)
    if mapped.type == STRING != field.type:
        values, field = _write_texts(values), replace(field, type=STRING)
    return replace(field, alias=mapped.alias or field.alias), values


def _merge(mapped: MappedField, column: Column, groups: Indices, count: int) -> Column:
    """Return one value a group of values that are there."""
    begins = np.ones(len(groups), bool)
    begins[1:] = groups[1:] != groups[:-1]
    first = np.flatnonzero(begins)
    size = np.diff(np.append(first, len(groups)))
    where = groups[first]
    if mapped.rule == "COUNT":
        numbers = np.zeros(count, np.int64)
        numbers[where] = size
        return numbers
    if mapped.rule in ("FIRST", "LAST"):
        index = np.full(count, -1)
        index[where] = first if mapped.rule == "FIRST" else first + size - 1
        return pick_values(column, index)
    if mapped.rule in ("JOIN", "MODE") or column.dtype.kind == "O":
        return _merge_objects(mapped, column, first, size, where, count)
    return pick_values(_reduce(mapped.rule, column, first, size), _place(where, count))


def _place(where: Indices, count: int) -> Indices:
    index = np.full(count, -1)
    index[where] = np.arange(len(where))
    return index


def _reduce(rule: str, column: Column, first: Indices, size: Indices) -> Column:
    """Return one number a group that has numbers."""
    if not len(first):
        return np.empty(0)
    if rule in ("MIN", "MAX"):
        return np.asarray((np.minimum if rule == "MIN" else np.maximum).reduceat(column, first))
    numbers = column.astype(np.float64)
    if rule in ("MEDIAN", "RANGE"):
        return _find_quantiles(rule, numbers, first, size)
    total = np.add.reduceat(numbers, first)
    if rule in ("SUM", "MEAN"):
        return np.asarray(total if rule == "SUM" else total / size)
    spread = np.add.reduceat((numbers - np.repeat(total / size, size)) ** 2, first)
    variance = np.divide(spread, size - 1, out=np.full(len(size), np.nan), where=size > 1)
    return np.asarray(variance if rule == "VARIANCE" else np.sqrt(variance))


def _find_quantiles(rule: str, numbers: Column, first: Indices, size: Indices) -> Column:
    ordered = numbers[np.lexsort((numbers, np.repeat(np.arange(len(first)), size)))]
    last = first + size - 1
    if rule == "RANGE":
        return np.asarray(ordered[last] - ordered[first])
    return np.asarray((ordered[first + (size - 1) // 2] + ordered[first + size // 2]) / 2)


def _merge_objects(
    mapped: MappedField, column: Column, first: Indices, size: Indices, where: Indices, count: int
) -> Column:
    values = np.full(count, None, object)
    for group, begin, number in zip(where.tolist(), first.tolist(), size.tolist(), strict=True):
        values[group] = _merge_list(mapped, column[begin : begin + number].tolist())
    return values


def _merge_list(mapped: MappedField, values: list[Any]) -> Any:
    if mapped.rule == "JOIN":
        return mapped.separator.join(str(value) for value in values)
    if mapped.rule == "MODE":
        counts = Counter(values)
        most = max(counts.values())
        return min(value for value, number in counts.items() if number == most)
    if mapped.rule in ("MIN", "MAX"):
        return min(values) if mapped.rule == "MIN" else max(values)
    # A column of integers with nulls is one of objects; so these are numbers.
    numbers = np.array(values, np.float64)
    return float(_reduce(mapped.rule, numbers, np.array([0]), np.array([len(numbers)]))[0])


def _write_texts(values: Column) -> Column:
    texts = [None if _is_null(value) else str(value) for value in values.tolist()]
    return make_object_column(texts)


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
