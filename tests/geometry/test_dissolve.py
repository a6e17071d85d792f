"""Unions of polygons."""

from __future__ import annotations

import math

import pytest
import shapely

from gpserverless.values.units import LinearUnit
from tests.geometry.shapes import features


def test_overlapping_buffers_dissolve_to_one() -> None:
    zones = (
        features("POINT (0 0)", "POINT (150 0)", "POINT (1000 0)", None).buffer(LinearUnit(100)).dissolve()
    )
    lens = 2 * 100**2 * math.acos(0.75) - 75 * math.sqrt(4 * 100**2 - 150**2)
    assert zones.geometries[0].area == pytest.approx(3 * math.pi * 1e4 - lens, rel=1e-3)
    assert len(shapely.get_parts(zones.geometries[0])) == 2


def test_invalid_polygons_dissolve_too() -> None:
    bowtie = "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"
    assert features(bowtie, "POLYGON ((5 0, 5 10, 20 10, 20 0, 5 0))").dissolve().geometries[0].area == 175
