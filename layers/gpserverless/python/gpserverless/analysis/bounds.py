"""The least shapes of one kind around features or groups of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_shapes, split_rows
from gpserverless.analysis.calipers import find_diameters, fit_rectangles, list_hulls
from gpserverless.analysis.inputs import drop_shapeless
from gpserverless.analysis.origins import derive_features
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.value_numbers import number_groups
from gpserverless.geometry.circles import draw_plane_circles
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import POINT, POLYGON
from gpserverless.values.counts import write_count

Shapes = NDArray[np.object_]
Columns = dict[str, NDArray[np.float64]]


def bound_features(
    features: FeatureSet[Any], kind: str, groups: Sequence[str] | None, watch: Watch
) -> tuple[FeatureSet[Any], Columns]:
    """Return the least polygon of a kind around each feature or each group, and columns of its size.

    Args:
        features: Features of any type; those without a shape are left out.
        kind: RECTANGLE_BY_AREA, RECTANGLE_BY_WIDTH, CONVEX_HULL, CIRCLE or ENVELOPE.
        groups: Fields whose values make groups; none for one group of all; None for each feature alone.
        watch: Takes progress and warnings.
    """
    some = drop_shapeless(features, watch)
    hulls = change_shapes(
        some.geometries, lambda shapes: np.asarray(shapely.convex_hull(shapes)), watch, "Drawing hulls"
    )
    kept, hulls = _group(some, hulls, groups, watch)
    has_area = np.zeros(len(hulls), bool)
    for rows in split_rows(len(hulls), watch, "Looking for areas"):
        has_area[rows] = _find_areas(hulls[rows], kind)
    flat = len(hulls) - int(has_area.sum())
    if flat:
        one, many = "shape has no area, and was left out.", "shapes have no area, and were left out."
        watch.warn(write_count(flat, one, many))
    hulls = hulls[has_area]
    drawn, columns = _draw(hulls, kind, watch)
    return kept.take(has_area).with_geometries(drawn, POLYGON), columns


def _draw(hulls: Shapes, kind: str, watch: Watch) -> tuple[Shapes, Columns]:
    """Return a shape around each hull, and the columns of sizes; the hulls become None."""
    shapes, columns = _DRAWINGS[kind](hulls[:0], 0)
    blocks = [columns]
    found = [shapes]
    for rows in split_rows(len(hulls), watch, "Fitting shapes"):
        shapes, columns = _DRAWINGS[kind](hulls[rows], len(hulls))
        found.append(shapes.copy())
        hulls[rows] = None  # makes room
        blocks.append(columns)
    return np.concatenate(found), {name: np.concatenate([each[name] for each in blocks]) for name in columns}


def bound_by_envelopes(features: FeatureSet[Any], watch: Watch, *, parts: bool) -> FeatureSet[Any]:
    """Return the envelope of each feature.

    Args:
        features: Lines, polygons or multipoints; those without a shape are left out.
        watch: Takes warnings.
        parts: Whether each part has an envelope; those of a feature that overlap are united.
    """
    some = drop_shapeless(features, watch)
    boxes = change_shapes(
        some.geometries, lambda shapes: _bound_each(shapes, parts=parts), watch, "Drawing envelopes"
    )
    left = np.flatnonzero(~shapely.is_missing(boxes))
    flat = len(some) - len(left)
    if flat:
        one, many = "envelope has no area, and was left out.", "envelopes have no area, and were left out."
        watch.warn(write_count(flat, one, many))
    return derive_features(some, left, boxes[left], POLYGON, watch)


def _bound_each(shapes: Shapes, *, parts: bool) -> Shapes:
    """Return the envelope of each shape or of its parts, None where it has no area."""
    pieces, owner = shapes, np.arange(len(shapes))
    if parts:
        pieces, owner = shapely.get_parts(shapes, return_index=True)
    boxes = _draw_boxes(pieces)
    has_area = shapely.area(boxes) > 0
    counts = np.bincount(owner[has_area], minlength=len(shapes))
    left = np.flatnonzero(counts)
    number = np.repeat(np.arange(len(left)), counts[left])
    joined = np.asarray(shapely.multipolygons(boxes[has_area], indices=number))
    single = counts[left] == 1
    joined[single] = shapely.get_geometry(joined[single], 0)
    result = np.full(len(shapes), None, object)
    result[left] = repair_polygons(joined)
    return result


def _group(
    features: FeatureSet[Any], hulls: Shapes, groups: Sequence[str] | None, watch: Watch
) -> tuple[FeatureSet[Any], Shapes]:
    """Return one feature a group, without shapes, and the hulls of the groups."""
    if groups is None:
        rows = np.arange(len(features))
        return derive_features(features, rows, np.full(len(rows), None, object), POINT, watch), hulls
    kept = features.only(*groups)
    number = number_groups(list(kept.columns.values())) if groups else np.zeros(len(features), np.int64)
    _, first = np.unique(number, return_index=True)
    vertices, owner = shapely.get_coordinates(hulls, return_index=True)
    order = np.argsort(number[owner], kind="stable")
    points = np.asarray(shapely.points(vertices[order]))
    together = np.asarray(shapely.multipoints(points, indices=number[owner][order]))
    blank = kept.take(first).with_geometries(np.full(len(first), None, object), POINT)
    return blank, np.asarray(shapely.convex_hull(together))


def _find_areas(hulls: Shapes, kind: str) -> NDArray[np.bool_]:
    """Return which hulls have a polygon of a kind with an area: a slanting line has an envelope."""
    if kind == "ENVELOPE":
        x0, y0, x1, y1 = shapely.bounds(hulls).T
        return np.asarray((x1 > x0) & (y1 > y0))
    if kind == "CIRCLE":
        return np.asarray(shapely.minimum_bounding_radius(hulls) > 0)
    return np.asarray(shapely.area(hulls) > 0)


def _draw_boxes(shapes: Shapes) -> Shapes:
    x0, y0, x1, y1 = shapely.bounds(shapes).T
    return np.asarray(shapely.box(x0, y0, x1, y1, ccw=False))


def _draw_envelopes(hulls: Shapes, count: int) -> tuple[Shapes, Columns]:
    x0, y0, x1, y1 = shapely.bounds(hulls).T
    size = np.stack([x1 - x0, y1 - y0])
    return _draw_boxes(hulls), {"MBG_Width": size.min(axis=0), "MBG_Length": size.max(axis=0)}


def _draw_rectangles(hulls: Shapes, *, by_width: bool) -> tuple[Shapes, Columns]:
    found = fit_rectangles(list_hulls(hulls), by_width=by_width)
    columns = {"MBG_Width": found.width, "MBG_Length": found.length, "MBG_Orientation": found.orientation}
    return np.asarray(shapely.polygons(found.corners)), columns


def _draw_hulls(hulls: Shapes, count: int) -> tuple[Shapes, Columns]:
    listed = list_hulls(hulls)
    first, second = find_diameters(listed)
    a, b = listed.vertices[first], listed.vertices[second]
    columns = {
        "MBG_Width": fit_rectangles(listed, by_width=True).width,
        "MBG_Length": np.hypot(*(b - a).T),
        "MBG_APodX1": a[:, 0],
        "MBG_APodY1": a[:, 1],
        "MBG_APodX2": b[:, 0],
        "MBG_APodY2": b[:, 1],
    }
    return hulls, columns


def _draw_circles(hulls: Shapes, count: int) -> tuple[Shapes, Columns]:
    radius = shapely.minimum_bounding_radius(hulls)
    bounds = shapely.bounds(shapely.minimum_bounding_circle(hulls))
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    return draw_plane_circles(centre, radius, count), {"MBG_Diameter": 2 * radius}


_DRAWINGS: Mapping[str, Callable[[Shapes, int], tuple[Shapes, Columns]]] = MappingProxyType(
    {
        "RECTANGLE_BY_AREA": lambda hulls, _: _draw_rectangles(hulls, by_width=False),
        "RECTANGLE_BY_WIDTH": lambda hulls, _: _draw_rectangles(hulls, by_width=True),
        "CONVEX_HULL": _draw_hulls,
        "CIRCLE": _draw_circles,
        "ENVELOPE": _draw_envelopes,
    }
)
