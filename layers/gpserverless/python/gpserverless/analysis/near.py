"""The nearest features: distances, places and directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_features, split_rows
from gpserverless.analysis.edge_pieces import Indices, Numbers, order_by_place
from gpserverless.analysis.edges import divide_edges
from gpserverless.analysis.ellipsoid import Ellipsoid
from gpserverless.analysis.inputs import align, drop_shapeless, find_shapes, repair
from gpserverless.analysis.links import Links
from gpserverless.analysis.plane import Plane
from gpserverless.analysis.search import Search, find_links
from gpserverless.analysis.search_radius import SearchRadius
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.map_edges import find_degrees
from gpserverless.values.counts import write_count
from gpserverless.values.spatial_reference import SpatialReference

_DEVIATION = 0.1
"""Metres that a projected edge may depart from its place when it is brought to the ellipsoid."""


@dataclass(frozen=True)
class NeighbourQuery:
    """The neighbours that are looked for.

    Attributes:
        radius: Longest distance, and the surface of the distances.
        count: Most neighbours of a feature; None for all.
        own: Whether a feature is its own neighbour in a layer that is the input itself.
    """

    radius: SearchRadius
    count: int | None = 1
    own: bool = False


@dataclass(frozen=True)
class Neighbours:
    """The links of N features to the features of some layers.

    Attributes:
        links: The links by feature and distance; distances and places in the reference of the features.
        layer: Shape (M,), the number of the layer of each target.
        row: Shape (M,), the row of each target in its layer.
        fid: Shape (M,), its object id.
        layers: Names of the layers.
    """

    links: Links
    layer: Indices
    row: Indices
    fid: Indices
    layers: tuple[str, ...]

    def name_layers(self) -> NDArray[np.object_]:
        """Return the name of the layer of each link's target."""
        return np.array(self.layers, object)[self.layer[self.links.target]]


def find_neighbours(
    features: FeatureSet[Any], layers: Sequence[FeatureSet[Any]], query: NeighbourQuery, watch: Watch
) -> Neighbours:
    """Find the closest features of some layers.

    Of equally close ones the first
    layer's and the lowest object id come first.

    Args:
        features: The features.
        layers: The layers with the other features, in any spatial reference.
        query: The neighbours that are looked for.
        watch: Takes warnings and progress.
    """
    radius = query.radius
    same = [not query.own and _is_same(features, layer) for layer in layers]
    if any(same):
        watch.info("A layer is the input itself: no feature is its own neighbour.")
    sources = repair(features, watch)
    placed = [align(layer, features, watch) for layer in layers]
    targets = [repair(drop_shapeless(each, watch), watch) for each in placed]
    layer = np.repeat(np.arange(len(layers)), [len(each) for each in targets])
    kept = [np.flatnonzero(find_shapes(each.geometries)) for each in placed]
    fid = _join([each.object_ids[rows] for each, rows in zip(placed, kept, strict=True)])
    row = _join(kept)
    rows = _find_present(sources, watch)
    own = np.full(len(features), -1)
    for number in np.flatnonzero(same):
        of_layer = np.flatnonzero(layer == number)
        own[row[of_layer]] = of_layer
    surface = _make_surface(sources.take(rows), targets, radius, watch)
    tie = np.argsort(np.lexsort((fid, layer)))
    links = find_links(surface, Search(radius.value, query.count, tie, own[rows]), watch)
    watch.progress("Putting links in order")
    links = replace(links, source=rows[links.source]).sort(tie)
    links = _bring_back(links, features.spatial_reference, radius, watch)
    return Neighbours(links, layer, row, fid, tuple(f"near_features[{n}]" for n in range(len(layers))))


def _join(columns: Sequence[Indices]) -> Indices:
    return np.concatenate([np.empty(0, np.int64), *columns])


def _is_same(features: FeatureSet[Any], other: FeatureSet[Any]) -> bool:
    """Return whether two layers hold the same ids and shapes."""
    if len(features) != len(other) or features.spatial_reference != other.spatial_reference or not len(other):
        return False
    alike = shapely.equals_identical(features.geometries, other.geometries)
    alike |= shapely.is_missing(features.geometries) & shapely.is_missing(other.geometries)
    return bool(alike.all() and (features.object_ids == other.object_ids).all())


def _find_present(features: FeatureSet[Any], watch: Watch) -> Indices:
    """Return the rows with a shape; neighbours follow each other."""
    rows = np.flatnonzero(find_shapes(features.geometries))
    missing = len(features) - len(rows)
    if missing:
        one, many = (
            "feature without a shape has no neighbour.",
            "features without a shape have no neighbours.",
        )
        watch.warn(write_count(missing, one, many))
    return rows[order_by_place(features.geometries[rows])]


def _make_surface(
    sources: FeatureSet[Any], targets: Sequence[FeatureSet[Any]], radius: SearchRadius, watch: Watch
) -> Plane | Ellipsoid:
    if not radius.geodesic:
        shapes = [each.geometries for each in targets]
        return Plane(sources.geometries, np.concatenate([np.empty(0, object), *shapes]))
    reference = sources.spatial_reference
    if reference is None:
        raise ToolError("The features have no spatial reference, so nothing is measured on the ellipsoid.")
    degrees = find_degrees(reference)
    placed = [_place_on_ellipsoid(each, degrees, watch) for each in (sources, *targets)]
    return Ellipsoid(placed[0], np.concatenate([np.empty(0, object), *placed[1:]]), degrees.geod)


def _place_on_ellipsoid(
    features: FeatureSet[Any], degrees: SpatialReference, watch: Watch
) -> NDArray[np.object_]:
    """Return the shapes in -180 to 180 degrees; an edge keeps the place it has in its own coordinates."""
    reference = features.spatial_reference
    if reference is not None and not reference.is_geographic:
        features = change_features(
            features, lambda some: divide_edges(some, degrees, _DEVIATION), watch, "Dividing edges"
        )
    shapes = change_features(
        features, lambda some: some.project(degrees).cut_at_antimeridian(), watch, "Projecting"
    ).geometries
    bounds = shapely.bounds(shapes)
    if (np.abs(bounds[:, [1, 3]]) > 90).any():
        raise ToolError("A latitude is beyond 90 degrees.")
    if shapely.is_missing(shapes).any():
        raise ToolError("A feature has no place in longitude and latitude.")
    return shapes


def _bring_back(
    links: Links, reference: SpatialReference | None, radius: SearchRadius, watch: Watch
) -> Links:
    """Return links in the linear unit and the coordinates of the reference."""
    if not radius.geodesic or reference is None:
        return links
    degrees = find_degrees(reference)
    distance = links.distance / reference.metres_per_unit
    if reference == degrees:
        return replace(links, distance=distance)
    start, end = (_project(places, degrees, reference, watch) for places in (links.start, links.end))
    return replace(links, distance=distance, start=start, end=end)


def _project(
    places: Numbers, degrees: SpatialReference, reference: SpatialReference, watch: Watch
) -> Numbers:
    placed = np.full((len(places), 2), np.nan)
    for rows in split_rows(len(places), watch, "Projecting places"):
        points = FeatureSet.of(np.asarray(shapely.points(places[rows]), object), degrees).project(reference)
        known = ~shapely.is_missing(points.geometries)
        placed[rows][known] = shapely.get_coordinates(points.geometries[known])
    return placed
