"""How long a layer's file takes to write, and each kind of query on it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely

from dev.benchmarks import first_page
from dev.benchmarks.table import Table
from dev.benchmarks.timing import Effort
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import (
    LayerFilter,
    Order,
    PageQuery,
    SpatialFilter,
    Statistic,
    SummaryQuery,
)
from gpserverless.featurelayers.select import count_rows, select_page
from gpserverless.featurelayers.statistics import summarize
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference

SIZES = (1_000, 100_000, 1_000_000)
SIDE = 1_000_000.0
NOTE = """\
Polygons of 13 vertices in no order, with six columns. The first answer is a new process: imports, opening,
and a page of at most 2,000 polygons in a box. The other queries follow in a process that has the file open.
None repeats the one before it. All times are of the processor, the median of several, and in ms."""

Query = Callable[[LayerFile, int], object]


def tables(effort: Effort) -> Iterator[Table]:
    """Write layers of several sizes, and query them."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in effort.sizes(*SIZES):
            rows.append(_measure(count, Path(folder) / "layer.sqlite", effort.rounds(9)))
    yield Table("layer_files", "Layers", _head(), tuple(rows), NOTE)


def draw_polygons(count: int) -> FeatureSet[Any]:
    """Return polygons in random places, of six columns."""
    chance = np.random.default_rng(1)
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    sizes = chance.uniform(100, 600, (count, 1, 1))
    rings = chance.uniform(0, SIDE, (count, 1, 2)) + sizes * circle
    numbers = np.arange(count)
    columns = {
        "POP": chance.integers(0, 100_000, count),
        "NAME": np.array([f"Name {number % 5000}" for number in numbers], object),
        "KIND": np.array(list("abcdefgh"), object)[chance.integers(0, 8, count)],
        "SHARE": chance.uniform(0, 1, count),
        "AGE": np.array([None if number % 10 == 0 else int(number % 100) for number in numbers], object),
        "NUMBER": numbers,
    }
    return FeatureSet.of(shapely.polygons(rings), SpatialReference(25832), columns)


def _place_box(count: int, number: int) -> SpatialFilter:
    """Return a box with about 2,000 polygons, another one for each number."""
    side = SIDE * min(1.0, np.sqrt(2000 / count))
    west, south = (SIDE - side) * ((number * 0.37 + 0.1) % 1), (SIDE - side) * ((number * 0.61 + 0.2) % 1)
    return SpatialFilter(shapely.box(west, south, west + side, south + side), is_box=True)


def _select(
    layer: LayerFile, wanted: LayerFilter, order_by: tuple[Order, ...] = (), offset: int = 0
) -> object:
    names = tuple(field.name for field in layer.fields)
    return select_page(layer, PageQuery(wanted, names, order_by, offset))


def _sum(layer: LayerFile, number: int) -> object:
    figures = (Statistic("sum", "POP", "people"), Statistic("avg", "SHARE", "share"))
    return summarize(layer, SummaryQuery(LayerFilter(f"NUMBER >= {number}"), figures, ("KIND",)))


QUERIES: dict[str, Query] = {
    "box": lambda layer, n: _select(layer, LayerFilter(spatial=_place_box(layer.manifest.count, n))),
    "where, page": lambda layer, n: _select(layer, LayerFilter(f"POP < {500 + n}")),
    "where, count": lambda layer, n: count_rows(layer, LayerFilter(f"POP < {5000 + n}")),
    "text, count": lambda layer, n: count_rows(layer, LayerFilter(f"NAME = 'Name {n}'")),
    "sums of groups": _sum,
    "last page": lambda layer, n: _select(layer, LayerFilter(), (), max(0, layer.manifest.count - 2000 - n)),
    "order by": lambda layer, n: _select(layer, LayerFilter(), (Order("POP", bool(n % 2)),)),
    "200 ids": lambda layer, n: _select(
        layer, LayerFilter(object_ids=tuple(range(n * 200 + 1, n * 200 + 201)))
    ),
}


def _head() -> tuple[str, ...]:
    return ("polygons", "file MB", "write s", "first answer", "its MB", *QUERIES)


def _measure(count: int, path: Path, rounds: int) -> tuple[float, ...]:
    features = draw_polygons(count)
    began = time.process_time()
    size = write_layer(features, path, "polygons").size
    write = time.process_time() - began
    del features
    sides = shapely.bounds(_place_box(count, 0).geometry).tolist()
    first = [_answer_first(path, sides) for _ in range(rounds)]
    with LayerFile(path) as layer:
        times = [_time(query, layer, rounds) for query in QUERIES.values()]
    answer, memory = (median(each[key] for each in first) for key in ("cpu", "memory"))
    return (count, size / 1e6, write, 1000 * answer, memory / 1e6, *times)


def _answer_first(path: Path, sides: list[float]) -> dict[str, Any]:
    command = [sys.executable, first_page.__file__, str(path), *map(str, sides)]
    report: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return report


def _time(query: Query, layer: LayerFile, rounds: int) -> float:
    taken = []
    for number in range(rounds):
        began = time.process_time()
        query(layer, number)
        taken.append(time.process_time() - began)
    return 1000 * median(taken)
