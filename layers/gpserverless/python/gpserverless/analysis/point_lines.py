"""Lines through points in their order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.cases import rank_values
from gpserverless.analysis.inputs import check_types, drop_shapeless
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.rows import Column
from gpserverless.features.value_numbers import number_groups
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, compute_offsets, flatten
from gpserverless.geometry.geometry_types import POINT, POLYLINE
from gpserverless.values.counts import write_count


def join_points(
    features: FeatureSet[Any], line_field: str | None, sort_field: str | None, watch: Watch, *, close: bool
) -> FeatureSet[Any]:
    """Return a line through the points of each value of a field, with that value.

    Args:
        features: Points; those without a shape are left out.
        line_field: The field; None for one line through all.
        sort_field: The field by whose values the points of a line are put in order, nulls last; None for the
            order in which they come.
        watch: Takes progress and warnings.
        close: Whether a line ends where it began.

    Raises:
        InvalidValue: There is no such field.
    """
    check_types(features, "Input_Features", (POINT,))
    some = drop_shapeless(features, watch)
    watch.progress("Sorting points")
    kept = some.only() if line_field is None else some.only(line_field)
    group = _number_lines(kept)
    order = _sort_points(some, group, sort_field)
    watch.progress("Listing places")
    flat = flatten(some.geometries, POINT, z=some.has_z, m=some.has_m)
    counts = np.bincount(group, minlength=1 if len(some) else 0)
    long = counts > 1
    _warn_of_single_points(int((~long).sum()), watch)
    sequence = order[long[group[order]]]
    parts = compute_offsets(counts[long])
    if close and len(sequence):
        sequence, parts = _close(sequence, parts, flat)
    watch.progress("Drawing lines")
    _, first = np.unique(group, return_index=True)
    lines = CoordinateArrays(
        POLYLINE, flat.coordinates[sequence], parts, np.arange(len(parts)), flat.has_z, flat.has_m
    )
    return kept.take(first[long]).with_geometries(lines.to_shapely(), POLYLINE)


def _number_lines(kept: FeatureSet[Any]) -> NDArray[np.int64]:
    """Return the number of the line of each point; without a field there is one line."""
    columns = list(kept.columns.values())
    return number_groups(columns) if columns else np.zeros(len(kept), np.int64)


def _sort_points(
    points: FeatureSet[Any], group: NDArray[np.int64], sort_field: str | None
) -> NDArray[np.int64]:
    """Return the points line by line, and in each by their values."""
    come = np.arange(len(points))
    rank = come if sort_field is None else rank_nulls_last(points.column(sort_field))
    return np.lexsort((come, rank, group))


def _warn_of_single_points(count: int, watch: Watch) -> None:
    if count:
        watch.warn(f"{write_count(count, 'line has', 'lines have')} one point alone, and were left out.")


def rank_nulls_last(values: Column) -> NDArray[np.int64]:
    """Return the place of each value among the different ones in order; null comes last.

    Args:
        values: Shape (N,), of a field.
    """
    ranks = rank_values(values)
    return np.where(ranks == 0, ranks.max(initial=0) + 1, ranks)


def _close(
    sequence: NDArray[np.int64], parts: NDArray[np.int64], flat: CoordinateArrays
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the points of each line with the first one again at the end, where it is not there yet."""
    first, last = sequence[parts[:-1]], sequence[parts[1:] - 1]
    is_open = (flat.coordinates[first, :2] != flat.coordinates[last, :2]).any(axis=1)
    closed = np.insert(sequence, parts[1:][is_open], first[is_open])
    return closed, compute_offsets(np.diff(parts) + is_open)
