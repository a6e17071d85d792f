"""Weights of neighbours, by the relationship that is thought to hold between features."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import index_shapes, split_rows
from gpserverless.analysis.hot_spots import WeightSums, add_weights
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.neighbours import Distance, Links, Places, split_targets
from gpserverless.analysis.relations import NO_INDICES, join_blocks
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.features.feature_set import FeatureSet

Floats = NDArray[np.float64]
Relationship = Literal[
    "INVERSE_DISTANCE",
    "INVERSE_DISTANCE_SQUARED",
    "FIXED_DISTANCE_BAND",
    "ZONE_OF_INDIFFERENCE",
    "K_NEAREST_NEIGHBORS",
    "CONTIGUITY_EDGES_ONLY",
    "CONTIGUITY_EDGES_CORNERS",
    "GET_SPATIAL_WEIGHTS_FROM_FILE",
]

MAX_NEIGHBOURS = 2_000_000_000
"""Most neighbours that all features may have together: about half an hour."""

CONTIGUITY = ("CONTIGUITY_EDGES_ONLY", "CONTIGUITY_EDGES_CORNERS")
_POWERS = {"INVERSE_DISTANCE": 1, "INVERSE_DISTANCE_SQUARED": 2}
_TEXT = "Looking for neighbours"


@dataclass(frozen=True)
class Weighting:
    """The weights of neighbours.

    Attributes:
        relationship: The relationship.
        method: How distances are measured in the plane.
        band: The distance up to which there are neighbours; None to let every feature have one.
        count: Number of nearest neighbours.
    """

    relationship: Relationship = "FIXED_DISTANCE_BAND"
    method: Distance = "EUCLIDEAN_DISTANCE"
    band: float | None = None
    count: int = 8


def sum_weights(
    features: FeatureSet[Any], values: Floats, own: Floats, weighting: Weighting, watch: Watch
) -> tuple[WeightSums, NDArray[np.int64]]:
    """Add up the weights of every feature's neighbours; return also how many neighbours it has.

    Args:
        features: n features with shapes; lines and polygons stand at their centroids.
        values: Shape (n,), their values.
        own: Shape (n,), the weight of each feature for itself.
        weighting: The weights.
        watch: Takes the progress, and warnings about features without neighbours.

    Raises:
        ToolError: The relationship is not offered, or the neighbours would be too many.
    """
    total = len(features)
    sums, numbers = np.zeros((3, total)), np.zeros(total, np.int64)
    for rows, links, weight in _find_weights(features, weighting, watch):
        other = links.target != links.place
        numbers[rows] = np.bincount(links.target[other] - rows.start, minlength=rows.stop - rows.start)
        found = add_weights(
            links.target[other] - rows.start,
            links.place[other],
            weight[other],
            values,
            rows.stop - rows.start,
        )
        sums[:, rows] = found.weight, found.square, found.value
    sums += own, own * own, own * values
    if alone := int(np.count_nonzero(numbers == 0)):
        watch.warn(f"Features without neighbours: {alone:,}; they are compared by their own value.")
    return WeightSums(*sums), numbers


def _find_weights(
    features: FeatureSet[Any], weighting: Weighting, watch: Watch
) -> Iterator[tuple[slice, Links, Floats]]:
    """Yield blocks of features, their neighbours (targets are rows of all features), and the weights."""
    if weighting.relationship == "ZONE_OF_INDIFFERENCE":
        raise ToolError(
            "ZONE_OF_INDIFFERENCE is not offered: the decay of its weights beyond the band is not published. "
            "Take FIXED_DISTANCE_BAND or INVERSE_DISTANCE."
        )
    if weighting.relationship == "GET_SPATIAL_WEIGHTS_FROM_FILE":
        raise ToolError("Files of spatial weights are not read; name another relationship.")
    if weighting.relationship in CONTIGUITY:
        corners = weighting.relationship == "CONTIGUITY_EDGES_CORNERS"
        links = find_contiguous(features, watch, corners=corners)
        yield slice(0, len(features)), links, np.ones(len(links.target))
        return
    places = Places(locate(features), features.spatial_reference, weighting.method)
    band = weighting.band
    if band is None and weighting.relationship != "K_NEAREST_NEIGHBORS":
        band = find_band(places, watch)
        unit = "metres" if places.is_geographic else "units of the coordinates"
        watch.info(f"Every feature has a neighbour within {band:g} {unit}; that is the distance band.")
    for rows in split_targets(len(features), _expect_pairs(places, weighting, band), watch, _TEXT):
        links = _find_links(places, rows, weighting, band)
        yield rows, links, _weigh(links.distance, _POWERS.get(weighting.relationship, 0))


def _find_links(places: Places, rows: slice, weighting: Weighting, band: float | None) -> Links:
    targets = places.xy[rows]
    if weighting.relationship == "K_NEAREST_NEIGHBORS":
        links = _drop_own(places.find_nearest(targets, weighting.count + 1), rows.start, weighting.count)
    elif not band:  # a band of zero has no limit
        links = _pair_all(places, targets)
    else:
        links = _find_within(places, targets, band, measured=weighting.relationship in _POWERS)
    return Links(links.target + rows.start, links.place, links.distance)


def _find_within(places: Places, targets: Floats, band: float, *, measured: bool) -> Links:
    """Return the places within the band; without measured distances, which equal weights do not need, 0."""
    reach = np.full(len(targets), band)
    if measured:
        return places.find_within(targets, reach)
    target, place = places.pair_within(targets, reach)
    return Links(target, place, np.zeros(len(target)))


def _drop_own(links: Links, start: int, count: int) -> Links:
    """Drop each target itself, or its last neighbour where others lie on it and have taken its place."""
    links = links.take(links.place != links.target + start)
    first = np.flatnonzero(np.diff(links.target, prepend=-1))
    rank = np.arange(len(links.target)) - np.repeat(first, np.diff(first, append=len(links.target)))
    return links.take(rank < count)


def _pair_all(places: Places, targets: Floats) -> Links:
    n, m = len(places.xy), len(targets)
    check_pairs(n * n)
    target, place = np.repeat(np.arange(m), n), np.tile(np.arange(n), m)
    return Links(target, place, places.measure(targets[target], places.xy[place]))


def _expect_pairs(places: Places, weighting: Weighting, band: float | None) -> float:
    """Return about how many neighbours a feature has, from a sample of features."""
    if weighting.relationship == "K_NEAREST_NEIGHBORS":
        return 6.0 * weighting.count
    if not band:
        return float(len(places.xy))
    sample = places.xy[:: max(1, len(places.xy) // 100)]
    found = len(places.pair_within(sample, np.full(len(sample), band))[0])
    pairs = len(places.xy) * found // len(sample)
    if pairs > MAX_NEIGHBOURS:
        raise ToolError(
            f"The features have about {pairs:,} neighbours within {band:g}; at most {MAX_NEIGHBOURS:,}. "
            "Take a shorter distance, or K_NEAREST_NEIGHBORS."
        )
    return 2.0 * found / len(sample)


def _weigh(distance: Floats, power: int) -> Floats:
    """Return weights; distances below one unit count as one, so that no weight is boundless."""
    return 1 / np.maximum(distance, 1.0) ** power


def locate(features: FeatureSet[Any]) -> Floats:
    """Return the coordinates of points, and of the centroids of other shapes, shape (n, 2).

    Args:
        features: Features, all with shapes.
    """
    return np.asarray(shapely.get_coordinates(shapely.centroid(features.geometries)), np.float64)


def find_band(places: Places, watch: Watch) -> float:
    """Return the least distance at which every place has another one within it.

    Args:
        places: At least two places.
        watch: Takes the progress.
    """
    band = 0.0
    for rows in split_targets(len(places.xy), 12, watch, "Choosing the distance band"):
        links = _drop_own(places.find_nearest(places.xy[rows], 2), rows.start, 1)
        band = max(band, float(links.distance.max(initial=0)))
    return band


def find_contiguous(features: FeatureSet[Any], watch: Watch, *, corners: bool) -> Links:
    """Return the pairs of polygons that share an edge, or at least a corner, or overlap.

    Args:
        features: Valid polygons.
        watch: Takes the progress.
        corners: Whether a corner is enough.

    Raises:
        InvalidParameter: They are no polygons.
    """
    if features.geometry_type != "esriGeometryPolygon":
        raise InvalidParameter(
            "Input_Feature_Class",
            "contiguity is that of polygons, and it holds none",
            "polygons",
        )
    shapes = features.geometries
    tree = index_shapes(shapes, watch)
    blocks = [(NO_INDICES, NO_INDICES)]
    for rows in split_rows(len(shapes), watch, _TEXT):
        target, place = tree.query(shapes[rows], predicate="intersects")
        target += rows.start
        other = target < place
        target, place = target[other], place[other]
        if not corners:
            edge = shapely.length(shapely.intersection(shapes[target], shapes[place])) > 0
            target, place = target[edge], place[edge]
        blocks.append((target, place))
        check_pairs(2 * sum(len(each) for each, _ in blocks))
    target, place = join_blocks(blocks)
    a, b = np.concatenate([target, place]), np.concatenate([place, target])
    order = np.lexsort((b, a))
    return Links(a[order], b[order], np.zeros(len(a)))
