"""Parts of a map: the shape of the picture, the parts beside one, and places in degrees."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.protocols.directory.map_view import HEIGHT, WIDTH, MapView, find_degrees, find_polar_view

VIEW = MapView((0.0, 0.0, float(WIDTH), float(HEIGHT)))


@pytest.mark.parametrize("box", [(0, 0, 10, 1), (0, 0, 1, 10), (5, 5, 5, 5), (-1e7, -1e7, 1e7, 1e7)])
def test_view_grows_about_its_middle_to_the_shape_of_the_picture(box: Any) -> None:
    x1, y1, x2, y2 = MapView.of(box).box
    assert (x2 - x1) / (y2 - y1) == pytest.approx(WIDTH / HEIGHT)
    assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    assert x1 <= box[0]
    assert x2 >= box[2]


def test_ways_lead_there_and_back() -> None:
    assert VIEW.move(1, 0).move(-1, 0).box == pytest.approx(VIEW.box)
    assert VIEW.zoom(2).zoom(0.5).box == pytest.approx(VIEW.box)
    assert VIEW.move(0, 1).box[1] > VIEW.box[1]
    x1, _, x2, _ = VIEW.zoom(2).box
    assert x2 - x1 == pytest.approx(WIDTH / 2)


def extent(*sides: Any, wkid: int = 4326) -> dict[str, Any]:
    """Return an extent."""
    names = ("xmin", "ymin", "xmax", "ymax")
    return {**dict(zip(names, sides, strict=True)), "spatialReference": {"wkid": wkid}}


@pytest.mark.parametrize(
    ("given", "degrees"),
    [
        (extent(6, 49, 8, 51), "6,49,8,51"),
        (extent(7, 50, 7, 50), "6.99999,49.99999,7.00001,50.00001"),
        (extent(-200, -100, 200, 100), "-180,-90,180,90"),
        (extent(170, -20, 190, 0), "-180,-20,180,0"),
        (extent(0, 0, 111_319.490793, 111_325.142866, wkid=102100), "0,0,1,1"),
        (extent(-180, 84.2, 180, 89.8), ""),  # a web map would show an edge of it
        (extent(-180, 60, 180, 90), "-180,60,180,90"),
        (extent("NaN", "NaN", "NaN", "NaN"), ""),
        ({"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}, ""),
        (extent(0, 0, 1, 1, wkid=999_999), ""),
        (None, ""),
    ],
)
def test_extent_has_its_place_in_degrees_or_none(given: Any, degrees: str) -> None:
    found = find_degrees(given)
    assert [float(side) for side in found.split(",") if side] == pytest.approx(
        [float(side) for side in degrees.split(",") if side], abs=1e-6
    )


@pytest.mark.parametrize(
    ("given", "wkid"),
    [
        (extent(-180, 84.2, 180, 89.8), 3995),
        (extent(-180, -90, 180, -86), 3031),
        (extent(-1e6, -1e6, 1e6, 1e6, wkid=3995), None),  # its own map is one of the pole
        (extent(-180, 60, 180, 90), None),
        (extent(6, 49, 8, 51), None),
        (None, None),
    ],
)
def test_what_lies_around_a_pole_is_shown_on_a_map_of_it(given: Any, wkid: int | None) -> None:
    found = find_polar_view(given)
    assert (found and found[1]) == wkid
    if found is not None and given is not None:
        latitude = min(abs(given["ymin"]), abs(given["ymax"]))
        arc = (90 - latitude) * 111_694  # metres of the meridian
        assert found[0][2] == pytest.approx(arc, rel=0.04)  # the scale at the pole is 0.97
        assert found[0] == (-found[0][2], -found[0][2], found[0][2], found[0][2])
