"""Files of layers on disk: each process has its own, and none stays behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from gpserverless.featurelayers.cache import MOST_OPEN, LayerCache
from gpserverless.featurelayers.query import LayerFilter
from gpserverless.featurelayers.select import count_rows
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import Table

ALL = LayerFilter()


def test_processes_that_fetch_a_layer_at_a_time_both_read_it(tmp_path: Path) -> None:
    source, folder = tmp_path / "layer.sqlite", tmp_path / "cache"
    manifest = write_layer(Table().with_columns({"n": np.arange(9)}), source, "Numbers")
    other = LayerCache(folder, lambda _, path: Path(shutil.copy(source, path)))

    def download(key: str, path: Path) -> None:
        shutil.copy(source, path)
        assert count_rows(other.open(key, manifest), ALL) == 9  # the other one is done before this one

    assert count_rows(LayerCache(folder, download).open("a", manifest), ALL) == 9
    assert list(folder.iterdir()) == []


def test_layer_is_fetched_again_once_many_others_were_used(tmp_path: Path) -> None:
    source, fetched = tmp_path / "layer.sqlite", list[str]()
    manifest = write_layer(Table().with_columns({"n": np.arange(9)}), source, "Numbers")

    def download(key: str, path: Path) -> None:
        fetched.append(key)
        shutil.copy(source, path)

    cache = LayerCache(tmp_path / "cache", download)
    for key in ("a", "a", *map(str, range(MOST_OPEN)), "a"):
        assert count_rows(cache.open(key, manifest), ALL) == 9
    assert fetched == ["a", *map(str, range(MOST_OPEN)), "a"]
