"""The polygons that lines and outlines enclose, with the attributes of points inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from gpserverless.analysis.inputs import align, check_types
from gpserverless.analysis.layers import place_layer
from gpserverless.analysis.line_network import Paths, list_paths, prepare_lines, split_paths, unite_paths
from gpserverless.analysis.operations import Indices, Shapes, drop_slivers
from gpserverless.analysis.overlay_columns import make_features
from gpserverless.analysis.pieces import Pieces
from gpserverless.analysis.tolerance import Tolerance, read_tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POINT, POLYGON
from gpserverless.values.counts import write_count
from gpserverless.values.units import LinearUnit


def enclose(
    layers: Sequence[FeatureSet[Any]],
    given: LinearUnit | None,
    watch: Watch,
    labels: FeatureSet[Any] | None = None,
) -> FeatureSet[Any]:
    """Return the polygons that the lines and outlines of layers enclose, from west to east.

    Args:
        layers: Lines or polygons, at least one layer; the later ones are projected to the first.
        given: The tolerance that the caller gives.
        watch: Takes progress and warnings.
        labels: Points, whose attributes the polygon around them gets; of several the first counts.

    Raises:
        InvalidParameter: There is no layer, one holds neither lines nor polygons, or labels are no points.
        ToolError: The lines cannot be cut.
    """
    if labels is not None:
        check_types(labels, "label_features", (POINT,))
    tolerance = read_tolerance(given, layers[0].spatial_reference if layers else None)
    prepared = prepare_lines(layers, tolerance, watch)
    reference = prepared[0].features.spatial_reference
    watch.progress("Enclosing polygons")
    polygons = _enclose(list_paths(prepared), tolerance, watch)
    if labels is None:
        return FeatureSet[Any](spatial_reference=reference).with_geometries(polygons, POLYGON)
    layer = place_layer("label_features", align(labels, prepared[0].features, watch), watch)
    layer = replace(layer, features=replace(layer.features, spatial_reference=reference))
    held = _find_labels(polygons, layer.shapes, watch)
    return make_features(Pieces(polygons, held[:, None]), [layer], POLYGON, "NO_FID")


def _enclose(paths: Paths, tolerance: Tolerance, watch: Watch) -> Shapes:
    """Return the enclosed polygons by their western, then their southern edge."""
    noise = paths.measure_noise(tolerance)
    blocks = [np.empty(0, object)]
    for rows in split_paths(paths.shapes, tolerance, noise, watch):
        collection = shapely.polygonize(unite_paths(paths.shapes[rows], tolerance))
        some = np.asarray(shapely.get_parts(collection), object)
        blocks.append(some[~shapely.is_missing(drop_slivers(some, 2, tolerance))])
    found = np.concatenate(blocks)
    box = shapely.bounds(found)
    return found[np.lexsort((box[:, 1], box[:, 0]))]


def _find_labels(polygons: Shapes, points: Shapes, watch: Watch) -> Indices:
    """Return the first point inside each polygon, -1 for none; warnings count the points not used."""
    polygon, point = shapely.STRtree(points).query(polygons, predicate="contains_properly")
    held = np.full(len(polygons), len(points), np.int64)
    np.minimum.at(held, polygon, point)
    held[held == len(points)] = -1
    outside = len(points) - len(np.unique(point))
    if outside:
        one, many = "point lies inside no polygon", "points lie inside no polygon"
        watch.warn(write_count(outside, f"{one} and was not used.", f"{many} and were not used."))
    more = len(point) - int((held >= 0).sum())
    if more:
        one, many = "point lies in the polygon of another", "points lie in polygons of others"
        watch.warn(write_count(more, f"{one} and was not used.", f"{many} and were not used."))
    return held
