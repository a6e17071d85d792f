"""What a layer's file keeps of a result, and what it cannot be made to do."""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import MultiPoint, Point, Polygon

from gpserverless.cancellation import Deadline
from gpserverless.errors import Cancelled, RequestError, StorageError, TooLarge
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.query import (
    LayerFilter,
    Order,
    PageQuery,
    SpatialFilter,
    Statistic,
    SummaryQuery,
)
from gpserverless.featurelayers.room import require_room
from gpserverless.featurelayers.select import count_rows, find_extent, select_ids, select_page
from gpserverless.featurelayers.statistics import summarize
from gpserverless.featurelayers.tables import OpenTables
from gpserverless.featurelayers.write import LayerProperties, write_layer
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import DOUBLE, OID, STRING, Field
from gpserverless.formats.esri_json.encode import encode_features, encode_table
from gpserverless.values.spatial_reference import SpatialReference

UTM = SpatialReference(25832)
ALL = LayerFilter()


def read_back(rows: FeatureSet[Any] | Table, path: Path) -> FeatureSet[Any] | Table:
    """Return the first page of the layer that is made of rows, with all fields."""
    write_layer(rows, path, "x")
    with LayerFile(path) as layer:
        return select_page(layer, PageQuery(ALL, tuple(f.name for f in layer.fields), limit=10**6)).rows


def draw_circle(vertices: int) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    return Polygon(np.stack([np.cos(angles), np.sin(angles)], axis=1))


SHAPES = {
    "points": [Point(1, 2), None, Point(-3, 4)],
    "points with z and m": shapely.from_wkt(["POINT ZM (1 2 3 4)", "POINT ZM (5 6 7 8)"]),
    "multipoints": [MultiPoint([(0, 0), (1, 1)])],
    "lines with m": shapely.from_wkt(["LINESTRING M (1 2 3, 4 5 6)", None]),
    "lines of two parts": shapely.from_wkt(
        ["MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", "LINESTRING (0 0, 9 9)"]
    ),
    "polygons": shapely.from_wkt(
        [
            "POLYGON ((0 0, 0 9, 9 9, 0 0), (1 2, 1 3, 2 3, 1 2))",
            "MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)), ((5 5, 5 6, 6 6, 5 5)))",
        ]
    ),
    "a circle of 10,000 vertices": [draw_circle(10_000)],
    "no shapes at all": [None, None],
    "nothing": [],
}


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
def test_answer_is_that_of_the_feature_set(tmp_path: Path, shapes: Any) -> None:
    """The JSON of a layer's page and that of the result are the same bytes."""
    numbers = list(range(len(shapes)))
    columns = {"text": [f"'{n}' 🏝" for n in numbers], "a": numbers}
    truth = FeatureSet.of(shapes, UTM, columns)
    found = read_back(truth, tmp_path / "layer.sqlite")
    numbered = truth.with_columns({"OBJECTID": [n + 1 for n in numbers]}, [Field("OBJECTID", OID)])
    truth = numbered.only("OBJECTID", "text", "a")
    assert isinstance(found, FeatureSet)
    assert encode_features(found, z=True, m=True) == encode_features(truth, z=True, m=True)


@pytest.mark.parametrize("shapes", [[], [None, None]], ids=["nothing", "no shapes"])
def test_layer_without_shapes_answers_everything(tmp_path: Path, shapes: list[Any]) -> None:
    rows = FeatureSet.of(shapes, UTM, {"a": [1] * len(shapes)})
    write_layer(rows, tmp_path / "x.sqlite", "x")
    with LayerFile(tmp_path / "x.sqlite") as layer:
        assert find_extent(layer, ALL) is None
        assert select_ids(layer, LayerFilter(where="a = 1")).tolist() == list(range(1, len(shapes) + 1))
        box = SpatialFilter(shapely.box(0, 0, 1, 1), is_box=True)
        assert count_rows(layer, LayerFilter(spatial=box)) == 0
        query = SummaryQuery(ALL, (Statistic("sum", "a", "s"), Statistic("count", "a", "n")))
        total = summarize(layer, query).rows
        assert total.column("n").tolist() == [len(shapes)]
        assert total.column("s").tolist() == pytest.approx([2 if shapes else np.nan], nan_ok=True)
        page = select_page(layer, PageQuery(ALL, ("a",), (Order("a"),)))
        assert (len(page.rows), page.exceeded) == (len(shapes), False)


