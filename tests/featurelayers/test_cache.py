"""A machine keeps the files of layers that were asked for last: each is fetched once, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import shapely

from gpserverless.cancellation import Deadline
from gpserverless.errors import NotFound, RequestError, StorageError, TooLarge
from gpserverless.featurelayers.cache import LayerCache
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import LayerFilter
from gpserverless.featurelayers.select import count_rows
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import WGS84

NO_END = Deadline(lambda: None)


@dataclass
class Store:
    """Layers of 1, 2, 3… rows by their key, and the keys that were fetched."""

    source: Path
    fetched: list[str] = field(default_factory=list)
    on_fetch: Callable[[Path], None] = lambda path: None

    def download(self, key: str, path: Path, check: Callable[[], None]) -> None:
        self.fetched.append(key)
        if not key.isdigit():
            raise NotFound("There is no such object.")
        write_layer(FeatureSet.of([shapely.Point(0, 0)] * int(key), WGS84), self.source, key)
        shutil.copy(self.source, path)
        self.on_fetch(path)
        check()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "source.sqlite")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def cache(store: Store, folder: Path) -> LayerCache:
    return LayerCache(folder, store.download)


def manifest(**facts: Any) -> LayerManifest:
    return LayerManifest("Wells", "esriGeometryPoint", None, (), "OBJECTID", 1, **facts)


def count(cache: LayerCache, key: str) -> int:
    return count_rows(cache.open(key, manifest(), NO_END), LayerFilter())


def list_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_fetched_once_and_each_key_has_its_own(cache: LayerCache, store: Store) -> None:
    assert [count(cache, key) for key in ("1", "2", "1", "2")] == [1, 2, 1, 2]
    assert store.fetched == ["1", "2"]


def test_what_was_not_used_for_longest_is_fetched_again(folder: Path, store: Store) -> None:
    cache = LayerCache(folder, store.download, most=2)
    assert [count(cache, key) for key in ("1", "2", "1", "3", "1", "2")] == [1, 2, 1, 3, 1, 2]
    assert store.fetched == ["1", "2", "3", "2"]


def test_half_a_file_is_no_file(cache: LayerCache, store: Store, folder: Path) -> None:
    def cut(path: Path) -> None:
        os.truncate(path, 100)

    store.on_fetch = cut
    with pytest.raises(StorageError):
        count(cache, "3")
    assert not list_files(folder)
    store.on_fetch = lambda path: None
    assert count(cache, "3") == 3


def test_a_request_without_time_ends_the_download(cache: LayerCache, folder: Path) -> None:
    with pytest.raises(RequestError, match=r"'Wells' has 12 MB, and there was no time to fetch them"):
        cache.open("3", manifest(size=12_000_000), NO_END.at_most(0))
    assert not list_files(folder)
    assert count(cache, "3") == 3


def test_an_object_that_is_gone(cache: LayerCache, folder: Path) -> None:
    with pytest.raises(NotFound):
        count(cache, "gone")
    assert not list_files(folder)


def test_a_layer_larger_than_the_disk_is_not_fetched(cache: LayerCache, store: Store) -> None:
    assert count(cache, "1") == 1
    with pytest.raises(TooLarge, match="there is room for"):
        cache.open("2", replace(manifest(), size=2**60), NO_END)
    assert store.fetched == ["1"]
    assert count(cache, "3") == 3


def test_a_process_that_dies_leaves_nothing_on_the_disk(cache: LayerCache, folder: Path) -> None:
    assert [count(cache, key) for key in ("1", "2")] == [1, 2]
    assert not list_files(folder)


def test_processes_that_fetch_a_layer_at_a_time_both_read_it(store: Store, folder: Path) -> None:
    other = LayerCache(folder, store.download)
    first = Store(store.source, on_fetch=lambda path: None if count(other, "9") == 9 else path.unlink())
    assert count(LayerCache(folder, first.download), "9") == 9  # the other one was done before
    assert list_files(folder) == []
