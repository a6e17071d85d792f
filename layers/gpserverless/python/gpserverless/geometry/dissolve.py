"""Unions of polygons, lines and points, each by the fastest algorithm that suits them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.coordinate_arrays import Geometries
from gpserverless.geometry.validity import find_valid

_FEW = 400
"""One of so many shapes, but at least one, is compared with those whose boxes it meets."""

SAMPLE = 100
"""About so many shapes are tried before shapes are tested for a coverage."""

MOST_NEIGHBOURS = 20
"""Most shapes whose boxes meet the box of one shape of a coverage on average, itself included."""


_SAME_AREA = 1e-9
"""Share of an area that rounding may change in a union."""


def unite(geometries: Geometries) -> shapely.Geometry:
    """Unite all geometries; the union of nothing is an empty collection.

    Polygons that only share borders, such as counties, are united as a coverage, 20 times faster than by the
    general algorithm. Scattered polygons are united in subsets that do not meet, twice as fast.

    Args:
        geometries: Shape (N,), None counts as nothing.
    """
    shapes = geometries[~shapely.is_missing(geometries)]
    if not len(shapes) or not (shapely.get_dimensions(shapes) == 2).all():
        return shapely.union_all(shapes)
    return unite_polygons(repair_polygons(shapes))


def unite_polygons(shapes: Geometries) -> shapely.Geometry:
    """Unite valid polygons.

    Args:
        shapes: Shape (N,), N > 0, without None.
    """
    union = None if _is_crowded(shapes) else _unite_coverage(shapes)
    return shapely.disjoint_subset_union_all(shapes) if union is None else union


def _unite_coverage(shapes: Geometries) -> shapely.Geometry | None:
    """Return the union of polygons that only share borders, None if they do not.

    The union tells more cheaply than a test of the polygons: what overlaps has less area together, and
    borders whose vertices differ stay in a union that is not valid, or cannot be made.
    """
    try:
        union = shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return None
    area = shapely.area(shapes).sum()
    is_whole = abs(union.area - area) <= _SAME_AREA * area
    return union if is_whole and shapely.is_valid(union) else None


def is_coverage(shapes: Geometries) -> bool:
    """Return whether polygons do not overlap, and neighbours have the vertices of their border in common.

    Args:
        shapes: Shape (N,), valid polygons.
    """
    return not _is_crowded(shapes) and bool(shapely.coverage_is_valid(shapes))


def _is_crowded(shapes: Geometries) -> bool:
    """Return whether some shapes meet too many others for a coverage, or overlap one: a trial takes long."""
    places = np.arange(0, len(shapes), max(1, len(shapes) // SAMPLE))
    one, other = shapely.STRtree(shapes).query(shapes[places])
    if len(one) > MOST_NEIGHBOURS * len(places):
        return True
    few = max(1, len(places) // max(1, len(shapes) // _FEW))
    near = (places[one] != other) & (one % few == 0)
    overlap = shapely.relate_pattern(shapes[places[one[near]]], shapes[other[near]], "2********")
    return bool(overlap.any())


def unite_groups(geometries: Geometries, groups: NDArray[np.int64]) -> Geometries:
    """Unite the geometries of each group, shape (max(groups) + 1,).

    Args:
        geometries: Shape (N,), None counts as nothing.
        groups: Shape (N,), 0 to the number of groups less one.
    """
    order = np.argsort(groups, kind="stable")
    bounds = np.searchsorted(groups[order], np.arange(groups.max(initial=-1) + 2))
    result: Geometries = np.full(len(bounds) - 1, None, object)
    for group in range(len(result)):
        result[group] = unite(geometries[order[bounds[group] : bounds[group + 1]]])
    return result


def repair_polygons(geometries: Geometries) -> Geometries:
    """Repair invalid polygons; valid ones are returned as the same objects.

    Each is repaired to a polygon or multipolygon by GEOS' method "structure", which keeps the area inside
    outer rings and outside holes.

    Args:
        geometries: Shape (N,), polygons; None stays None.
    """
    bad = ~(find_valid(geometries) | shapely.is_missing(geometries))
    if not bad.any():
        return geometries
    result = geometries.copy()
    result[bad] = shapely.make_valid(geometries[bad], method="structure", keep_collapsed=False)
    return result
