"""Geometries that would take GEOS a long time are told from large ones that do not."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.geometry.crossings import require_few_crossings
from tests.patience import SOON

ANGLES = np.linspace(0, 2 * np.pi, 50_000)
CIRCLE = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
TANGLE = np.random.default_rng(1).uniform(0, 1e-3, (2_000, 2))


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(0, 0),
        shapely.MultiPoint([(0, 0)] * 500),
        shapely.Polygon(CIRCLE),
        shapely.LineString(CIRCLE * (1, 2)),
        shapely.Polygon(TANGLE[:90]),
    ],
)
def test_large_geometries_pass(geometry: shapely.Geometry) -> None:
    require_few_crossings(geometry)


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Polygon(TANGLE),
        shapely.LineString(TANGLE),
        shapely.LineString(np.vstack([CIRCLE, TANGLE])),
        shapely.MultiLineString([CIRCLE[:50]] * 500),
    ],
)
def test_tangles_are_refused_at_once(geometry: shapely.Geometry) -> None:
    began = time.process_time()
    with pytest.raises(InvalidValue, match="cross or cover each other"):
        require_few_crossings(geometry)
    assert time.process_time() - began < SOON
