"""Neighbours from the index are those of every pair measured."""

from __future__ import annotations

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


def measure_all(
    xy: np.ndarray, method: Distance = "EUCLIDEAN_DISTANCE", geod: Geod | None = None
) -> np.ndarray:
    if geod is not None:
        n = len(xy)
        a, b = np.repeat(xy, n, axis=0), np.tile(xy, (n, 1))
        return np.asarray(geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]).reshape(n, n)
    away = np.abs(xy[:, None] - xy)
    return np.hypot(away[..., 0], away[..., 1]) if method == "EUCLIDEAN_DISTANCE" else away.sum(axis=-1)


CASES = [
    pytest.param(SCATTER, UTM, "EUCLIDEAN_DISTANCE", 60.0, id="scatter"),
    pytest.param(SCATTER, None, "MANHATTAN_DISTANCE", 60.0, id="along the axes"),
    pytest.param(CLUMPS, UTM, "EUCLIDEAN_DISTANCE", 0.5, id="clumps, some places the same"),
    pytest.param(GLOBE, WORLD, "EUCLIDEAN_DISTANCE", 900_000.0, id="the globe"),
    pytest.param(POLES, WORLD, "EUCLIDEAN_DISTANCE", 30_000.0, id="180 degrees and the poles"),
]


@pytest.mark.parametrize(("xy", "reference", "method", "radius"), CASES)
def test_places_within_a_distance(
    xy: np.ndarray, reference: SpatialReference | None, method: Distance, radius: float
) -> None:
    far = measure_all(xy, method, reference.geod if reference == WORLD else None)
    links = Places(xy, reference, method).find_within(xy, np.full(len(xy), radius))
    found = np.zeros(far.shape, bool)
    found[links.target, links.place] = True
    assert (found == (far <= radius)).all()
    assert found.sum() > len(xy)
    assert links.distance == pytest.approx(far[links.target, links.place])
    pairs = Places(xy, reference, method).pair_within(xy, np.full(len(xy), radius))
    assert set(zip(*pairs, strict=True)) == set(zip(links.target, links.place, strict=True))
    assert len(pairs[0]) == len(links.target)


@pytest.mark.parametrize("radius", [1.0, 50_000.0, 3_000_000.0, 9_900_000.0, 19_900_000.0, 30_000_000.0])
@pytest.mark.parametrize("ellipsoid", [4326, 4011])
def test_places_within_any_distance_on_the_ellipsoid(radius: float, ellipsoid: int) -> None:
    """Each distance of some pair is a radius too, so that pairs at the very edge are told rightly."""
    reference = SpatialReference(ellipsoid)
    far = measure_all(GLOBE, geod=reference.geod)
    edges = far[np.arange(len(GLOBE)), (np.arange(len(GLOBE)) * 7 + 1) % len(GLOBE)]
    for reach in (np.full(len(GLOBE), radius), edges):
        pairs = Places(GLOBE, reference).pair_within(GLOBE, reach)
        found = np.zeros(far.shape, bool)
        found[pairs] = True
        assert found.sum() == len(pairs[0])
        doubtful = np.abs(far - reach[:, None]) < 1e-6
        assert (found | doubtful == (far <= reach[:, None]) | doubtful).all()


@pytest.mark.parametrize("count", [1, 5, 12, 10_000])
@pytest.mark.parametrize(("xy", "reference", "method", "radius"), CASES)
def test_nearest_places(
    xy: np.ndarray, reference: SpatialReference | None, method: Distance, radius: float, count: int
) -> None:
    far = np.sort(measure_all(xy, method, reference.geod if reference == WORLD else None), axis=1)
    wanted = min(count, len(xy))
    links = Places(xy, reference, method).find_nearest(xy, count)
    order = np.lexsort((links.distance, links.target))
    assert links.distance[order].reshape(len(xy), wanted) == pytest.approx(far[:, :wanted], abs=1e-9)
