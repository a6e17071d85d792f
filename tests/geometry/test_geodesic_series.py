"""Short geodesics by Legendre's series against GeographicLib."""

from __future__ import annotations

import numpy as np
from pyproj import Geod

from gpserverless.geometry.geodesic_series import is_short, solve_short_geodesics

GEOD = Geod(ellps="WGS84")


def test_short_geodesics_are_right_to_a_millimetre() -> None:
    latitudes = np.repeat(np.linspace(-89, 89, 179), 5)
    distances_ = np.tile([1.0, 1e3, 2e4, 5e4, 1e5], 179)
    usable = is_short(latitudes, distances_, GEOD)
    assert usable[np.abs(latitudes) < 30].all()
    latitudes, distances_ = latitudes[usable], distances_[usable]
    azimuths = np.linspace(0, 180, 37)
    east, north = solve_short_geodesics(latitudes, distances_, azimuths, GEOD)
    start, turn, far = np.repeat(latitudes, 37), np.tile(azimuths, len(latitudes)), np.repeat(distances_, 37)
    x, y, _ = GEOD.fwd(np.zeros(len(start)), start, turn, far)
    assert GEOD.inv(x, y, east.ravel(), north.ravel())[2].max() < 0.001
