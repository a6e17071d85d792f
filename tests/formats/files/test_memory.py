"""A small file takes little memory, and a read leaves nothing behind."""

from __future__ import annotations

import gc
import json
import sqlite3
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.files.file_formats import FormatName
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features
from gpserverless.values.spatial_reference import SpatialReference

MB = 1_000_000


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@contextmanager
def without_collection() -> Iterator[None]:
    """Trace allocations while nothing is collected, as in a tool that allocates arrays alone."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        gc.enable()


def texts(rows: int, columns: int) -> FeatureSet[shapely.Point]:
    shapes = shapely.points(np.arange(rows) % 90, 50)
    named = {f"c{i}": np.array([f"v{j}" for j in range(rows)], object) for i in range(columns)}
    return FeatureSet.of(shapes, SpatialReference(4326), named)


@pytest.mark.parametrize(
    "name", ["GeoPackage", "GeoJSON", "FlatGeobuf", "Shapefile", "KML", "File Geodatabase"]
)
def test_400_columns_of_one_feature_take_little(name: FormatName) -> None:
    path = write_features(texts(1, 200 if name == "Shapefile" else 400), name)
    read_features(path)  # what is loaded once
    with without_collection():
        features = read_features(path)
        _, peak = tracemalloc.get_traced_memory()
    assert len(features.columns) >= 200
    assert peak < 10 * MB


@pytest.mark.parametrize("name", ["GeoPackage", "GeoJSON", "FlatGeobuf", "Shapefile"])
def test_ten_reads_leave_nothing(name: FormatName) -> None:
    """What is left would wait for a collection, which arrays and texts alone do not bring about."""
    path = write_features(texts(100, 20), name)
    read_features(path)
    assert any(_count_left(path) < 10 for _ in range(3))  # other threads leave something now and then


def _count_left(path: Path) -> int:
    """Return the number of objects that ten reads leave to a collection."""
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            read_features(path)
    finally:
        gc.enable()
    return gc.collect()


def test_count_that_is_far_too_high_reserves_nothing() -> None:
    path = write_features(texts(1, 50), "GeoPackage")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = 900000")
    with without_collection():
        assert len(read_features(path)) == 1
        _, peak = tracemalloc.get_traced_memory()
    assert peak < 10 * MB


def test_json_of_one_feature_and_of_none(tmp_path: Path) -> None:
    for number in (0, 1):
        one = {
            "type": "Feature",
            "properties": {"a": 1},
            "geometry": {"type": "Point", "coordinates": [1, 2]},
        }
        path = tmp_path / f"{number}.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [one] * number}), "utf-8")
        assert len(read_features(path)) == number
