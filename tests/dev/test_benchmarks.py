"""The tables of the benchmarks; and both sides of a comparison do the same work. Nothing is timed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
import shapely

from dev.benchmarks import data, least
from dev.benchmarks.results import SubjectResult, read, write
from dev.benchmarks.table import Budget, Plot, Series, Table, format_cell
from dev.benchmarks.timing import in_turns, percentile, ratio
from gpserverless.formats.esri_json import decode_features
from gpserverless.values.units import LinearUnit


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("points", "points"),
        (100_000, "100,000"),
        (0.0, "0"),
        (1234.5, "1,234"),
        (12.345, "12.3"),
        (0.01234, "0.0123"),
        (0.000123456, "0.00012"),
    ],
)
def test_cell_has_three_digits(cell: Any, text: str) -> None:
    assert format_cell(cell) == text


@pytest.mark.parametrize(
    ("found", "at_least", "met"),
    [(4.0, False, True), (4.1, False, False), (4.0, True, True), (3.9, True, False)],
)
def test_budget_is_met_or_shown_as_missed(found: float, at_least: bool, met: bool) -> None:
    budget = Budget("p50", 4, found, "ms", at_least)
    assert budget.met == met
    assert budget.cells[-1] == ("yes" if met else "**no**")


def test_table_aligns_numbers_to_the_right() -> None:
    table = Table("t", "Title", ("", "ms"), (("one", 1.5), ("eleven", 11)))
    assert table.markdown() == "|  | ms |\n| --- | --: |\n| one | 1.5 |\n| eleven | 11 |"
    assert table.text() == "\nTitle\n         ms\none     1.5\neleven   11"


def test_series_must_go_to_the_right() -> None:
    with pytest.raises(ValueError, match="to the right"):
        Series("s", ((1, 1), (1, 2)))


def test_works_run_in_turns_and_are_compared_in_pairs() -> None:
    done: list[str] = []
    seconds = in_turns(
        (lambda: done.append("a"), lambda: done.append("b")), 2, clock=iter(range(99)).__next__
    )
    assert done == ["a", "b"] * 3
    assert seconds == [[1, 1], [1, 1]]
    assert ratio([1, 2, 30], [1, 1, 10]) == 2
    assert (percentile([3, 1, 2], 0.5), percentile([3, 1, 2], 0.99)) == (2, 3)


@pytest.mark.parametrize("kind", ["points", "polygons of 20", "polygons of 500"])
@pytest.mark.parametrize("count", [10, 501])
def test_best_way_makes_the_same_features(kind: str, count: int) -> None:
    sent = data.esri_json(kind, count)
    answer = orjson.loads(least.buffer_geometries(sent, data.REACH, data.segments(kind, count)))
    zones = decode_features(sent).buffer(LinearUnit(data.REACH)).geometries
    best = [shapely.Polygon(*each["geometry"]["rings"]) for each in answer["features"]]
    assert shapely.get_num_coordinates(best).tolist() == shapely.get_num_coordinates(zones).tolist()
    np.testing.assert_allclose(shapely.area(best), shapely.area(zones), rtol=1e-9)
    assert [each["attributes"]["NAME"] for each in answer["features"]] == [f"place {n}" for n in range(count)]


def test_peer_is_sent_the_same_places() -> None:
    ours = orjson.loads(data.esri_json("polygons of 20", 3))["features"]
    theirs = orjson.loads(data.geojson("polygons of 20", 3))["inputs"]["features"]["features"]
    assert [f["geometry"]["rings"] for f in ours] == [f["geometry"]["coordinates"] for f in theirs]


def test_results_are_kept_until_the_next_measurement(tmp_path: Path) -> None:
    plot = Plot("title", "x", "y", (Series("s", ((1, 2.5), (10, 3))),), 1.5)
    table = Table(
        "t", "Title", ("", "ms"), (("one", None), ("two", 2)), "note", (Budget("b", 1, 2, "ms"),), plot
    )
    path = tmp_path / "results.json"
    assert read(path) == {}
    known = {"jobs": SubjectResult("then", (table,)), "cold": SubjectResult("now", ())}
    write(path, known, ("cold", "jobs", "peers"))
    assert read(path) == known
    assert list(read(path)) == ["cold", "jobs"]
