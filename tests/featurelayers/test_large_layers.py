"""A large layer is read where it lies: a query fetches the blocks that it needs, and answers as ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.cancellation import Deadline
from gpserverless.errors import NotFound, RequestError, StorageError, TooLarge
from gpserverless.featurelayers import cache as cache_module
from gpserverless.featurelayers.blocks import BLOCK_BYTES, MOST_AHEAD
from gpserverless.featurelayers.cache import LayerCache
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import (
    LayerFilter,
    Order,
    PageQuery,
    SpatialFilter,
    SpatialRelation,
    Statistic,
    SummaryQuery,
)
from gpserverless.featurelayers.select import count_rows, find_extent, select_ids, select_page
from gpserverless.featurelayers.statistics import count_distinct, select_distinct, summarize
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.values.spatial_reference import SpatialReference

COUNT = 40_000
SMALL_BOX = SpatialFilter(shapely.box(4000, 4000, 4400, 4400), is_box=True)
NO_END = Deadline(lambda: None)
ALL = LayerFilter()


@dataclass
class Store:
    """A store of files, and the ranges that were read of them."""

    files: dict[str, Path]
    ranges: list[tuple[str, int, int]] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    on_read: Callable[[], None] = lambda: None

    def download(self, key: str, path: Path, check: Callable[[], None]) -> None:
        check()
        self.whole.append(key)
        path.write_bytes(self.files[key].read_bytes())

    def read_range(self, key: str, start: int, end: int) -> bytes:
        self.on_read()
        self.ranges.append((key, start, end))
        with self.files[key].open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    @property
    def bytes(self) -> int:
        return sum(end - start for _, start, end in self.ranges)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LayerManifest]:
    """A layer of 15 MB: polygons in random places, of texts, numbers and nulls."""
    path = tmp_path_factory.mktemp("large") / "cells.sqlite"
    return path, write_layer(draw_cells(COUNT), path, "Cells")


def draw_cells(count: int) -> FeatureSet[Any]:
    chance = np.random.default_rng(7)
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = chance.uniform(0, 10_000, (count, 1, 2)) + chance.uniform(5, 40, (count, 1, 1)) * circle
    columns = {
        "POP": chance.integers(0, 1000, count),
        "NAME": np.array([None if n % 11 == 0 else f"Name {n % 97} ü" for n in range(count)], object),
        "SHARE": chance.uniform(0, 1, count),
    }
    return FeatureSet.of(shapely.polygons(rings), SpatialReference(25832), columns)


@pytest.fixture
def manifest(written: tuple[Path, LayerManifest]) -> LayerManifest:
    return written[1]


@pytest.fixture
def store(written: tuple[Path, LayerManifest], monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(cache_module, "MOST_WHOLE_BYTES", 1_000_000)
    return Store({"cells": written[0], "again": written[0]})


@pytest.fixture
def cache(store: Store, tmp_path: Path) -> Iterator[LayerCache]:
    made = LayerCache(tmp_path / "kept", store.download, store.read_range)
    yield made
    made.close()


@pytest.fixture
def whole(written: tuple[Path, LayerManifest]) -> Iterator[LayerFile]:
    with LayerFile(written[0]) as opened:
        yield opened


def list_rows(rows: FeatureSet[Any] | Table) -> tuple[Any, ...]:
    """Return fields, values and shapes, which can be compared."""
    shapes = shapely.to_wkb(rows.geometries).tolist() if isinstance(rows, FeatureSet) else []
    return rows.fields, {each.name: rows.column(each.name).tolist() for each in rows.fields}, shapes


def read_page(layer: LayerFile, query: PageQuery) -> tuple[Any, ...]:
    page = select_page(layer, query)
    return *list_rows(page.rows), page.exceeded


def test_story_of_a_large_layer(
    cache: LayerCache, store: Store, manifest: LayerManifest, whole: LayerFile, tmp_path: Path
) -> None:
    small = PageQuery(LayerFilter(spatial=SMALL_BOX), ("NAME", "POP"))
    layer = cache.open("cells", manifest, NO_END)
    page = read_page(layer, small)
    assert page == read_page(whole, small)
    assert len(page[2]) > 50
    assert len(store.ranges) <= 10  # the first blocks, then a few of each column and of the shapes
    assert store.bytes < manifest.size / 2

    before = list(store.ranges)
    assert read_page(layer, small) == page  # each block is fetched once
    assert cache.open("cells", manifest, NO_END) is layer
    assert count_rows(layer, LayerFilter(spatial=SMALL_BOX)) == len(page[2])
    assert store.ranges == before

    assert (
        select_ids(layer, LayerFilter("POP < 500")).tolist()
        == select_ids(whole, LayerFilter("POP < 500")).tolist()
    )
    select_page(layer, PageQuery(ALL, ("NAME", "SHARE", "POP"), limit=COUNT))
    assert store.bytes <= manifest.size  # now everything was fetched, and nothing twice
    assert store.whole == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]  # a process that dies leaves nothing


def in_area(relation: SpatialRelation) -> LayerFilter:
    return LayerFilter(spatial=SpatialFilter(shapely.Point(3000, 3000).buffer(700), relation))


FIGURES = SummaryQuery(ALL, (Statistic("sum", "POP", "people"), Statistic("max", "SHARE", "most")), ("NAME",))

QUERIES: dict[str, Callable[[LayerFile], Any]] = {
    "the document": lambda layer: (layer.manifest, layer.fields),
    "count of all": lambda layer: count_rows(layer, ALL),
    "count of a condition": lambda layer: count_rows(layer, LayerFilter("NAME LIKE '%7 ü' AND POP > 100")),
    "count of nulls": lambda layer: count_rows(layer, LayerFilter("NAME IS NULL")),
    "all ids": lambda layer: select_ids(layer, ALL).tolist(),
    "ids in an order": lambda layer: select_ids(layer, ALL, (Order("NAME", descending=True),)).tolist(),
    "ids in a box": lambda layer: select_ids(layer, LayerFilter(spatial=SMALL_BOX)).tolist(),
    "ids that an area contains": lambda layer: select_ids(layer, in_area("contains")).tolist(),
    "ids that overlap an area": lambda layer: select_ids(layer, in_area("overlaps")).tolist(),
    "extent of a condition": lambda layer: find_extent(layer, LayerFilter("SHARE > 0.99")),
    "first page": lambda layer: read_page(layer, PageQuery(ALL, ("NAME", "POP", "SHARE"))),
    "last page": lambda layer: read_page(layer, PageQuery(ALL, ("NAME",), offset=COUNT - 10)),
    "page in an order": lambda layer: read_page(layer, PageQuery(ALL, (), (Order("SHARE"),), 100, 500)),
    "page without shapes": lambda layer: read_page(layer, PageQuery(ALL, ("POP",), with_geometry=False)),
    "ids that are asked for": lambda layer: read_page(
        layer, PageQuery(LayerFilter(object_ids=tuple(range(1, COUNT, 199))), ("NAME",))
    ),
    "figures of groups": lambda layer: list_rows(summarize(layer, FIGURES).rows),
    "different values": lambda layer: list_rows(select_distinct(layer, PageQuery(ALL, ("NAME",))).rows),
    "number of different values": lambda layer: count_distinct(layer, ALL, ("NAME", "POP")),
}  # fmt: skip


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("free", [10**9, 3 * BLOCK_BYTES], ids=["much room", "little room"])
def test_answers_are_those_of_the_whole_file(
    cache: LayerCache,
    manifest: LayerManifest,
    whole: LayerFile,
    query: Callable[[LayerFile], Any],
    free: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cache_module, "_LEAST_BYTES", 0)
    monkeypatch.setattr(cache_module, "find_room", lambda folder: free)
    assert query(cache.open("cells", manifest, NO_END)) == query(whole)


def test_a_layer_larger_than_the_disk_is_answered_with_the_room_there_is(
    cache: LayerCache,
    store: Store,
    manifest: LayerManifest,
    whole: LayerFile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cache_module, "find_room", lambda folder: 4 * BLOCK_BYTES)
    monkeypatch.setattr(cache_module, "_LEAST_BYTES", 2 * BLOCK_BYTES)
    layer = cache.open("cells", manifest, NO_END)
    every = PageQuery(ALL, ("NAME",), limit=COUNT)
    assert read_page(layer, every) == read_page(whole, every)
    assert read_page(layer, every) == read_page(whole, every)
    assert store.bytes > manifest.size  # what had no room was fetched again
    assert max(end - start for _, start, end in store.ranges) <= 4 * BLOCK_BYTES < MOST_AHEAD * BLOCK_BYTES


def test_a_disk_without_room_even_for_blocks_is_said(
    cache: LayerCache, store: Store, manifest: LayerManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("cache", "room"):
        monkeypatch.setattr(f"gpserverless.featurelayers.{module}.find_room", lambda folder: 5_000_000)
    with pytest.raises(TooLarge, match=r"'Cells' has .* MB, and there is room for 5 MB"):
        cache.open("cells", manifest, NO_END)
    assert store.ranges == []


def test_layers_have_their_own_blocks_and_small_ones_come_whole(
    cache: LayerCache, store: Store, manifest: LayerManifest, tmp_path: Path
) -> None:
    small = write_layer(draw_cells(100), tmp_path / "small.sqlite", "Few")
    store.files["small"] = tmp_path / "small.sqlite"
    first, second, few = (
        cache.open(*which, NO_END) for which in (("cells", manifest), ("again", manifest), ("small", small))
    )
    assert [count_rows(each, LayerFilter("POP >= 0")) for each in (second, few, first)] == [COUNT, 100, COUNT]
    assert {key for key, _, _ in store.ranges} == {"cells", "again"}
    assert store.whole == ["small"]


FAULTS: dict[str, Exception] = {
    "the store fails": StorageError("could not read an object: SlowDown"),
    "the file is gone": NotFound("The object is not there any more."),
}


@pytest.mark.parametrize("problem", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_a_fault_at_any_request_is_said_and_the_next_query_is_right(
    cache: LayerCache,
    store: Store,
    manifest: LayerManifest,
    whole: LayerFile,
    problem: Exception,
    number: int,
) -> None:
    def fail() -> None:
        if len(store.ranges) == number:
            raise problem

    query = PageQuery(LayerFilter(spatial=SMALL_BOX), ("NAME", "POP", "SHARE"))
    store.on_read = fail
    with pytest.raises(type(problem), match=str(problem)):
        select_page(cache.open("cells", manifest, NO_END), query)
    store.on_read = lambda: None
    assert read_page(cache.open("cells", manifest, NO_END), query) == read_page(whole, query)


def test_a_file_that_ends_early_or_is_another_is_no_layer(
    cache: LayerCache, store: Store, manifest: LayerManifest, tmp_path: Path
) -> None:
    store.files["short"] = tmp_path / "short.sqlite"
    store.files["short"].write_bytes(store.files["cells"].read_bytes()[: manifest.size - 100])
    with pytest.raises(StorageError, match="bytes"):
        select_page(cache.open("short", manifest, NO_END), PageQuery(ALL, (), limit=COUNT))
    store.files["other"] = tmp_path / "other.sqlite"
    store.files["other"].write_bytes(b"no database at all".ljust(manifest.size, b"!"))
    with pytest.raises(StorageError, match="cannot be read"):
        cache.open("other", manifest, NO_END)


def test_a_query_ends_with_its_time_and_another_one_goes_on(
    cache: LayerCache, store: Store, manifest: LayerManifest, whole: LayerFile
) -> None:
    query = PageQuery(LayerFilter(spatial=SMALL_BOX), ("NAME", "POP"))
    layer = cache.open("cells", manifest, NO_END)

    def pass_time() -> None:
        if len(store.ranges) == 3:
            layer.deadline = Deadline(lambda: None, time.monotonic() - 1)

    store.on_read = pass_time
    with pytest.raises(RequestError, match="took too long"):
        select_page(layer, query)
    assert len(store.ranges) == 4  # the one that was under way, and no other
    layer.deadline = NO_END
    store.on_read = lambda: None
    assert read_page(layer, query) == read_page(whole, query)


def test_a_request_without_time_does_not_open_a_layer(
    cache: LayerCache, store: Store, manifest: LayerManifest
) -> None:
    with pytest.raises(RequestError, match="took too long"):
        cache.open("cells", manifest, NO_END.at_most(0))
    assert store.ranges == []
    assert count_rows(cache.open("cells", manifest, NO_END), ALL) == COUNT
