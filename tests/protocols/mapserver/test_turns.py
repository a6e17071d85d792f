"""Pictures across 180 degrees, and in other maps than that of the features."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import WGS84, SpatialReference, get_transformer
from tests.protocols.mapserver.maps import MAP, MapSite, alpha

STRAIT = shapely.box(170, 50, 190, 70)
CUT = shapely.MultiPolygon([shapely.box(170, -30, 180, -10), shapely.box(-180, -30, -165, -10)])
EUROPE = shapely.box(0, 40, 20, 60)
CAP = shapely.box(-180, 75, 180, 90)
HALF_WORLD = 20037508.342789244


@pytest.fixture(scope="module")
def site() -> MapSite:
    shapes = np.array([STRAIT, CUT, EUROPE, CAP], object)
    return MapSite.of((FeatureSet.of(shapes, WGS84), "Regions", {}))


def is_drawn(
    site: MapSite, reference: int, box: tuple[float, ...], places: list[tuple[float, float]]
) -> list[bool]:
    """Return whether places of a picture, in its reference, are drawn."""
    options: dict[str, Any] = {"bboxSR": reference, "imageSR": reference, "size": "400,400"}
    picture = site.draw(bbox=",".join(map(str, box)), transparent="true", **options)
    opacity = alpha(picture)
    column = [int((x - box[0]) / (box[2] - box[0]) * 400) for x, _ in places]
    row = [int((box[3] - y) / (box[3] - box[1]) * 400) for _, y in places]
    return [bool(opacity[r, c]) for r, c in zip(row, column, strict=True)]


@pytest.mark.parametrize("turn", [-720, -360, 0, 360])
def test_degrees_in_every_turn(site: MapSite, turn: int) -> None:
    box = (140 + turn, -60, 260 + turn, 60)
    places = [(172, 55), (188, 55), (192, 55), (175, -20), (190, -20), (196, -20), (215, 50)]
    drawn = is_drawn(site, 4326, box, [(x + turn, y) for x, y in places])
    assert drawn == [True, True, False, True, True, False, False]


@pytest.mark.parametrize("turn", [-1, 0, 1])
def test_web_mercator_in_every_turn(site: MapSite, turn: int) -> None:
    def x(longitude: float) -> float:
        return longitude / 180 * HALF_WORLD + turn * 2 * HALF_WORLD

    box = (x(140), -8e6, x(140) + 1.6e7, 8e6)
    places = [(x(175), -2e6), (x(185), -2e6), (x(200), -2e6), (x(172), 7.8e6), (x(188), 7.8e6)]
    assert is_drawn(site, 3857, box, places) == [True, True, False, True, True]


def test_many_worlds_in_one_picture(site: MapSite) -> None:
    box = (-540.0, -540.0, 540.0, 540.0)
    places = [(10.0 + turn, 50.0) for turn in (-360, 0, 360)] + [(-10.0, 50.0)]
    assert is_drawn(site, 4326, box, places) == [True, True, True, False]


@pytest.mark.parametrize(
    ("reference", "box"),
    [
        (3995, (-6e6, -6e6, 6e6, 6e6)),  # around the pole
        (3832, (-5e6, -3e6, 8e6, 1e7)),  # a Mercator map around 150 degrees
        (32660, (-2e6, 4e6, 4e6, 1e7)),  # beside 180 degrees
        (54030, (-1.8e7, -1.8e7, 1.8e7, 1.8e7)),
    ],
)
def test_other_maps(site: MapSite, reference: int, box: tuple[float, ...]) -> None:
    change = get_transformer(WGS84, SpatialReference(reference))
    expected = {(172, 60): True, (-172, 60): True, (175, 73): False, (-160, 55): False, (172, -20): True}
    seen = {}
    for (longitude, latitude), drawn in expected.items():
        x, y = change.transform(longitude, latitude)
        if box[0] < x < box[2] and box[1] < y < box[3]:
            seen[x, y] = drawn
    assert len(seen) >= 3
    assert is_drawn(site, reference, box, list(seen)) == list(seen.values())


def test_pole_is_whole_in_a_polar_map(site: MapSite) -> None:
    places = [(0.0, 0.0), (5e5, 5e5), (-5e5, 5e5), (0.0, -1e6), (1.9e6, 0.0)]
    assert is_drawn(site, 3995, (-2e6, -2e6, 2e6, 2e6), places) == [True, True, True, True, False]


def test_features_of_an_unknown_reference_are_in_that_of_the_picture() -> None:
    site = MapSite.of((FeatureSet.of(shapely.box([0], [0], [10], [10]), None), "Plan", {}))
    assert is_drawn(site, 3857, (0, 0, 20, 20), [(5, 5), (15, 5)]) == [True, False]


FAR = [-684.0, -432.0, -216.0, 108.0, 324.0, 648.0]


@pytest.mark.parametrize("reference", [4326, 3857])
@pytest.mark.parametrize("longitude", FAR)
@pytest.mark.parametrize("turn", [-1, 0, 1])
def test_features_that_are_stored_several_turns_away(reference: int, longitude: float, turn: int) -> None:
    """A place is drawn and identified in every turn, as the query finds it: -432 and 648 are one place."""
    unit = 1.0 if reference == 4326 else HALF_WORLD / 180
    shapes = shapely.box([(each - 2) * unit for each in FAR], 0, [(each + 2) * unit for each in FAR], unit)
    far = MapSite.of((FeatureSet.of(shapes, SpatialReference(reference), {"at": FAR}), "Far", {}))
    x = (longitude + 360 * turn) * unit
    box = (x - 10 * unit, -10 * unit, x + 10 * unit, 10 * unit)
    drawn = is_drawn(far, reference, box, [(x, unit / 2), (x + 3 * unit, unit / 2)])
    assert drawn == [True, False]
    found = far.read(
        f"{MAP}/identify",
        geometry=f"{x},{unit / 2}",
        sr=reference,
        layers="all",
        returnGeometry="false",
    )["results"]
    same = [each for each in FAR if (each - longitude) % 360 == 0]
    assert [float(hit["attributes"]["at"]) for hit in found] == same


@pytest.mark.parametrize(("reference", "west"), [(4326, 160.0), (4326, -200.0), (3857, 160.0)])
def test_a_shape_that_is_cut_has_no_outline_along_the_cut(reference: int, west: float) -> None:
    """One that ends at 180 degrees has its whole outline."""
    lonely = shapely.box(170, 20, 180, 30)
    site = MapSite.of((FeatureSet.of(np.array([CUT, lonely], object), WGS84), "Zones", {}))
    place = {"bbox": f"{west},-36,{west + 40},36", "bboxSR": 4326, "imageSR": reference}
    dark = np.asarray(site.draw(**place, size="400,800", dpi=192).convert("L")) < 110
    assert dark[:, 98:102].any(axis=1).sum() > 250  # 170 degrees, where both end
    rows = np.flatnonzero(dark[:, 198:202].any(axis=1))  # 180 degrees
    assert (rows < 350).sum() > 90  # of the one that ends there
    assert (rows > 450).sum() < 10  # where the other crosses it: its upper and lower edge alone
