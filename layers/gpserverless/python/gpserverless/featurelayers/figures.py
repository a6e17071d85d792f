"""Figures of one column: count, sum, min, max, avg, stddev and var of each group."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.featurelayers.order import sort_columns
from gpserverless.featurelayers.query import Statistic
from gpserverless.features.fields import BIG_INTEGER, DOUBLE, INTEGER, OID, Field
from gpserverless.features.rows import Column, is_null

FIGURES = ("count", "sum", "min", "max", "avg", "stddev", "var")


@dataclass(frozen=True)
class Groups:
    """Groups of rows.

    Attributes:
        numbers: The group of each row, from 0, shape (N,).
        count: Number of groups.
    """

    numbers: NDArray[np.int64]
    count: int


def compute_figure(field: Field, column: Column, groups: Groups, figure: Statistic) -> tuple[Field, Column]:
    """Return a figure of each group, and the field of these figures; null is left out of all figures.

    Args:
        field: The field of the column.
        column: The values, shape (N,).
        groups: The groups.
        figure: One of `FIGURES`, and its name.

    Raises:
        InvalidValue: The field holds no numbers, and the figure needs some.
    """
    is_known = ~_find_null(column)
    known = Groups(groups.numbers[is_known], groups.count)
    if figure.type == "count":
        return Field(figure.name, INTEGER), np.bincount(known.numbers, minlength=known.count)
    if figure.type in ("min", "max"):
        kind = BIG_INTEGER if field.type == OID else field.type
        chosen = _find_extremes(column[is_known], known, largest=figure.type == "max")
        return replace(field, name=figure.name, alias="", type=kind, nullable=None), chosen
    if not field.is_number:
        problem = f"field '{field.name}' holds no numbers, which {figure.type} needs"
        raise InvalidValue(problem, "a field of numbers")
    values = column[is_known].astype(np.float64)
    return Field(figure.name, DOUBLE), _compute_number(figure.type, values, known)


def _find_null(column: Column) -> NDArray[np.bool_]:
    if column.dtype.kind == "O":
        return np.fromiter(map(is_null, column.tolist()), bool, len(column))
    return np.isnan(column)


def _find_extremes(column: Column, groups: Groups, *, largest: bool) -> Column:
    """Return the smallest or the largest value of each group, None where there is none."""
    order = sort_columns([(column, largest)])
    chosen = np.full(groups.count, -1)
    chosen[groups.numbers[order[::-1]]] = order[::-1]  # the first of the order stays
    if (chosen >= 0).all():
        return np.asarray(column[chosen])
    values = np.full(groups.count, None, object)
    values[chosen >= 0] = column[chosen[chosen >= 0]].astype(object)
    return values


def _compute_number(kind: str, values: NDArray[np.float64], groups: Groups) -> NDArray[np.float64]:
    """Return sums, means, or variances of samples (n - 1) in two passes; NaN where there are too few."""
    counts = np.bincount(groups.numbers, minlength=groups.count)
    sums = np.bincount(groups.numbers, values, groups.count)
    if kind == "sum":
        return np.where(counts > 0, sums, np.nan)
    with np.errstate(all="ignore"):
        means = sums / counts
        if kind == "avg":
            return means
        squares = np.bincount(groups.numbers, (values - means[groups.numbers]) ** 2, groups.count)
        variances = np.where(counts > 1, squares / (counts - 1), np.nan)
    return variances if kind == "var" else np.sqrt(variances)
