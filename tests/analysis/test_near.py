"""The nearest features: every distance against one by one, in the plane and on the ellipsoid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod

from gpserverless.analysis.near import NeighbourQuery, Neighbours, find_neighbours
from gpserverless.analysis.search_radius import SearchRadius, resolve_radius
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import LinearUnit
from tests.analysis.quiet import Notes

GEOD = Geod(ellps="WGS84")
UTM, WGS84 = SpatialReference(32633), SpatialReference(4326)
CLOSEST = NeighbourQuery(SearchRadius(np.inf, False))
KINDS = ("points", "lines", "polygons")


def draw_shapes(kind: str, count: int, seed: int, spread: float = 100.0) -> NDArray[Any]:
    """Return random shapes of one kind; a polygon is a triangle, a line has four vertices."""
    random = np.random.default_rng(seed)
    at = random.uniform(-spread, spread, (count, 2))
    if kind == "points":
        return np.asarray(shapely.points(at))
    if kind == "lines":
        return np.asarray(shapely.linestrings(at[:, None] + random.normal(0, spread / 10, (count, 4, 2))))
    corners = np.array([[0, 0], [0, 1], [1, 0]]) * random.uniform(1, spread / 5, (count, 1, 1))
    return np.asarray(shapely.polygons(at[:, None] + corners))


def find(sources: Any, targets: Any, reference: SpatialReference, **options: Any) -> Neighbours:
    """Search without a word about it."""
    reach = SearchRadius(options.get("reach", np.inf), options.get("geodesic", False))
    layers = [FeatureSet.of(targets, reference)]
    return find_neighbours(
        FeatureSet.of(sources, reference), layers, NeighbourQuery(reach, options.get("count", 1)), Notes()
    )


def distances(found: Neighbours, count: int) -> NDArray[np.float64]:
    result = np.full(count, -1.0)
    result[found.links.source] = found.links.distance
    return result


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
@given(seed=st.integers(0, 10_000), sizes=st.tuples(st.integers(1, 12), st.integers(1, 25)))
@settings(max_examples=15, deadline=None)
def test_planar_distance_is_the_least_of_all(source: str, target: str, seed: int, sizes: Any) -> None:
    sources, targets = draw_shapes(source, sizes[0], seed), draw_shapes(target, sizes[1], seed + 1)
    every = shapely.distance(sources[:, None], targets[None])
    links = find(sources, targets, UTM).links
    assert links.source.tolist() == list(range(sizes[0]))
    assert links.distance == pytest.approx(every.min(axis=1), abs=1e-9)
    assert every[links.source, links.target] == pytest.approx(links.distance, abs=1e-9)
    # The places lie on both features, at that distance of each other.
    assert shapely.distance(shapely.points(links.start), sources[links.source]).max() < 1e-6
    assert shapely.distance(shapely.points(links.end), targets[links.target]).max() < 1e-6
    assert np.hypot(*(links.end - links.start).T) == pytest.approx(links.distance, abs=1e-9)


@pytest.mark.parametrize("target", KINDS)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 6), reach=st.floats(1, 300))
@settings(max_examples=15, deadline=None)
def test_a_few_within_a_radius_are_the_first_of_all(target: str, seed: int, count: int, reach: float) -> None:
    sources, targets = draw_shapes("points", 8, seed), draw_shapes(target, 20, seed + 1)
    every = shapely.distance(sources[:, None], targets[None])
    for wanted in (count, None):
        links = find(sources, targets, UTM, count=wanted, reach=reach).links
        expected = [np.sort(row[row <= reach])[:wanted].tolist() for row in every]
        got = [links.distance[links.source == n].tolist() for n in range(8)]
        assert [len(row) for row in got] == [len(row) for row in expected]
        assert np.concatenate(got) == pytest.approx(np.concatenate(expected), abs=1e-9)
        assert links.rank().tolist() == [n + 1 for row in got for n in range(len(row))]


def measure_all(sources: NDArray[Any], targets: NDArray[Any]) -> NDArray[np.float64]:
    """Return geodesic distances of all pairs of points and finely divided edges."""
    result = np.zeros((len(sources), len(targets)))
    for n, m in np.ndindex(result.shape):
        if not sources[n].intersects(targets[m]):
            result[n, m] = _measure_finely(sources[n], targets[m])
    return result


def _measure_finely(source: Any, target: Any) -> float:
    """Divide the line about its closest vertex again and again."""
    line = target.exterior if target.geom_type == "Polygon" else target
    for step in (0.02, 0.0004, 0.000008, 0.00000016):
        places = shapely.get_coordinates(shapely.segmentize(line, step))
        apart = GEOD.inv(np.full(len(places), source.x), np.full(len(places), source.y), *places.T)[2]
        best = int(apart.argmin())
        if line.is_closed and best in (0, len(places) - 1):  # the way goes on at the other end
            line = shapely.LineString(places[[-2, 0, 1]])
        else:
            line = shapely.LineString(places[max(best - 1, 0) : best + 2])
    return float(apart.min())


@given(seed=st.integers(0, 10_000), sizes=st.tuples(st.integers(1, 12), st.integers(1, 40)))
@settings(max_examples=40, deadline=None)
def test_geodesic_distance_of_points_is_exact_all_over_the_world(seed: int, sizes: Any) -> None:
    random = np.random.default_rng(seed)
    # Some at the poles and on both sides of 180 degrees.
    places = [np.column_stack([random.uniform(-180, 180, n), random.uniform(-90, 90, n)]) for n in sizes]
    places[0][0] = random.choice([[0, 90], [0, -90], [180, 10], [-180, 10], [179.9, -60]])
    every = GEOD.inv(*(grid.ravel() for grid in _mesh(*places)))[2].reshape(sizes)
    sources, targets = (np.asarray(shapely.points(p)) for p in places)
    links = find(sources, targets, WGS84, geodesic=True).links
    assert links.distance == pytest.approx(every.min(axis=1), abs=1e-6)
    few = find(sources, targets, WGS84, geodesic=True, count=3).links
    expected = np.sort(every, axis=1)[:, :3].ravel()
    assert few.distance == pytest.approx(expected, abs=1e-6)
    reach = float(np.median(every)) * (1 + 1e-9)
    all_within = find(sources, targets, WGS84, geodesic=True, count=None, reach=reach).links
    assert len(all_within) == int((every <= reach).sum())


def _mesh(a: NDArray[Any], b: NDArray[Any]) -> list[NDArray[Any]]:
    shape = (len(a), len(b))
    return [np.broadcast_to(a[:, None, k], shape) for k in (0, 1)] + [
        np.broadcast_to(b[None, :, k], shape) for k in (0, 1)
    ]


@pytest.mark.parametrize("target", ["lines", "polygons"])
@given(seed=st.integers(0, 10_000), north=st.floats(-70, 70), east=st.floats(-170, 170))
@example(seed=264, north=0.0, east=0.0)  # near the end of a ring
@settings(max_examples=6, deadline=None)
def test_geodesic_distance_to_edges_is_that_to_their_nearest_place(
    target: str, seed: int, north: float, east: float
) -> None:
    there = np.array([east, north])
    sources = shapely.transform(draw_shapes("points", 3, seed, 6), lambda c: c + there)
    targets = shapely.transform(draw_shapes(target, 4, seed + 1, 5), lambda c: c + there)
    targets = shapely.transform(targets, lambda c: np.clip(c, [-180, -89], [180, 89]))
    links = find(sources, targets, WGS84, geodesic=True).links
    expected = measure_all(sources, targets).min(axis=1)
    assert links.distance == pytest.approx(expected, rel=1e-7, abs=1e-3)


@given(seed=st.integers(0, 10_000), north=st.floats(-60, 60))
@settings(max_examples=6, deadline=None)
def test_geodesic_distance_of_lines_is_that_of_their_nearest_places(seed: int, north: float) -> None:
    a = shapely.transform(draw_shapes("lines", 2, seed, 2), lambda c: c + np.array([0, north]))
    b = shapely.transform(draw_shapes("lines", 3, seed + 1, 2), lambda c: c + np.array([5, north]))
    links = find(a, b, WGS84, geodesic=True).links
    places = [shapely.get_coordinates(shapely.segmentize(line, 0.01)) for line in (*a, *b)]
    for n in range(2):
        every = [GEOD.inv(*(g.ravel() for g in _mesh(places[n], there)))[2].min() for there in places[2:]]
        expected = 0.0 if shapely.intersects(a[n], b).any() else min(every)
        assert links.distance[n] == pytest.approx(expected, rel=1e-3, abs=20)
        assert links.distance[n] <= expected + 1e-6


def test_nearest_place_of_a_parallel_lies_on_the_parallel() -> None:
    """An edge is straight in its own coordinates: the 60th parallel, not the shorter way north of it."""
    line = shapely.linestrings([[[0, 60], [10, 60]]])
    (distance,) = find([shapely.Point(5, 61)], line, WGS84, geodesic=True).links.distance
    assert distance == pytest.approx(GEOD.inv(5, 60, 5, 61)[2], abs=1e-3)


def test_line_beyond_180_degrees_is_near_on_the_other_side() -> None:
    line = shapely.linestrings([[[175, 10], [185, 10]]])
    (distance,) = find([shapely.Point(-174, 10)], line, WGS84, geodesic=True).links.distance
    assert distance == pytest.approx(GEOD.inv(-174, 10, -175, 10)[2], abs=1e-3)


def test_projected_features_are_measured_on_the_ellipsoid_in_their_own_unit() -> None:
    feet = SpatialReference(2263)
    places = FeatureSet.of(shapely.points([[-74, 40.7], [-73.9, 40.7]]), SpatialReference(4269)).project(feet)
    near = find(places.geometries[:1], places.geometries[1:], feet, geodesic=True).links
    expected = Geod(ellps="GRS80").inv(-74, 40.7, -73.9, 40.7)[2] / (1200 / 3937)
    assert near.distance == pytest.approx([expected])
    assert near.end[0] == pytest.approx(shapely.get_coordinates(places.geometries[1])[0], abs=1e-3)


def test_answer_does_not_depend_on_the_order_of_features() -> None:
    """Of equally near features the lowest object id wins, wherever it stands."""
    targets = FeatureSet.of(shapely.points([[1, 0], [-1, 0], [0, 1], [0, -1]]), UTM, {"N": [4, 2, 9, 7]})
    targets = targets.with_columns({"FID": [4, 2, 9, 7]}, [_oid()])
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        source = FeatureSet.of([shapely.Point(0, 0)], UTM)
        found = find_neighbours(source, [targets.take(order)], CLOSEST, Notes())
        assert found.fid[found.links.target].tolist() == [2]


def _oid() -> Any:
    from gpserverless.features.fields import OID, Field

    return Field("FID", OID)


def test_no_feature_is_its_own_neighbour() -> None:
    layer = FeatureSet.of(shapely.points([[0, 0], [0, 0], [5, 0], [9, 0]]), UTM)
    notes = Notes()
    found = find_neighbours(layer, [layer], CLOSEST, notes)
    assert found.fid[found.links.target].tolist() == [2, 1, 4, 3]
    assert found.links.distance.tolist() == [0, 0, 4, 4]
    assert notes.messages == ["A layer is the input itself: no feature is its own neighbour."]


def test_features_without_a_shape_have_no_neighbours() -> None:
    sources = FeatureSet.of([None, shapely.Point(0, 0), shapely.Point()], UTM)
    targets = FeatureSet.of([shapely.Point(), shapely.Point(3, 4), None], UTM)
    notes = Notes()
    found = find_neighbours(sources, [targets], CLOSEST, notes)
    assert distances(found, 3).tolist() == [-1, 5, -1]
    assert found.fid[found.links.target].tolist() == [2]
    assert notes.warnings == [
        "2 features without a shape were left out.",
        "2 features without a shape have no neighbours.",
    ]


@pytest.mark.parametrize(("sources", "targets"), [([], [(0, 0)]), ([(0, 0)], []), ([], [])])
@pytest.mark.parametrize("geodesic", [False, True])
def test_nothing_is_near_where_nothing_is(sources: Any, targets: Any, geodesic: bool) -> None:
    a, b = (np.array([shapely.Point(p) for p in places], object) for places in (sources, targets))
    assert len(find(a, b, WGS84, geodesic=geodesic).links) == 0


def test_all_pairs_are_refused_before_the_work() -> None:
    places = shapely.points(np.zeros((5000, 2)))
    with pytest.raises(ToolError, match="25,000,000 pairs"):
        find(places, np.append(places[1:], shapely.Point(1, 1)), UTM, count=None)


@pytest.mark.parametrize(
    ("distance", "reference", "geodesic", "words"),
    [
        (LinearUnit(0), UTM, False, "'search_radius': it is not above 0"),
        (LinearUnit(-5), UTM, True, "'search_radius': it is not above 0"),
        (LinearUnit(5, "esriDecimalDegrees"), UTM, False, "'search_radius'"),
        (LinearUnit(5, "esriDecimalDegrees"), WGS84, True, "'search_radius'"),
        (LinearUnit(5), None, False, "no spatial reference"),
    ],
)
def test_radius_that_does_not_suit_is_refused(
    distance: LinearUnit, reference: SpatialReference | None, geodesic: bool, words: str
) -> None:
    features = FeatureSet.of([shapely.Point(0, 0)], reference)
    with pytest.raises(InvalidParameter, match=words):
        resolve_radius(features, distance, "search_radius", geodesic=geodesic, watch=Notes())


def test_length_on_longitudes_and_latitudes_is_measured_on_the_ellipsoid_and_said() -> None:
    notes, features = Notes(), FeatureSet.of([shapely.Point(0, 0)], WGS84)
    reach = resolve_radius(features, LinearUnit(5, "km"), "search_radius", geodesic=False, watch=notes)
    assert reach == SearchRadius(5000.0, True)
    assert "on the ellipsoid, in metres" in notes.warnings[0]
    assert resolve_radius(features, None, "search_radius", geodesic=False, watch=notes) == SearchRadius(
        np.inf, False
    )
    assert notes.warnings[1] == "Distances are in degrees; GEODESIC measures metres."
