"""`make bench-tools` compares like with like: the ways of a row give shapes of the same size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from dev.bench_tools import changes, overlays, zones
from dev.bench_tools.contest import Row
from gpserverless.analysis.simplify import Simplified
from gpserverless.features.feature_set import FeatureSet

ROWS = [row for row in (*zones.ROWS, *overlays.ROWS, *changes.ROWS) if "statistics" not in row.name]


def add_up(result: Any) -> float:
    """Return the area, of lines the length, of all shapes in the result of a way."""
    if isinstance(result, Simplified):
        result = result.features
    if isinstance(result, FeatureSet):
        result = result.geometries
    if hasattr(result, "geometry"):
        result = result.geometry.to_numpy()
    if isinstance(result, tuple | list):
        return sum(add_up(each) for each in result if getattr(each, "dtype", np.dtype(object)).kind == "O")
    return float(np.sum(shapely.area(result)) or np.sum(shapely.length(result)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_ways_agree(row: Row) -> None:
    sizes = {way: add_up(work()) for way, work in row.prepare(900).works.items()}
    close = 2e-3 if "geodesic" in row.name else 1e-4 if "checked" in row.name else 1e-9
    assert sizes["ours"] > 0
    assert list(sizes.values()) == pytest.approx([sizes["ours"]] * 3, rel=close)
