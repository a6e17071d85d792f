"""Several zones about features, as rings or as disks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gpserverless.analysis.inputs import drop_shapeless, make_unique, repair
from gpserverless.analysis.watch import Watch
from gpserverless.analysis.zones import ZoneStyle, buffer_in_blocks
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.dissolve import unite
from gpserverless.values.units import LinearUnit


@dataclass(frozen=True)
class RingStyle:
    """The form of several zones.

    Attributes:
        field: Name of the field with the distance.
        dissolve: Whether the zones of a distance become one ring, about those of the smaller distances; else
            each feature has a disk for each distance.
        zones: Sides of the zones, and how they are measured.
    """

    field: str
    dissolve: bool
    zones: ZoneStyle


def draw_rings(
    features: FeatureSet[Any], distances: Sequence[LinearUnit], style: RingStyle, watch: Watch
) -> FeatureSet[Polygon]:
    """Return the zones of several distances, from the shortest to the longest.

    Args:
        features: The features.
        distances: The distances, in one unit.
        style: The form of the zones.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: There is no distance, one is 0, or one does not suit the features.
    """
    ordered = _order(distances)
    features = repair(drop_shapeless(features, watch), watch)
    known = features.object_id_field
    features = features if known is None else features.without(known.name)
    name = make_unique(style.field, [] if style.dissolve else [f.name for f in features.fields])
    disks = [_buffer(features, each, style.zones, watch) for each in ordered]
    reach = np.array([each.distance for each in ordered])
    if style.dissolve:
        rings = _cut_rings([_unite(disk) for disk in disks])
        bare = FeatureSet[Any](
            spatial_reference=features.spatial_reference, geometry_type="esriGeometryPolygon"
        )
        made = bare.with_geometries(rings, "esriGeometryPolygon").with_columns({name: reach})
    else:
        index = np.tile(np.arange(len(features)), len(ordered))
        made = features.take(index).with_geometries(np.concatenate(disks), "esriGeometryPolygon")
        made = made.with_columns({name: np.repeat(reach, len(features))})
    there = ~(shapely.is_missing(made.geometries) | shapely.is_empty(made.geometries))
    return made.take(there)


def _order(distances: Sequence[LinearUnit]) -> list[LinearUnit]:
    if not distances:
        raise InvalidParameter("Distances", "it has no distance", "at least one distance")
    if any(each.distance == 0 for each in distances):
        raise InvalidParameter("Distances", "a distance is 0", "distances above 0, of polygons also below")
    unique = {each.distance: each for each in distances}
    return [unique[key] for key in sorted(unique)]


def _buffer(
    features: FeatureSet[Any], distance: LinearUnit, style: ZoneStyle, watch: Watch
) -> NDArray[np.object_]:
    watch.progress(f"Buffering at {distance.distance:g}")
    if distance.distance < 0 and features.geometry_type != "esriGeometryPolygon":
        raise InvalidParameter(
            "Distances", "a distance is below 0", "distances above 0; below 0 of polygons only"
        )
    try:
        resolved = features.buffer_distance(distance, geodesic=style.geodesic)
        return buffer_in_blocks(features, resolved, style, watch)
    except InvalidValue as error:
        raise InvalidParameter("Distances", error.problem, error.accepted) from None


def _unite(shapes: NDArray[np.object_]) -> Any:
    """Return the union, None of nothing."""
    united = unite(shapes)
    return None if shapely.is_empty(united) else united


def _cut_rings(disks: Sequence[Any]) -> NDArray[np.object_]:
    """Return each disk without the one before."""
    rings = np.full(len(disks), None, object)
    inner: Any = None
    for number, disk in enumerate(disks):
        rings[number] = disk if inner is None or disk is None else shapely.difference(disk, inner)
        inner = disk if disk is not None else inner
    return rings
