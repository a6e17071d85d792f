"""Envelopes of Esri JSON, and the features that they show.

An envelope is a part of a map, and a map repeats itself. A client whose map was scrolled past 180 degrees
sends an x beyond the edge. One whose map was zoomed out sends more than the whole world. So an envelope in
longitude and latitude, or in a cylindrical map, selects the features that its map shows, in any turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.geometry.map_edges import MapEdge, find_map_edge
from gpserverless.geometry.map_range import bring_into_map
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.spatial_reference import SpatialReference, get_transformer

if TYPE_CHECKING:
    from gpserverless.features.feature_set import FeatureSet

Sides = tuple[float, float, float, float]
Mask = NDArray[np.bool_]

_MOST_TURNS = 8
"""Turns of a map, on each side, in which features are looked for."""


def meet_envelope(features: FeatureSet[Any], envelope: Mapping[str, Any]) -> Mask:
    """Return whether features meet an envelope, shape (N,).

    Args:
        features: The features.
        envelope: Esri JSON with xmin, ymin, xmax, ymax, in its own spatialReference if it has one, else in
            that of the features.

    Raises:
        InvalidValue: It is no envelope, or its spatial reference is unknown.
    """
    sides, named = _read_sides(envelope), envelope.get("spatialReference")
    own = SpatialReference.from_optional_json(named) or features.spatial_reference
    reference = features.spatial_reference
    if own is None or reference is None:
        return np.asarray(shapely.intersects(features.geometries, shapely.box(*sides)))
    here, there = find_map_edge(own), find_map_edge(reference)
    if not here.period:
        return _meet_projected(features, sides, own)
    if not there.period or here.degrees != there.degrees:
        reference, there = here.degrees, find_map_edge(here.degrees)
        features = features.project(reference)
    return _meet_in_turns(features, _place_sides(sides, own, reference), there)


def _meet_in_turns(features: FeatureSet[Any], sides: Sides, edge: MapEdge) -> Mask:
    """Look for features in every turn of a map with a period."""
    xmin, ymin, xmax, ymax = sides
    shapes = features.geometries
    bounds = shapely.bounds(shapes)
    found = np.zeros(len(shapes), bool)
    if not np.isfinite(bounds).any():
        return found
    if xmax - xmin >= edge.period:
        xmin, xmax = np.nanmin(bounds[:, 0]) - 1, np.nanmax(bounds[:, 2]) + 1
        return np.asarray(shapely.intersects(shapes, shapely.box(xmin, ymin, xmax, ymax)))
    first = np.ceil((np.nanmin(bounds[:, 0]) - xmax) / edge.period)
    last = np.floor((np.nanmax(bounds[:, 2]) - xmin) / edge.period)
    middle = np.clip(0, first, last)
    for turn in np.arange(max(first, middle - _MOST_TURNS), min(last, middle + _MOST_TURNS) + 1):
        away = turn * edge.period
        found |= shapely.intersects(shapes, shapely.box(xmin + away, ymin, xmax + away, ymax))
    return found


def _place_sides(sides: Sides, own: SpatialReference, reference: SpatialReference) -> Sides:
    """Return the sides in another map with a period on the same datum, where a box is a box too."""
    xmin, ymin, xmax, ymax = sides
    here, there = find_map_edge(own), find_map_edge(reference)
    if own != reference:
        longitudes = here.to_longitudes(np.array([xmin, xmax]))
        xmin, xmax = (there.origin + (longitudes - there.middle) / 360 * there.period).tolist()
        lowest, highest = (-here.latitude, here.latitude) if own.is_geographic else (-np.inf, np.inf)
        change = get_transformer(own, reference)
        inside = np.clip([ymin, ymax], lowest, highest)
        _, y = change.transform([here.origin] * 2, inside)
        # Beyond the last parallel that has a place, a side lies outside of everything.
        ymin, ymax = (side if np.isfinite(side) else end for side, end in zip(y, (-1e99, 1e99), strict=True))
    return xmin, ymin, xmax, ymax


def _meet_projected(features: FeatureSet[Any], sides: Sides, own: SpatialReference) -> Mask:
    """Compare features with an envelope in a map without a period, in the reference of the features."""
    reference = features.spatial_reference
    box = shapely.box(*sides)
    if reference is None or reference == own:
        return np.asarray(shapely.intersects(features.geometries, box))
    divided = np.array([shapely.segmentize(box, max(box.length / 80, 1e-9))], object)
    region = project_geometries(divided, POLYGON, own, reference)[0]
    if region is None:
        return np.asarray(shapely.intersects(features.project(own).geometries, box))
    inside = bring_into_map(
        features.geometries, features.geometry_type, reference, z=features.has_z, m=features.has_m
    )
    return np.asarray(shapely.intersects(inside, region))


def _read_sides(envelope: Mapping[str, Any]) -> Sides:
    sides = [envelope.get(name) for name in ("xmin", "ymin", "xmax", "ymax")]
    if any(isinstance(s, bool) or not isinstance(s, int | float) or not np.isfinite(s) for s in sides):
        raise InvalidValue("it is not an envelope", '{"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}')
    xmin, ymin, xmax, ymax = (float(s or 0) for s in sides)
    if xmin > xmax or ymin > ymax:
        raise InvalidValue("the envelope's sides are in the wrong order", "xmin <= xmax and ymin <= ymax")
    return xmin, ymin, xmax, ymax
