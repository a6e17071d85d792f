"""Buffers in the plane, by closed forms; and which surface a distance is measured on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import WGS84
from gpserverless.values.units import LinearUnit
from tests.geometry.shapes import LINE, SQUARE, features


@pytest.mark.parametrize(
    ("wkt", "distance", "style", "area", "bounds"),
    [
        ("POINT (5 7)", 100, {}, math.pi * 1e4, (-95, -93, 105, 107)),
        ("MULTIPOINT ((0 0), (1000 0))", 100, {}, 2 * math.pi * 1e4, (-100, -100, 1100, 100)),
        (LINE, 100, {}, 2e5 + math.pi * 1e4, (-100, -100, 1100, 100)),
        (LINE, 100, {"end": "FLAT"}, 2e5, (0, -100, 1000, 100)),
        (LINE, 100, {"side": "LEFT"}, 1e5, (0, 0, 1000, 100)),
        (LINE, 100, {"side": "RIGHT"}, 1e5, (0, -100, 1000, 0)),
        (SQUARE, 10, {}, 1e4 + 4e3 + math.pi * 100, (-10, -10, 110, 110)),
        (SQUARE, 10, {"side": "OUTSIDE_ONLY"}, 4e3 + math.pi * 100, (-10, -10, 110, 110)),
        (SQUARE, -10, {}, 6400, (10, 10, 90, 90)),
        (SQUARE, 0, {}, 1e4, (0, 0, 100, 100)),
    ],
)
def test_buffer_has_the_size_of_the_formula(
    wkt: str, distance: float, style: dict[str, Any], area: float, bounds: Any
) -> None:
    zone = features(wkt).buffer(LinearUnit(distance), **style).geometries[0]
    assert zone.area == pytest.approx(area, rel=1e-3)
    assert zone.bounds == pytest.approx(bounds, abs=1e-6)


@pytest.mark.parametrize(
    ("wkt", "distance"),
    [
        (SQUARE, -51),
        ("POINT (0 0)", 0),
        ("POINT (0 0)", -5),
        (LINE, 0),
        (LINE, -5),
        (None, 5),
        ("POINT EMPTY", 5),
    ],
)
def test_buffer_is_null_where_nothing_is_left(wkt: str | None, distance: float) -> None:
    assert features(wkt, wkt).buffer(LinearUnit(distance)).geometries.tolist() == [None, None]


def test_features_may_have_distances_of_their_own() -> None:
    points = features("POINT (0 0)", "POINT (500 0)", "POINT (900 0)", None)
    zones = points.buffer([10, 20, np.nan, 5])
    assert zones.geometry_type == "esriGeometryPolygon"
    assert [None if z is None else round(z.bounds[2] - z.bounds[0]) for z in zones.geometries] == [
        20,
        40,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("wkt", "style"),
    [
        ("POINT (0 0)", {"side": "LEFT"}),
        (SQUARE, {"side": "RIGHT"}),
        (LINE, {"side": "OUTSIDE_ONLY"}),
        ("POINT (0 0)", {"end": "FLAT"}),
        (SQUARE, {"end": "FLAT"}),
    ],
)
def test_style_that_does_not_suit_the_shapes_is_refused(wkt: str, style: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        features(wkt).buffer(LinearUnit(1), **style)


def test_angles_are_buffered_in_the_plane_of_degrees() -> None:
    zone = (
        features("POINT (10 60)", reference=WGS84).buffer(LinearUnit(2, "esriDecimalDegrees")).geometries[0]
    )
    assert zone.bounds == pytest.approx((8, 58, 12, 62))