def test_table_is_a_layer_without_shapes(tmp_path: Path) -> None:
    table = Table().with_columns({"id": [3, 1, 2], "name": ["c", None, "b"]}, [Field("id", OID)])
    found = read_back(table, tmp_path / "t.sqlite")
    assert isinstance(found, Table)
    assert encode_table(found) == encode_table(table.take([1, 2, 0]))
    with LayerFile(tmp_path / "t.sqlite") as layer:
        assert layer.manifest.is_table
        assert layer.manifest.extent is None
        assert count_rows(layer, LayerFilter(spatial=SpatialFilter(shapely.box(0, 0, 1, 1)))) == 0


IDS = [
    ([5, 2, 9], [5, 2, 9]),
    ([5, 5, 9], [1, 2, 3]),
    ([0, 1, 2], [1, 2, 3]),
    ([-1, 1, 2], [1, 2, 3]),
    ([3, None, 1], [1, 2, 3]),
    ([2**62, 1, 7], [2**62, 1, 7]),
]


@pytest.mark.parametrize(("given", "kept"), IDS, ids=str)
def test_object_ids_are_kept_or_made(tmp_path: Path, given: list[Any], kept: list[int]) -> None:
    rows = FeatureSet.of([Point(0, 0), Point(9, 9), Point(5, 5)], UTM, {"order": [0, 1, 2]})
    column = np.array(given, object if None in given else np.int64)
    rows = rows.with_columns({"KEY": column}, [Field("KEY", OID)])
    found = read_back(rows, tmp_path / "x.sqlite")
    assert found.object_ids.tolist() == sorted(kept)
    assert found.column("order").tolist() == np.argsort(kept).tolist()


def test_values_of_any_type_come_back(tmp_path: Path) -> None:
    values = {
        "mixed": np.array(["a", 1, 2.5, None, True], object),
        "tiny": np.array([1, -2, 3, 4, 5], np.int8),
        "single": np.array([0.1, np.nan, 1, 2, 3], np.float32),
        "largest": np.array([2**63 - 1, -(2**63), None, 0, 1], object),
        "x0": np.array([1.5, 2, 3, 4, 5]),
        'a "b" c; drop table g': np.arange(5),
        "long": np.array(["x" * 100_000, "", None, "ß", "\x00"], object),
    }
    fields = tuple(Field(name, DOUBLE if name == "single" else STRING) for name in values)
    rows = read_back(Table(fields, values), tmp_path / "x.sqlite")
    for name, column in values.items():
        np.testing.assert_array_equal(rows.column(name), column)


