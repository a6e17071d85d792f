"""Neighbours from the index are those of every pair measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import pytest
from pyproj import Geod

from gpserverless.analysis.neighbours import Distance, Places
from gpserverless.values.spatial_reference import SpatialReference

RANDOM = np.random.default_rng(7)
UTM, WORLD = SpatialReference(32633), SpatialReference(4326)
SCATTER = RANDOM.uniform(0, 1000, (300, 2))
CLUMPS = np.concatenate([RANDOM.normal(0, 1, (200, 2)), RANDOM.normal(5000, 1, (5, 2)), np.zeros((30, 2))])
GLOBE = np.column_stack([RANDOM.uniform(-180, 180, 400), np.degrees(np.arcsin(RANDOM.uniform(-1, 1, 400)))])
POLES = np.array([[179.9, 0], [-179.9, 0], [0, 89.9], [180, 89.9], [-180, 10], [180, 10], [30, -90]])


@dataclass(frozen=True)
class Case:
    """Some places, and a radius that reaches some of them."""

    xy: np.ndarray
    reference: SpatialReference | None
    method: Distance
    radius: float

    @cached_property
    def far(self) -> np.ndarray:
        """The distance of every pair."""
        if self.reference == WORLD:
            return measure_geodesics(self.xy, WORLD.geod)
        away = np.abs(self.xy[:, None] - self.xy)
        euclidean = self.method == "EUCLIDEAN_DISTANCE"
        return np.asarray(np.hypot(away[..., 0], away[..., 1]) if euclidean else away.sum(axis=-1))


def measure_geodesics(xy: np.ndarray, geod: Geod) -> np.ndarray:
    """Return the distance of every pair, measured once and in both directions alike."""
    a, b = np.triu_indices(len(xy), 1)
    far = np.zeros((len(xy), len(xy)))
    far[a, b] = far[b, a] = geod.inv(xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1])[2]
    return far


@cache
def measure_globe(ellipsoid: int) -> np.ndarray:
    return measure_geodesics(GLOBE, SpatialReference(ellipsoid).geod)


CASES = [
    pytest.param(Case(SCATTER, UTM, "EUCLIDEAN_DISTANCE", 60.0), id="scatter"),
    pytest.param(Case(SCATTER, None, "MANHATTAN_DISTANCE", 60.0), id="along the axes"),
    pytest.param(Case(CLUMPS, UTM, "EUCLIDEAN_DISTANCE", 0.5), id="clumps, some places the same"),
    pytest.param(Case(GLOBE, WORLD, "EUCLIDEAN_DISTANCE", 900_000.0), id="the globe"),
    pytest.param(Case(POLES, WORLD, "EUCLIDEAN_DISTANCE", 30_000.0), id="180 degrees and the poles"),
]


@pytest.mark.parametrize("case", CASES)
def test_places_within_a_distance(case: Case) -> None:
    xy, radii = case.xy, np.full(len(case.xy), case.radius)
    links = Places(xy, case.reference, case.method).find_within(xy, radii)
    found = np.zeros(case.far.shape, bool)
    found[links.target, links.place] = True
    assert (found == (case.far <= case.radius)).all()
    assert found.sum() > len(xy)
    assert links.distance == pytest.approx(case.far[links.target, links.place])
    pairs = Places(xy, case.reference, case.method).pair_within(xy, radii)
    assert set(zip(*pairs, strict=True)) == set(zip(links.target, links.place, strict=True))
    assert len(pairs[0]) == len(links.target)


@pytest.mark.parametrize("radius", [1.0, 50_000.0, 3_000_000.0, 9_900_000.0, 19_900_000.0, 30_000_000.0])
@pytest.mark.parametrize("ellipsoid", [4326, 4011])
def test_places_within_any_distance_on_the_ellipsoid(radius: float, ellipsoid: int) -> None:
    """Each distance of some pair is a radius too, so that pairs at the very edge are told rightly."""
    reference = SpatialReference(ellipsoid)
    far = measure_globe(ellipsoid)
    edges = far[np.arange(len(GLOBE)), (np.arange(len(GLOBE)) * 7 + 1) % len(GLOBE)]
    for reach in (np.full(len(GLOBE), radius), edges):
        pairs = Places(GLOBE, reference).pair_within(GLOBE, reach)
        found = np.zeros(far.shape, bool)
        found[pairs] = True
        assert found.sum() == len(pairs[0])
        doubtful = np.abs(far - reach[:, None]) < 1e-6
        assert (found | doubtful == (far <= reach[:, None]) | doubtful).all()


@pytest.mark.parametrize("count", [1, 5, 12, 10_000])
@pytest.mark.parametrize("case", CASES)
def test_nearest_places(case: Case, count: int) -> None:
    wanted = min(count, len(case.xy))
    links = Places(case.xy, case.reference, case.method).find_nearest(case.xy, count)
    order = np.lexsort((links.distance, links.target))
    nearest = links.distance[order].reshape(len(case.xy), wanted)
    assert np.allclose(nearest, np.sort(case.far, axis=1)[:, :wanted], rtol=1e-9, atol=1e-9)


@dataclass(frozen=True)
class CountingPlaces(Places):
    """Places that count the distances that are measured exactly."""

    measured: list[int] = field(default_factory=list, init=False)

    def measure(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        self.measured.append(len(a))
        return super().measure(a, b)


@pytest.mark.parametrize("side", [0.0, 1e-8, 1e-6, 50.0], ids=["one place", "millimetres", "a hand", "far"])
def test_a_crowd_is_not_measured_pair_by_pair(side: float) -> None:
    crowd = RANDOM.uniform(0, 1, (2_000, 2)) * side + 10
    places = CountingPlaces(crowd, WORLD)
    links = places.find_nearest(crowd, 5)
    assert len(links.target) == 5 * len(crowd)
    assert sum(places.measured) < 200 * len(crowd)  # of 2,000 for each
    some = RANDOM.integers(0, len(crowd), 20)
    for target in some.tolist():
        far = WORLD.geod.inv(*np.broadcast_to(crowd[target], crowd.shape).T, *crowd.T)[2]
        found = links.distance[links.target == target]
        np.testing.assert_allclose(found, np.sort(far)[:5], rtol=0, atol=2e-8)
