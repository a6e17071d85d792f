"""Geodesic neighbours are those of GeographicLib, tried pair by pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray

from gpserverless.analysis.near import NeighbourQuery, find_neighbours
from gpserverless.analysis.near_fields import add_near_fields
from gpserverless.analysis.search_radius import SearchRadius
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from tests.analysis.quiet import Notes
from tests.truth.layers import read

Numbers = NDArray[np.float64]
WGS84 = SpatialReference(4326)


def scatter(count: int, seed: int, box: tuple[float, ...]) -> FeatureSet[Any]:
    west, south, east, north = box
    places = np.random.default_rng(seed).uniform((west, south), (east, north), (count, 2))
    return FeatureSet.of(np.asarray(shapely.points(places)), WGS84)


def try_all(here: Numbers, there: Numbers) -> Numbers:
    """Return the distance, row and azimuth of the nearest of all, by GeographicLib."""
    found = []
    for lon, lat in here:
        lines = [Geodesic.WGS84.Inverse(lat, lon, y, x) for x, y in there]
        row = min(range(len(lines)), key=lambda n: lines[n]["s12"])
        found.append((lines[row]["s12"], row + 1, lines[row]["azi1"]))
    return np.array(found)


def find(points: FeatureSet[Any], others: FeatureSet[Any]) -> FeatureSet[Any]:
    query = NeighbourQuery(SearchRadius(np.inf, True))
    return add_near_fields(
        points, find_neighbours(points, [others], query, Notes()), {}, location=False, angle=True
    )


@pytest.mark.parametrize(
    "box",
    [(-180, -90, 180, 90), (170, -20, 190, 20), (-180, 80, 180, 90), (9, 47, 11, 49)],
    ids=["world", "antimeridian", "pole", "city"],
)
def test_points(box: tuple[float, ...]) -> None:
    points, others = scatter(40, 1, box), scatter(60, 2, box)
    found = find(points, others)
    distance, row, azimuth = try_all(*(shapely.get_coordinates(p.geometries) for p in (points, others))).T
    assert found.column("NEAR_DIST") == pytest.approx(distance, rel=1e-12, abs=1e-6)
    assert found.column("NEAR_FID").tolist() == row.tolist()
    turned = (found.column("NEAR_ANGLE") - azimuth + 180) % 360 - 180
    assert turned == pytest.approx(np.zeros(40), abs=1e-6)


def test_real_airports_of_cities() -> None:
    airports, cities = read("airports"), read("cities_100k").take(np.arange(0, 6000, 300))
    found = find(cities, airports)
    distance, row, _ = try_all(*(shapely.get_coordinates(p.geometries) for p in (cities, airports))).T
    assert found.column("NEAR_DIST") == pytest.approx(distance, rel=1e-12, abs=1e-6)
    assert found.column("NEAR_FID").tolist() == airports.object_ids[row.astype(int) - 1].tolist()


def test_degrees_are_not_mistaken_for_metres() -> None:
    """The nearest in degrees is not the nearest on the ground."""
    here = FeatureSet.of([shapely.Point(0, 80)], WGS84)
    others = FeatureSet.of([shapely.Point(0, 81.5), shapely.Point(4, 80)], WGS84)
    assert find(here, others).column("NEAR_FID").tolist() == [2]
