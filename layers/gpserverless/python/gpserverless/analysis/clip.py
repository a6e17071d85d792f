"""The parts of features inside an area, or outside it.

Most features lie wholly inside or outside, which an index of the area's edges tells; only the others are cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.contacts import BLOCK, count_pairs, find_contacts, unite_partners
from gpserverless.analysis.inputs import align, check_types
from gpserverless.analysis.layers import (
    DIMENSIONS,
    OLD_MEASURES,
    Layer,
    place_layer,
    repair_layer,
    warn_of_repairs,
)
from gpserverless.analysis.operations import (
    Shapes,
    drop_slivers,
    intersect,
    keep,
    keep_dimension,
    make_multipoints,
    subtract,
)
from gpserverless.analysis.tolerance import Tolerance, read_tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT
from gpserverless.values.units import LinearUnit


@dataclass(frozen=True)
class Area:
    """The area that features are cut with."""

    #: Name of its parameter.
    name: str
    #: Its shapes; they may overlap.
    features: FeatureSet[Any]
    #: The tolerance that the caller gives.
    tolerance: LinearUnit | None = None


def clip(features: FeatureSet[Any], area: Area, watch: Watch) -> FeatureSet[Any]:
    """Return the parts of features inside an area, with the attributes of the features.

    Args:
        features: Features of any type.
        area: Polygons; for lines also lines, for points any shapes.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: The area's shapes are of a lower dimension than the features.
    """
    least = DIMENSIONS[features.geometry_type]
    check_types(area.features, area.name, [kind for kind, d in DIMENSIONS.items() if d >= least])
    return _cut(features, area, watch, inside=True)


def erase(features: FeatureSet[Any], area: Area, watch: Watch) -> FeatureSet[Any]:
    """Return the parts of features outside an area, with the attributes of the features.

    Args:
        features: Features of any type.
        area: Features of any type; those of a lower dimension take nothing away, which a warning says.
        watch: Takes progress and warnings.
    """
    if DIMENSIONS[area.features.geometry_type] < DIMENSIONS[features.geometry_type]:
        watch.warn(f"The shapes of {area.name} have no width or length: they take nothing away.")
        area = Area(area.name, area.features.take(np.zeros(len(area.features), bool)), area.tolerance)
    return _cut(features, area, watch, inside=False)


def _cut(features: FeatureSet[Any], area: Area, watch: Watch, *, inside: bool) -> FeatureSet[Any]:
    tolerance = read_tolerance(area.tolerance, features.spatial_reference)
    layer = place_layer("in_features", features, watch)
    other = place_layer(area.name, align(area.features, features, watch), watch)
    other = repair_layer(other, tolerance, watch)
    if tolerance.grid:
        layer = repair_layer(layer, tolerance, watch)
    shapes = cut_shapes(layer, other, tolerance, watch, inside=inside)
    kept = ~shapely.is_missing(shapes)
    parts = layer.features.without(*OLD_MEASURES).take(kept)
    return parts.with_geometries(shapes[kept], features.geometry_type)


def cut_shapes(layer: Layer, other: Layer, tolerance: Tolerance, watch: Watch, *, inside: bool) -> Shapes:
    """Return the part of each shape inside or outside those of another layer, shape (N,), None for none.

    Args:
        layer: The shapes.
        other: The other layer.
        tolerance: The tolerance.
        watch: Takes progress.
        inside: Whether the parts inside are wanted.
    """
    tree = shapely.STRtree(other.shapes)
    count_pairs(layer.shapes, tree)
    result: Shapes = np.full(len(layer.shapes), None, object)
    repaired = 0
    for rows in split_rows(len(result), watch, "Cutting features", BLOCK):
        shapes = layer.shapes[rows]
        if layer.features.geometry_type == POINT:
            near = _find_near(shapes, other, tree, tolerance)
            result[rows] = keep(shapes, near == inside)
        else:
            result[rows], count = _cut_block(shapes, layer, tree, tolerance, inside=inside)
            repaired += count
    warn_of_repairs(repaired, watch)
    return result


def _cut_block(
    shapes: Shapes, layer: Layer, tree: shapely.STRtree, tolerance: Tolerance, *, inside: bool
) -> tuple[Shapes, int]:
    """Return the parts of shapes, and the number of those among the result that were invalid."""
    contacts = find_contacts(shapes, tree)
    whole = np.zeros(len(shapes), bool)
    whole[contacts.left[contacts.left_inside]] = True
    border = contacts.take(~whole[contacts.left])
    near = unite_partners(shapes, tree.geometries, border, tolerance)
    crossing = ~shapely.is_missing(near)
    kept = crossing | (whole if inside else ~whole)
    result = keep(shapes, kept)
    if layer.dimension == 2:
        result[kept] = repair_polygons(shapes[kept])
    repaired = _count_changes(shapes[kept], result[kept])
    result[shapely.is_empty(result)] = None
    crossing &= ~shapely.is_missing(result)
    operate = intersect if inside else subtract
    pieces = keep_dimension(operate(result[crossing], near[crossing], tolerance), layer.dimension)
    if layer.features.geometry_type == MULTIPOINT:
        pieces = make_multipoints(pieces)
    result[crossing] = drop_slivers(pieces, layer.dimension, tolerance)
    return result, repaired


def _find_near(
    points: Shapes, other: Layer, tree: shapely.STRtree, tolerance: Tolerance
) -> NDArray[np.bool_]:
    """Return whether each point is in a polygon, or on a line or a point by the tolerance."""
    near = np.zeros(len(points), bool)
    if other.dimension == 2:
        near[find_contacts(points, tree, every=True).left] = True
        return near
    near[tree.query(points, predicate="dwithin", distance=tolerance.least)[0]] = True
    return near


def _count_changes(before: Shapes, after: Shapes) -> int:
    return sum(a is not b for a, b in zip(before, after, strict=True))
