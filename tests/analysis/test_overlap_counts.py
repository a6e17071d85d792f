"""Counts of the polygons that cover each place."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gpserverless.analysis.overlap_counts import count_overlaps
from gpserverless.errors import InvalidParameter
from gpserverless.testing import RecordedRun
from tests.analysis.layers import layer, polygons, scattered, square


def test_three_squares_in_a_row_cover_four_places() -> None:
    row = layer(square(0, 0), square(5, 0), square(10, 0))
    parts, table = count_overlaps("in_features", [row], 1, RecordedRun())
    west = np.argsort(shapely.bounds(parts.geometries)[:, 0])
    assert parts.column("COUNT_")[west].tolist() == [1, 2, 2, 1]
    assert (parts.areas() == 50).all()
    rows = zip(table.column("OVERLAP_OID"), table.column("ORIG_OID"), strict=True)
    where = {number: place for place, number in enumerate((west + 1).tolist())}
    assert sorted((where[part], polygon) for part, polygon in rows) == [
        (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3),
    ]  # fmt: skip


def test_layers_are_counted_beside_features() -> None:
    a, b = layer(square(0, 0), square(0, 0)), layer(square(0, 0))
    parts, table = count_overlaps("in_features", [a, b], 1, RecordedRun())
    assert (parts.column("COUNT_").tolist(), parts.column("COUNT_FC").tolist()) == ([3], [2])
    assert table.column("ORIG_NAME").tolist() == ["in_features", "in_features", "in_features_1"]


def test_places_of_few_polygons_are_left_out() -> None:
    row = layer(square(0, 0), square(5, 0))
    parts, table = count_overlaps("in_features", [row], 2, RecordedRun())
    assert (parts.areas().tolist(), table.column("OVERLAP_OID").tolist()) == ([50], [1, 1])


@pytest.mark.parametrize("seed", range(3))
def test_counts_agree_with_points_counted_one_by_one(seed: int) -> None:
    given = scattered(seed, 40)
    parts, _ = count_overlaps("in_features", [given], 1, RecordedRun())
    assert parts.areas() @ parts.column("COUNT_") == pytest.approx(given.areas().sum(), rel=1e-6)
    random = np.random.default_rng(seed)
    points = shapely.points(random.uniform(0, 100, (400, 2)))
    plain = shapely.intersects(given.geometries[:, None], points[None]).sum(axis=0)
    at = shapely.intersects(parts.geometries[:, None], points[None])
    assert (at * parts.column("COUNT_")[:, None]).sum(axis=0).tolist() == plain.tolist()


def test_nothing_in_is_nothing_out() -> None:
    parts, table = count_overlaps("in_features", [polygons()], 1, RecordedRun())
    assert (len(parts), len(table)) == (0, 0)
    assert {f.name for f in parts.fields} == {"COUNT_", "COUNT_FC"}


def test_only_polygons_are_counted() -> None:
    with pytest.raises(InvalidParameter, match="it holds points"):
        count_overlaps("in_features", [layer("POINT (0 0)")], 1, RecordedRun())
    with pytest.raises(InvalidParameter, match="it holds no layer"):
        count_overlaps("in_features", [], 1, RecordedRun())
