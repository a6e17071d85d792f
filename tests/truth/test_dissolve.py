"""Dissolved shapes and statistics of cases are those of geopandas and pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.analysis.dissolve import DissolveOptions, dissolve
from gpserverless.analysis.summary_statistics import Statistic, summarize_rows
from tests.analysis.quiet import Notes
from tests.truth.layers import measure, read_american, scatter_boxes, scatter_lines, to_frame

WORDS = {"SUM": "sum", "MEAN": "mean", "MIN": "min", "MAX": "max", "COUNT": "count", "MEDIAN": "median"}


@pytest.mark.parametrize("layer", [scatter_boxes, scatter_lines])
@pytest.mark.parametrize("seed", [1, 2])
def test_groups(layer: Any, seed: int) -> None:
    features = layer(300, seed)
    statistics = [Statistic(f"VALUE{seed}", word) for word in WORDS]
    found = dissolve(features, DissolveOptions([f"GROUP{seed}"], statistics), Notes())
    frame = to_frame(features)
    united = frame.dissolve(f"GROUP{seed}")
    rows = [united.index.get_loc(name) for name in found.column(f"GROUP{seed}")]
    assert sorted(rows) == list(range(5))
    assert measure(found.geometries) == pytest.approx(measure(united.geometry)[rows], rel=1e-9)
    expected = united.geometry.to_numpy()[rows]
    apart = shapely.symmetric_difference(found.geometries, expected)
    assert measure(apart) == pytest.approx(np.zeros(5), abs=1e-6)
    grouped = frame.groupby(f"GROUP{seed}")[f"VALUE{seed}"].agg(list(WORDS.values())).iloc[rows]
    for word, name in WORDS.items():
        assert found.column(f"{word}_VALUE{seed}") == pytest.approx(grouped[name].to_numpy(), rel=1e-12)


def test_real_counties_make_states() -> None:
    counties = read_american("us_counties")
    found = dissolve(counties, DissolveOptions(["STATE_NAME"]), Notes())
    united = to_frame(counties)[["STATE_NAME", "geometry"]].dissolve("STATE_NAME")
    rows = [united.index.get_loc(name) for name in found.column("STATE_NAME")]
    assert len(found) == len(united)
    assert measure(found.geometries) == pytest.approx(measure(united.geometry)[rows], rel=1e-9)


@pytest.mark.parametrize("word", ["STD", "VARIANCE"])
def test_spread_is_one_of_the_two_of_pandas(word: str) -> None:
    features = scatter_boxes(200, 3)
    found = summarize_rows(features, [Statistic("VALUE3", word)], ["GROUP3"])
    grouped = to_frame(features).groupby("GROUP3")["VALUE3"]
    agg = grouped.std if word == "STD" else grouped.var
    sample = agg(ddof=1)[found.column("GROUP3").tolist()].to_numpy()
    np.testing.assert_allclose(found.column(f"{word}_VALUE3"), sample, rtol=1e-12)
