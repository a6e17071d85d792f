"""The main job on real data: zones about the world's airports, and the cities within every country."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from tests.wire.conftest import Site

DATA = Path(__file__).parents[1] / "data"
EQUAL_AREA = Transformer.from_crs(4326, 6933, always_xy=True)
"""To a map in which areas are those of the ellipsoid, and edges along a meridian or a pole stay straight."""


def measure_areas(features: list[dict[str, Any]]) -> NDArray[np.float64]:
    """Return the areas of polygons without holes in square metres."""
    rings = [(number, ring) for number, f in enumerate(features) for ring in f["geometry"]["rings"]]
    vertices = np.concatenate([ring for _, ring in rings])
    of_ring = np.repeat(np.arange(len(rings)), [len(ring) for _, ring in rings])
    mapped = np.stack(EQUAL_AREA.transform(*vertices.T), axis=1)
    areas = shapely.area(shapely.polygons(shapely.linearrings(mapped, indices=of_ring)))
    return np.bincount([number for number, _ in rings], areas)


def test_zones_of_50_km_about_every_airport(site: Site) -> None:
    airports = (DATA / "airports.json").read_text("utf-8")
    zones = site.execute(
        "Samples", "BufferPoints", points=airports, distance='{"distance":50,"units":"esriKilometers"}'
    )
    found = zones["output"]
    assert len(found["features"]) == 5210
    assert found["exceededTransferLimit"] is False
    areas = measure_areas(found["features"])
    # A disc of radius r on the ellipsoid is pi r^2 less its curvature's share: under 1e-5 at 50 km.
    assert np.abs(areas / (np.pi * 50_000**2) - 1).max() < 2e-3


def test_cities_and_their_people_within_every_country(site: Site) -> None:
    job = site.submit(
        "Analysis",
        "SummarizeWithin",
        in_polygons=(DATA / "world_countries.json").read_text("utf-8"),
        in_sum_features=(DATA / "cities_100k.json").read_text("utf-8"),
        sum_fields='[["POP","Sum"]]',
    )
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    found = site.get(f"{job}/results/out_feature_class")["value"]
    assert len(found["features"]) == 241
    countries = {f["attributes"]["NAME"]: f["attributes"] for f in found["features"]}
    for name in ("Brazil", "Indonesia", "Japan"):
        assert (countries[name]["Point_Count"], countries[name]["sum_POP"]) == counted_within(name)


@cache
def read_features(file: str) -> Any:
    return orjson.loads((DATA / f"{file}.json").read_bytes())["features"]


@cache
def city_points() -> list[shapely.Point]:
    return [shapely.Point(*city["geometry"].values()) for city in read_features("cities_100k")]


def counted_within(name: str) -> tuple[int, int]:
    """Count cities and people in a country without holes, one ring and one city after the other."""
    (country,) = (f for f in read_features("world_countries") if f["attributes"]["NAME"] == name)
    rings = [shapely.Polygon(ring) for ring in country["geometry"]["rings"]]
    shapely.prepare(rings)
    inside = [i for i, point in enumerate(city_points()) if any(ring.intersects(point) for ring in rings)]
    return len(inside), sum(read_features("cities_100k")[i]["attributes"]["POP"] for i in inside)
