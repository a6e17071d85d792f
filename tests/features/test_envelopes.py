"""Envelopes of scrolled and zoomed-out maps: they select the features that such a map shows.

Truth: a place is select_visible if one of its longitudes, in any turn, lies between the sides in degrees.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import WGS84, SpatialReference

PLACES = [(-175, 0), (175, 0), (0, 0), (-100, 40), (179, -17), (10, 60)]
METRES_PER_DEGREE = 111319.49079327357
REFERENCES = [4326, 102100, 3832, 54030, 8857, 32601, 3031, 4277]


def select(shapes: Any, wkid: int, **envelope: Any) -> list[int]:
    features = FeatureSet.of(shapes, WGS84, {"N": np.arange(len(shapes))}).project(SpatialReference(wkid))
    kept: list[int] = features.within_extent(envelope).column("N").tolist()
    return kept


def select_visible(west: float, south: float, east: float, north: float) -> list[int]:
    """Return the places that a map between these sides shows: plain and slow."""
    return [
        number
        for number, (x, y) in enumerate(PLACES)
        if south <= y <= north and any(west <= x + 360 * turn <= east for turn in range(-9, 10))
    ]


SIDES = [
    (170, -25, 190, 25),
    (-190, -25, -170, 25),
    (1610, -25, 1630, 25),
    (350, -10, 370, 10),
    (-300, -80, 300, 80),
    (-110, 30, 20, 70),
    (-180, -80, 180, 80),
    (20, -10, 30, 10),
]


@pytest.mark.parametrize("wkid", REFERENCES)
@pytest.mark.parametrize("sides", SIDES)
def test_envelope_in_degrees_selects_what_its_map_shows(sides: Any, wkid: int) -> None:
    named = dict(zip(("xmin", "ymin", "xmax", "ymax"), sides, strict=True))
    assert select(shapely.points(PLACES), wkid, **named, spatialReference={"wkid": 4326}) == select_visible(
        *sides
    )


@pytest.mark.parametrize("wkid", REFERENCES)
@pytest.mark.parametrize("sides", SIDES)
def test_envelope_in_web_mercator_selects_what_its_map_shows(sides: Any, wkid: int) -> None:
    west, south, east, north = sides
    ys = [6378137 * np.arctanh(np.sin(np.radians(side))) for side in (south, north)]
    envelope = {"xmin": west * METRES_PER_DEGREE, "ymin": ys[0], "xmax": east * METRES_PER_DEGREE}
    found = select(shapely.points(PLACES), wkid, **envelope, ymax=ys[1], spatialReference={"wkid": 102100})
    assert found == select_visible(*sides)


def test_envelope_higher_than_the_world_selects_all() -> None:
    sides = {"xmin": -1e9, "ymin": -1e9, "xmax": 1e9, "ymax": 1e9, "spatialReference": {"wkid": 102100}}
    assert select(shapely.points([*PLACES, (0, 89.99)]), 4326, **sides) == list(range(7))
    sides = {"xmin": -500, "ymin": -100, "xmax": 500, "ymax": 100, "spatialReference": {"wkid": 4326}}
    assert select(shapely.points(PLACES), 102100, **sides) == list(range(6))


def test_features_drawn_beyond_180_are_found_on_both_sides() -> None:
    boxes = shapely.box([185, -179, 181, 0], 0, [186, -178, 182, 1], 1)
    assert select(boxes, 4326, xmin=-178.5, ymin=-5, xmax=-170, ymax=5) == [0, 1, 2]
    assert select(boxes, 4326, xmin=180, ymin=-5, xmax=183, ymax=5) == [1, 2]


def test_envelope_about_a_pole_selects_what_is_there() -> None:
    polar = {"xmin": -1e6, "ymin": -1e6, "xmax": 1e6, "ymax": 1e6, "spatialReference": {"wkid": 3995}}
    points = shapely.points([(0, 88), (170, 85), (-170, 85), (180, 60), (0, 0), (0, -88)])
    assert select(points, 4326, **polar) == [0, 1, 2]
    assert select(points, 8857, **polar) == [0, 1, 2]


def test_envelope_in_a_zone_across_180_selects_both_sides() -> None:
    zone = {"xmin": 1e5, "ymin": -1e6, "xmax": 9e5, "ymax": 1e6, "spatialReference": {"wkid": 32601}}
    points = shapely.points([(-175, 0), (185, 0), (-179.9, 1), (179.9, 1), (175, 0), (5, 0)])
    assert select(points, 4326, **zone) == [0, 1, 2, 3]