@pytest.mark.parametrize("count", [1, 2, 1023, 1024, 1025, 2047, 2048, 2049])
def test_rows_at_the_edge_of_a_chunk(tmp_path: Path, count: int) -> None:
    texts = [None if n % 5 == 0 else f"{n} Ä" for n in range(count)]
    points = shapely.points(np.random.default_rng(count).uniform(0, 100, (count, 2)))
    rows = FeatureSet.of(points, UTM, {"text": texts, "number": np.arange(count) / 3})
    assert write_layer(rows, tmp_path / "x.sqlite", "x").count == count
    with LayerFile(tmp_path / "x.sqlite") as layer:
        for limit in (1, 7, count):
            for start in sorted({0, count // 2, max(0, count - limit)}):
                page = select_page(layer, PageQuery(ALL, ("text", "number"), (), start, limit)).rows
                assert isinstance(page, FeatureSet)
                assert page.column("text").tolist() == texts[start : start + limit]
                assert (page.column("number") == np.arange(count)[start : start + limit] / 3).all()
                assert (page.geometries == points[start : start + limit]).all()
                assert page.object_ids.tolist() == list(range(start + 1, min(count, start + limit) + 1))


SIZES = [(10, 2000), (3000, 2000), (30_000, 1000)]


@pytest.mark.parametrize(("characters", "rows"), SIZES)
def test_page_has_few_enough_bytes(tmp_path: Path, characters: int, rows: int) -> None:
    """3,000 rows of which the first 1,000 are long."""
    texts = ["x" * (characters if n < 1000 else 10) for n in range(3000)]
    table = Table().with_columns({"text": texts})
    assert write_layer(table, tmp_path / "x.sqlite", "x").max_record_count == rows


def test_file_is_replaced_and_a_cancel_ends_the_writing(tmp_path: Path) -> None:
    rows = FeatureSet.of([Point(0, 0)], UTM)
    write_layer(rows, tmp_path / "x.sqlite", "old")
    assert write_layer(rows, tmp_path / "x.sqlite", "new", LayerProperties({"type": "simple"})).count == 1
    with LayerFile(tmp_path / "x.sqlite") as layer:
        assert (layer.manifest.name, layer.manifest.renderer) == ("new", {"type": "simple"})

    def cancel() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_layer(rows, tmp_path / "y.sqlite", "x", check_cancelled=cancel)
    with pytest.raises(StorageError):
        LayerFile(tmp_path / "y.sqlite")


def test_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def connect_small(*given: Any, **named: Any) -> sqlite3.Connection:
        database = connect(*given, **named)
        database.execute("pragma page_size = 65536")
        database.execute("pragma max_page_count = 4")
        return database

    monkeypatch.setattr(sqlite3, "connect", connect_small)
    texts = Table().with_columns({"text": ["x" * 1000] * 3000})
    with pytest.raises(OSError, match="No space left") as caught:
        write_layer(texts, tmp_path / "x.sqlite", "x")
    assert caught.value.errno == errno.ENOSPC


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with pytest.raises(StorageError, match="cannot be read"):
        LayerFile(path)
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(StorageError, match="cannot be read"):
        LayerFile(path)
    write_layer(FeatureSet.of([Point(0, 0)], UTM), path, "x")
    with sqlite3.connect(path) as database:
        database.execute("update meta set value = '0' where key = 'version'")
    database.close()
    with pytest.raises(StorageError, match="another version"):
        LayerFile(path)


FORBIDDEN = [
    "delete from g",
    "update meta set value = ''",
    "create temp table t(a)",
    "create table t(a)",
    "attach 'other.sqlite' as other",
    "select load_extension('x')",
    "select randomblob(1000000000)",
    "select * from sqlite_master",
    "pragma query_only = off",
    "vacuum into 'other.sqlite'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_connection_can_only_read_its_tables(layer: LayerFile, statement: str) -> None:
    with pytest.raises(StorageError, match=r"not authorized|prohibited|denied"):
        list(layer._tables.execute(statement))


QUERIES: dict[str, Callable[[LayerFile], object]] = {
    "page": lambda layer: select_page(layer, PageQuery(ALL, ("POP", "NAME"))),
    "where": lambda layer: count_rows(layer, LayerFilter(where="NAME LIKE '%a%'")),
    "area": lambda layer: count_rows(
        layer, LayerFilter(spatial=SpatialFilter(shapely.box(0, 0, 9e3, 9e3), "overlaps"))
    ),
    "figures": lambda layer: summarize(layer, SummaryQuery(ALL, (Statistic("sum", "POP", "s"),), ("NAME",))),
    "order": lambda layer: select_ids(layer, ALL, (Order("NAME"),)),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_deadline_stops_a_query_at_any_moment(
    source: Path | OpenTables, query: Callable[[LayerFile], object]
) -> None:
    calls: list[int] = []

    def run_until(most: int) -> None:
        def check() -> None:
            calls.append(1)
            if len(calls) > most:
                raise TimeoutError

        calls.clear()
        with LayerFile(source, Deadline(check)) as another:
            query(another)

    run_until(10**9)
    needed = len(calls)
    assert needed > 1
    for most in range(needed):
        with pytest.raises(RequestError, match="took too long"):
            run_until(most)
    run_until(needed)


def test_deadline_stops_sqlite_itself(layer: LayerFile) -> None:
    """A statement of SQLite that would run for hours ends with the time of its query."""
    tables = ", ".join(f"c {name}" for name in "abdefh")
    sum_of_all = " + ".join(f"{name}.key" for name in "abdefh")
    layer.deadline = Deadline(lambda: None, time.monotonic() + 0.2)
    try:
        with pytest.raises(RequestError, match="took too long"):
            list(layer._execute(f"select 1 from {tables} where {sum_of_all} < 0", ()))
    finally:
        layer.deadline = Deadline(lambda: None)


def test_layer_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    manifest = LayerManifest("Parcels", "", None, (), "OBJECTID", 1, size=10)
    require_room(manifest, tmp_path)
    huge = LayerManifest("Parcels", "", None, (), "OBJECTID", 1, size=2**62)
    with pytest.raises(TooLarge, match="'Parcels' has 4,611,686,018,427 MB, and there is room for"):
        require_room(huge, tmp_path)


def test_layer_whose_copies_do_not_fit_is_refused_by_its_own_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpserverless.featurelayers.room.find_room", lambda folder: 25_000_000)
    manifest = LayerManifest("Parcels", "", None, (), "OBJECTID", 1, size=10_000_000)
    require_room(manifest, tmp_path, 2)
    with pytest.raises(TooLarge, match="'Parcels' has 10 MB, and there is room for 8 MB"):
        require_room(manifest, tmp_path, 3)


def test_hundred_thousand_points_lie_along_a_curve(tmp_path: Path) -> None:
    """Both of a shuffled result and of a sorted one, a small box reads a few chunks of many."""
    chance = np.random.default_rng(3)
    places = chance.uniform(0, 1000, (100_000, 2))
    for some in (places, places[np.lexsort((places[:, 1] // 30, places[:, 0] // 30))]):
        points = FeatureSet.of(shapely.points(some), UTM)
        write_layer(points, tmp_path / "x.sqlite", "x")
        box = shapely.box(300, 300, 360, 340)
        truth = np.flatnonzero(shapely.intersects(box, points.geometries)) + 1
        with LayerFile(tmp_path / "x.sqlite") as layer:
            found = select_ids(layer, LayerFilter(spatial=SpatialFilter(box, is_box=True)))
            assert found.tolist() == truth.tolist()
            west, south, east, north = layer.chunk_bounds.T
            assert ((west <= 360) & (east >= 300) & (south <= 340) & (north >= 300)).sum() < 12
            page = select_page(layer, PageQuery(ALL, (), offset=98_000))
            assert isinstance(page.rows, FeatureSet)
            assert (page.rows.geometries == points.geometries[98_000:]).all()
            assert not page.exceeded


def test_a_layer_has_one_object_id(tmp_path: Path) -> None:
    fields = [Field("OBJECTID", OID), Field("OTHER", OID, "Id of the other layer")]
    rows = Table().with_columns({"OBJECTID": [7, 9], "OTHER": [1, 1]}, fields)
    kept = read_back(rows, tmp_path / "two.sqlite")
    assert [(field.name, field.type, field.alias) for field in kept.fields] == [
        ("OBJECTID", OID, "OBJECTID"),
        ("OTHER", "esriFieldTypeBigInteger", "Id of the other layer"),
    ]
    assert kept.column("OTHER").tolist() == [1, 1]
