"""What lies within distances of features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from shapely import Polygon

from gpserverless.analysis.near import NeighbourQuery, find_neighbours
from gpserverless.analysis.pairs import Pairs, find_pairs
from gpserverless.analysis.search_radius import resolve_radius
from gpserverless.analysis.watch import Watch
from gpserverless.analysis.zones import ZoneStyle, draw_zones
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.units import LinearUnit


def draw_all_zones(
    features: FeatureSet[Any], distances: Sequence[LinearUnit], watch: Watch
) -> FeatureSet[Polygon]:
    """Return the zones of features at each distance, by distance, with BUFF_DIST and ORIG_FID.

    Args:
        features: Features with a shape.
        distances: At least one.
        watch: Takes progress.
    """
    parts = [draw_zones(features, distance, ZoneStyle(), watch) for distance in distances]
    shapes = np.concatenate([part.geometries for part in parts])
    columns = {f.name: np.concatenate([part.columns[f.name] for part in parts]) for f in parts[0].fields}
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=features.spatial_reference)
    return bare.with_geometries(shapes, "esriGeometryPolygon").with_columns(columns, parts[0].fields)


def find_nearby(
    features: FeatureSet[Any],
    zones: FeatureSet[Polygon],
    others: FeatureSet[Any],
    distances: Sequence[LinearUnit],
    watch: Watch,
) -> Pairs:
    """Return the pairs of a zone and what lies in it; points by their exact distance, not by the outline.

    Args:
        features: The N features of the zones.
        zones: The zones of all features at each distance, by distance.
        others: The features that are looked for, in the spatial reference of the features.
        distances: The D distances.
        watch: Takes progress.
    """
    if others.geometry_type != "esriGeometryPoint" or len(zones) != len(features) * len(distances):
        return find_pairs(zones.cut_at_antimeridian(), others.cut_at_antimeridian(), watch)
    polygon, feature = [], []
    for number, distance in enumerate(distances):
        reach = resolve_radius(features, distance, "distances", geodesic=features.is_geographic, watch=watch)
        found = find_neighbours(features, [others], NeighbourQuery(reach, None, own=True), watch)
        polygon.append(found.links.source + number * len(features))
        feature.append(found.row[found.links.target])
    count = sum(map(len, polygon))
    return Pairs(np.concatenate(polygon), np.concatenate(feature), np.ones(count), np.ones(count))
