"""The main job on real data: zones about the world's airports, and the cities within every country."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pyproj
import shapely

from tests.wire.conftest import Site

DATA = Path(__file__).parents[1] / "data"
ELLIPSOID = pyproj.Geod(ellps="WGS84")


def geodesic_area(rings: list[list[list[float]]]) -> float:
    """Return the area of a polygon in square metres; long edges along a meridian or the pole are cut up."""
    polygons = [shapely.segmentize(shapely.Polygon(ring), 0.2) for ring in rings]
    return sum(abs(ELLIPSOID.geometry_area_perimeter(polygon)[0]) for polygon in polygons)


def test_zones_of_50_km_about_every_airport(site: Site) -> None:
    airports = (DATA / "airports.json").read_text("utf-8")
    zones = site.execute(
        "Samples", "BufferPoints", points=airports, distance='{"distance":50,"units":"esriKilometers"}'
    )
    found = zones["output"]
    assert len(found["features"]) == 5210
    assert found["exceededTransferLimit"] is False
    areas = np.array([geodesic_area(f["geometry"]["rings"]) for f in found["features"]])
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


def counted_within(name: str) -> tuple[int, int]:
    """Count cities and people in a country without holes, one ring and one city after the other."""
    read = {
        file: orjson.loads((DATA / f"{file}.json").read_bytes())
        for file in ("world_countries", "cities_100k")
    }
    (country,) = (f for f in read["world_countries"]["features"] if f["attributes"]["NAME"] == name)
    rings = [shapely.Polygon(ring) for ring in country["geometry"]["rings"]]
    points = {
        i: shapely.Point(*c["geometry"].values()) for i, c in enumerate(read["cities_100k"]["features"])
    }
    inside = [i for i, point in points.items() if any(ring.intersects(point) for ring in rings)]
    return len(inside), sum(read["cities_100k"]["features"][i]["attributes"]["POP"] for i in inside)
