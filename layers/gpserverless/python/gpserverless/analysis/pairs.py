"""Pairs of polygons and the features inside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gpserverless.analysis.blocks import index_shapes, split_rows
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.relations import NO_INDICES, find_points, join_blocks
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """The M pairs of a polygon and a feature that has a part inside it."""

    #: Shape (M,), index of the polygon, ascending.
    polygon: Indices
    #: Shape (M,), index of the feature.
    feature: Indices
    #: Shape (M,), metres or square metres of the part inside; 1 for a point.
    inside: NDArray[np.float64]
    #: Shape (M,), share of the feature that is inside, 0 to 1.
    share: NDArray[np.float64]


def find_pairs(polygons: FeatureSet[Polygon], features: FeatureSet[Any], watch: Watch) -> Pairs:
    """Find the features inside each polygon; a border belongs to both sides.

    Args:
        polygons: Valid polygons.
        features: Points, multipoints, lines or valid polygons, in the same spatial reference.
        watch: Takes the progress.
    """
    if features.geometry_type in ("esriGeometryPoint", "esriGeometryMultipoint"):
        return _find_points(polygons, features, watch)
    return _clip(polygons, features, watch)


def _find_points(polygons: FeatureSet[Polygon], features: FeatureSet[Any], watch: Watch) -> Pairs:
    points, owner = shapely.get_parts(features.geometries, return_index=True)
    found = find_points(points, polygons.geometries, watch)
    pairs = np.unique(np.column_stack(found[::-1]), axis=0)
    polygon, feature = pairs[:, 0], owner[pairs[:, 1]]
    size = np.bincount(owner, minlength=len(features))
    return Pairs(polygon, feature, np.ones(len(pairs)), 1 / np.maximum(size, 1)[feature])


def _clip(polygons: FeatureSet[Polygon], features: FeatureSet[Any], watch: Watch) -> Pairs:
    """Clip only features that cross a border: most lie wholly inside or outside."""
    shapes, areas = features.geometries, polygons.geometries
    whole = np.zeros(len(shapes))
    for rows in split_rows(len(shapes), watch, "Measuring features"):
        whole[rows] = _measure(features, shapes[rows])
    tree = index_shapes(shapes, watch)
    blocks = [(NO_INDICES, NO_INDICES)]
    for rows in split_rows(len(areas), watch, "Looking for features in polygons"):
        some = areas[rows]
        shapely.prepare(some)
        polygon, feature = tree.query(some, predicate="intersects")
        blocks.append((polygon + rows.start, feature))
        check_pairs(sum(len(each) for each, _ in blocks))
    polygon, feature = join_blocks(blocks)
    inside = whole[feature]
    for rows in split_rows(len(inside), watch, "Cutting features"):
        pieces, zones = shapes[feature[rows]], areas[polygon[rows]]
        cut = ~shapely.contains_properly(zones, pieces)
        inside[rows][cut] = _measure(features, np.asarray(shapely.intersection(pieces[cut], zones[cut])))
    real = inside > 0
    polygon, feature, inside = polygon[real], feature[real], inside[real]
    order = np.argsort(polygon, kind="stable")
    polygon, feature, inside = polygon[order], feature[order], inside[order]
    return Pairs(polygon, feature, inside, np.minimum(inside / whole[feature], 1.0))


def _measure(features: FeatureSet[Any], shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return metres of lines or square metres of polygons; parts of a lower dimension count 0."""
    wanted = 2 if features.geometry_type == "esriGeometryPolygon" else 1
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, owner = _flatten(parts, owner)
    right = shapely.get_dimensions(parts) == wanted
    pieces = FeatureSet.of(parts[right], features.spatial_reference)
    sizes = pieces.areas() if wanted == 2 else pieces.lengths()
    return np.bincount(owner[right], weights=sizes, minlength=len(shapes)).astype(np.float64)


def _flatten(parts: NDArray[np.object_], owner: Indices) -> tuple[NDArray[np.object_], Indices]:
    """Take apart the multipart members that a collection may have."""
    members, index = shapely.get_parts(parts, return_index=True)
    return members, owner[index]
