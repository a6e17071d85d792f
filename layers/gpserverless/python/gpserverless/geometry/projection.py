"""Projection of geometries from one spatial reference to another.

PROJ moves one vertex at a time and answers longitudes within half a turn. Where a line or polygon crosses
the edge of a map, that alone would draw it around the other side of the world. So:

- A shape that is drawn beyond the edge of a cylindrical map, or beyond 180 degrees, stays whole and in its
  place in another such map with the same edge: 170 to 190 degrees are x from 18,924,313 to 21,150,703 in Web
  Mercator. A shape that lies beyond the edge as a whole moves by whole turns into the map.
- In any other map that is cut at a meridian, a shape is cut there, into parts that meet.
- In a map without a cut there, such as a polar or a transverse one, a shape stays whole, and parts that were
  cut at 180 degrees or along a pole become one.
- A polygon that holds a pole is closed along the pole's latitude in longitude and latitude.

Only such shapes take these ways; of all others the vertices are transformed, and edges stay straight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import shapely

from gpserverless.geometry.antimeridian import cut_lines, cut_polygons
from gpserverless.geometry.coordinate_arrays import Coordinates, Geometries, flatten
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.geometry.map_edges import MapEdge, find_map_edge
from gpserverless.geometry.map_seams import join_polygons
from gpserverless.geometry.place_of_shapes import drop_shapes_off_map, find_moved_shapes
from gpserverless.geometry.turns import transform_places
from gpserverless.geometry.unrolled import ToDegrees, unroll_lines, unroll_polygons
from gpserverless.values.spatial_reference import SpatialReference, get_transformer

_INSIDE = 1e-10
"""Degrees inside the edge of a map at which its right and left edge are told apart; 0.01 millimetres."""

_FARTHEST = 1e8
"""Coordinates of a pole, in units of the map, above which it is infinitely far away."""

_BESIDE_POLE = 1e-4
"""Quarters of a turn from such a pole, that have no place either; more than a datum moves a latitude."""

_LONGEST_EDGE = 1.0
"""Degrees of an edge of a shape that is cut for a map whose edge is curved."""

Move = Callable[[Coordinates], Coordinates]


@dataclass(frozen=True)
class _Layer:
    """Geometries of one type, with the ordinates that they have."""

    geometries: Geometries
    geometry_type: str
    z: bool
    m: bool

    def move(self, move: Move) -> Geometries:
        """Return the geometries with x and y moved; None for those that come to infinity."""
        shapes = self.geometries
        if self.m:  # shapely's own transform loses the m
            if self.geometry_type == POLYGON:
                shapes = np.asarray(shapely.orient_polygons(shapes, exterior_cw=True))
            flat = flatten(shapes, self.geometry_type, z=self.z, m=True)
            return _drop_infinite(replace(flat, coordinates=move(flat.coordinates.copy())).to_shapely())
        moved = move(shapely.get_coordinates(shapes, include_z=self.z))
        placed = np.asarray(shapely.set_coordinates(shapes.copy(), moved))
        with np.errstate(invalid="ignore", over="ignore"):
            is_finite = np.isfinite(moved[:, :2].sum())
        return placed if is_finite else _drop_infinite(placed)

    def with_geometries(self, geometries: Geometries) -> _Layer:
        return replace(self, geometries=geometries)


def project_geometries(
    geometries: Geometries,
    geometry_type: str,
    source: SpatialReference,
    target: SpatialReference,
    *,
    z: bool = False,
    m: bool = False,
) -> Geometries:
    """Project geometries to another spatial reference; null beyond its range.

    Args:
        geometries: Shape (N,), in `source`; None stays None. Z and m stay as they are, but a polygon that is
            cut loses its m.
        geometry_type: Their Esri type.
        source: Their spatial reference.
        target: The other spatial reference.
        z: Whether they have a z.
        m: Whether they have an m.

    Raises:
        InvalidValue: PROJ does not know one of the two spatial references.
    """
    if source == target or not len(geometries):
        return geometries
    geometries = drop_shapes_off_map(geometries, source)
    layer = _Layer(geometries, geometry_type, z, m)
    here, there = find_map_edge(source), find_map_edge(target)
    if geometry_type in (POINT, MULTIPOINT):
        return _project_points(layer, source, target)
    result = layer.move(_transform_by(source, target))
    special = find_moved_shapes(geometries, result, source, target)
    if special.any():
        some = layer.with_geometries(geometries[special])
        result[special] = _place_shapes(some, (source, here), (target, there))
    return result


def _project_points(layer: _Layer, source: SpatialReference, target: SpatialReference) -> Geometries:
    here, there = find_map_edge(source), find_map_edge(target)
    if there.latitude < 90 and source.is_geographic and here.period == 360:
        layer = layer.with_geometries(_clip_to_latitudes(layer, there.latitude))
    return layer.move(_transform_by(source, target))


def _transform_by(source: SpatialReference, target: SpatialReference) -> Move:
    change, edge = get_transformer(source, target), find_map_edge(source)

    def move(coordinates: Coordinates) -> Coordinates:
        coordinates[:, :2] = transform_places(change, coordinates[:, :2], edge)
        return coordinates

    return move


Map = tuple[SpatialReference, MapEdge]


def _place_shapes(layer: _Layer, source: Map, target: Map) -> Geometries:
    """Project lines or polygons that cross an edge of one of two maps, hold a pole or reach beyond."""
    here, there = source[1], target[1]
    degrees: Map = (there.degrees, find_map_edge(there.degrees))
    layer = _bring_to_degrees(layer, source, degrees)
    if there.latitude < 90:
        layer = layer.with_geometries(_clip_to_latitudes(layer, there.latitude))
    if here.period and there.period and here.has_meridian_of(there):
        return _keep_turns(layer, degrees, target)
    if layer.m and layer.geometry_type == POLYGON:
        layer = layer.with_geometries(_drop_m(layer.geometries))
    if not there.is_cut:
        return _join_shapes(layer, here, target)
    west = there.middle - 180
    if layer.geometry_type == POLYLINE:
        cut = cut_lines(layer.geometries, west, 360.0, z=layer.z, m=layer.m)
    else:
        cut = cut_polygons(layer.geometries, west, 360.0)
    layer = layer.with_geometries(cut)
    if there.period:
        return _drop_empty(_keep_turns(layer, degrees, target))
    placed = _divide_edges(layer).move(_transform_inside(degrees, target))
    # Where a pole is one point of the map, another datum tears it apart.
    return _drop_empty(repair_polygons(placed) if layer.geometry_type == POLYGON else placed)


def _bring_to_degrees(layer: _Layer, source: Map, degrees: Map) -> _Layer:
    """Return the shapes in longitude, in any turn but without a jump, and latitude."""
    reference, edge = source
    if edge.period:
        if reference == degrees[0]:
            return layer
        return layer.with_geometries(_keep_turns(layer, source, degrees))
    change = ToDegrees(get_transformer(reference, degrees[0]), edge.middle)
    if layer.geometry_type == POLYLINE:
        return layer.with_geometries(unroll_lines(layer.geometries, change, z=layer.z, m=layer.m))
    return layer.with_geometries(unroll_polygons(layer.geometries, change))


def _keep_turns(layer: _Layer, source: Map, target: Map) -> Geometries:
    """Project between maps with a period, each vertex in its turn; a shape beyond the edge moves inside."""
    (reference, here), (other, there) = source, target
    change = get_transformer(reference, other) if reference != other else None
    counts = shapely.get_num_coordinates(layer.geometries)
    bounds = shapely.bounds(layer.geometries)
    west, east = (here.to_longitudes(bounds[:, side]) - there.middle for side in (0, 2))
    turns = np.where(west >= 180, np.floor((west + 180) / 360), 0.0)
    turns = np.repeat(np.where(east <= -180, np.ceil((east - 180) / 360), turns), counts)

    def move(coordinates: Coordinates) -> Coordinates:
        x, y = coordinates[:, 0].copy(), coordinates[:, 1].copy()
        if change is not None:
            coordinates[:, :2] = transform_places(change, coordinates[:, :2], here)
        right = there.origin + (here.to_longitudes(x) - there.middle) / 360 * there.period
        with np.errstate(invalid="ignore"):  # of infinite coordinates
            own = np.round((right - coordinates[:, 0]) / there.period)
        own[~np.isfinite(own)] = 0.0  # infinity stays, and a ring closed
        coordinates[:, 0] += (own - turns) * there.period
        if reference.is_geographic and other.is_geographic:
            pole = np.abs(y) >= here.period / 4  # another datum would give it any longitude
            coordinates[pole, 0] = right[pole] - turns[pole] * there.period
            coordinates[pole, 1] = np.copysign(there.period / 4, y[pole])
        return coordinates

    return layer.move(move)


def _transform_inside(degrees: Map, target: Map) -> Move:
    """Transform shapes within one turn of the target; x on its edges stays on that side.

    The sides are told apart in the datum of the target: another one may count from another meridian.
    """
    base = target[0].geographic
    to_base, onto_map = get_transformer(degrees[0], base), get_transformer(base, target[0])
    edge = find_map_edge(base)  # its middle is the prime meridian
    middle = target[1].middle
    quarter = edge.period / 4
    poles = np.abs(onto_map.transform([edge.origin] * 2, [-quarter, quarter])).max(axis=0)
    south, north = np.where(poles < _FARTHEST, np.inf, quarter * (1 - _BESIDE_POLE))

    def move(coordinates: Coordinates) -> Coordinates:
        x, latitudes = to_base.transform(coordinates[:, 0], coordinates[:, 1])
        longitudes = edge.to_longitudes(np.asarray(x))
        with np.errstate(invalid="ignore"):  # of infinite coordinates
            longitudes += np.round((coordinates[:, 0] - longitudes) / 360) * 360
        inside = np.clip(longitudes, middle - 180 + _INSIDE, middle + 180 - _INSIDE)
        x = (inside - edge.middle) / 360 * edge.period + edge.origin
        coordinates[:, 0], coordinates[:, 1] = onto_map.transform(x, latitudes)
        # Another datum moves a pole that is infinitely far away to a place that is only very far.
        coordinates[(np.asarray(latitudes) < -south) | (np.asarray(latitudes) > north), :2] = np.inf
        return coordinates

    return move


def _join_shapes(layer: _Layer, here: MapEdge, target: Map) -> Geometries:
    """Project to a map without a cut; polygons lose their edges along the cut of the source and the poles."""
    reference, edge = target
    move = _transform_by(edge.degrees, reference)
    if layer.geometry_type == POLYLINE:
        return layer.move(move)
    west = here.middle - 180
    inside = cut_polygons(layer.geometries, west, 360.0)
    return join_polygons(inside, here.middle, get_transformer(edge.degrees, reference))


def _divide_edges(layer: _Layer) -> _Layer:
    """Divide the edges of shapes that meet a curved edge of the map, unless that would lose an m."""
    if layer.m:
        return layer
    return layer.with_geometries(np.asarray(shapely.segmentize(layer.geometries, _LONGEST_EDGE)))


def _drop_infinite(geometries: Geometries) -> Geometries:
    """Replace geometries by None that PROJ has put at infinity."""
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    outside = index[~np.isfinite(coordinates).all(axis=1)]
    geometries[outside] = None
    return geometries


def _drop_m(geometries: Geometries) -> Geometries:
    """Drop the m: where GEOS cuts polygons that have one, it would lose their z with it."""
    dimension: Literal[2, 3] = 3 if shapely.has_z(geometries).any() else 2
    written: Any = shapely.to_wkb(geometries, output_dimension=dimension)
    return np.asarray(shapely.from_wkb(written))


def _drop_empty(geometries: Geometries) -> Geometries:
    geometries[shapely.is_empty(geometries)] = None
    return geometries


def _clip_to_latitudes(layer: _Layer, latitude: float) -> Geometries:
    geometries, geometry_type = layer.geometries, layer.geometry_type
    bounds = shapely.bounds(geometries)
    beyond = (bounds[:, 1] < -latitude) | (bounds[:, 3] > latitude)
    if not beyond.any():
        return geometries
    result = geometries.copy()
    belt = shapely.box(-1e4, -latitude, 1e4, latitude)
    whole = _drop_m(result[beyond]) if layer.m else result[beyond]
    result[beyond] = shapely.intersection(shapely.make_valid(whole), belt)
    wanted = {POINT: 0, POLYGON: 2}.get(geometry_type, shapely.get_dimensions(result[beyond]))
    lost = beyond.copy()
    lost[beyond] = shapely.is_empty(result[beyond]) | (shapely.get_dimensions(result[beyond]) != wanted)
    result[lost] = None
    return result
