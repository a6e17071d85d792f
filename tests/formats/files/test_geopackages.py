"""GeoPackages: keys and names that a format has for itself, odd layers, and counts that are wrong."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DOUBLE, INTEGER, OID, Field
from gpserverless.formats.files import geopackage
from gpserverless.formats.files.file_formats import FormatName
from gpserverless.formats.files.geopackage import prepare_geopackage
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features
from gpserverless.values.spatial_reference import SpatialReference
from tests.formats.files.tables import table, values
from tests.patience import SOON


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def points(columns: dict[str, Any], fields: tuple[Field, ...] = ()) -> FeatureSet[Any]:
    shapes = [shapely.Point(10, 50), shapely.Point(11, 50)]
    return FeatureSet.of(shapes, SpatialReference(4326)).with_columns(columns, fields)


def change(path: Path, *statements: str) -> None:
    """Change a GeoPackage as a program without GDAL's functions does: without its triggers."""
    with closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            database.execute(statement)


@pytest.mark.parametrize("key", ["fid", "ogc_fid", "OBJECTID"])
def test_primary_key_is_the_object_id(key: str) -> None:
    given = points({key: [101, 205], "a": ["x", "y"]}, (Field(key, OID),))
    path = write_features(given, "GeoPackage", "towns")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute(f'SELECT "{key}", a FROM towns').fetchall() == [(101, "x"), (205, "y")]
        keys = [row[1] for row in database.execute("PRAGMA table_info(towns)") if row[5]]
    assert keys == [key]
    read = read_features(path)
    assert (read.field(key).type, read.columns[key].tolist()) == (OID, [101, 205])


NAMES = ["FID", "fid", "geom", "GEOM", "OBJECTID", "Shape", "SHAPE", "ogc_fid", "id"]


@pytest.mark.parametrize("format", ["GeoPackage", "File Geodatabase"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("column", [[5.5, 6.5], ["u", "v"], [7, 7], [7, 8]])
def test_fields_of_any_name_and_type_come_back(name: str, column: list[Any], format: FormatName) -> None:
    said: list[str] = []
    path = write_features(points({name: column, "a": ["x", "y"]}), format, warn=said.append)
    read = read_features(path, warn=said.append)
    assert (values(read, name), values(read, "a"), said) == (column, ["x", "y"], [])
    assert shapely.get_x(read.geometries).tolist() == [10, 11]


def test_object_ids_that_are_no_key_are_a_field() -> None:
    given = points({"FID": [-1, -2]}, (Field("FID", OID),))
    read = read_features(write_features(given, "GeoPackage"))
    assert values(read, "FID") == [-1, -2]


def test_key_makes_way_for_a_field_of_its_name() -> None:
    given = points({"fid": [1.5, 2.5]}, (Field("fid", DOUBLE),))
    assert [f.type for f in given.fields] == [DOUBLE]
    read = read_features(write_features(given, "GeoPackage"))
    assert [(f.name, f.type) for f in read.fields] == [("fid_1", OID), ("fid", DOUBLE)]


REGISTER = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('{0}', '{1}', '{0}', 4326)"
)
COLUMN = "INSERT INTO gpkg_geometry_columns VALUES ('{0}', 'geom', '{1}', 4326, 0, 0)"
ODD = {
    "a view that fails": [
        "CREATE VIEW odd AS SELECT * FROM nowhere",
        REGISTER.format("odd", "features"),
        COLUMN.format("odd", "POINT"),
    ],
    "a view of a column that is gone": [
        "CREATE VIEW odd AS SELECT fid, geom, gone FROM towns",
        REGISTER.format("odd", "features"),
        COLUMN.format("odd", "POINT"),
    ],
    "a table that is gone": [REGISTER.format("odd", "features"), COLUMN.format("odd", "POINT")],
    "a table of features without geometry": [
        "CREATE TABLE odd (fid INTEGER PRIMARY KEY)",
        REGISTER.format("odd", "features"),
    ],
    "a table of attributes": [
        "CREATE TABLE odd (fid INTEGER PRIMARY KEY, geom BLOB)",
        REGISTER.format("odd", "attributes"),
    ],
    "an unknown geometry type": [
        "CREATE TABLE odd (fid INTEGER PRIMARY KEY, geom BLOB)",
        REGISTER.format("odd", "features"),
        COLUMN.format("odd", "BLOB3D"),
    ],
    "tiles without a matrix": [REGISTER.format("odd", "tiles")],
}


@pytest.mark.parametrize("case", ODD)
def test_odd_layer_does_not_hide_the_others(case: str) -> None:
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    change(path, *ODD[case])
    assert values(read_features(path), "a") == ["x", "y"]
    assert values(read_features(path, "TOWNS"), "a") == ["x", "y"]


def test_view_is_left_out_and_told() -> None:
    said: list[str] = []
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    change(path, *ODD["a view that fails"])
    read_features(path, warn=said.append)
    assert said == ["Layer 'odd' is left out: it is a view, and only tables are read."]


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {0} FROM n, towns"
HOSTILE = {
    "a layer": [
        f"CREATE VIEW odd AS {ENDLESS.format('i AS fid, geom')}",
        REGISTER.format("odd", "features"),
        COLUMN.format("odd", "POINT"),
    ],
    "a view that is no layer": [f"CREATE VIEW odd AS {ENDLESS.format('i AS fid, geom')}"],
    "the extensions": [
        "DROP TABLE IF EXISTS gpkg_extensions",
        f"CREATE VIEW gpkg_extensions AS {ENDLESS.format('i AS table_name')}",
    ],
    "the counts": [
        "DROP TABLE IF EXISTS gpkg_ogr_contents",
        f"CREATE VIEW gpkg_ogr_contents AS {ENDLESS.format('1 AS table_name, i AS feature_count')}",
    ],
    "a virtual table": [
        "CREATE VIRTUAL TABLE odd USING fts5(geom)",
        REGISTER.format("odd", "features"),
        COLUMN.format("odd", "POINT"),
    ],
    "a trigger": [
        "CREATE TRIGGER more AFTER DELETE ON gpkg_contents BEGIN "
        f"INSERT INTO towns (a) {ENDLESS.format('i')}; END",
        f"CREATE VIEW odd AS {ENDLESS.format('i AS fid, geom')}",
        REGISTER.format("odd", "features"),
        COLUMN.format("odd", "POINT"),
    ],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_would_run_for_ever_is_never_run(case: str) -> None:
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    change(path, *HOSTILE[case])
    started = time.process_time()
    assert values(read_features(path), "a") == ["x", "y"]
    with pytest.raises(InvalidValue, match="the file has no layer 'odd'"):
        read_features(path, "odd")
    assert time.process_time() - started < SOON
    with closing(sqlite3.connect(path)) as file:
        assert case == "a trigger" or file.execute("SELECT count(*) FROM towns").fetchone() == (2,)


def test_list_of_layers_that_never_ends_is_refused() -> None:
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    view = f"CREATE VIEW gpkg_contents AS {ENDLESS.format('*')}"
    change(path, "ALTER TABLE gpkg_contents RENAME TO old", view)
    with pytest.raises(InvalidValue, match=r"cannot be opened|no layer with features"):
        read_features(path)


def test_file_with_very_many_tables_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geopackage, "MOST_OBJECTS", 100)
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    change(path, *(f"CREATE VIEW v{number} AS SELECT 1" for number in range(100)))
    with pytest.raises(InvalidValue, match="more than 100 tables and views"):
        read_features(path)


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_file_that_a_program_has_open_is_refused(suffix: str) -> None:
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    path.with_name(path.name + suffix).write_bytes(b"x")
    with pytest.raises(InvalidValue, match=f"beside the GeoPackage lies 'towns.gpkg{suffix}'"):
        read_features(path)


def test_file_of_tables_is_read_where_it_lies() -> None:
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    assert prepare_geopackage(path, must_not_warn) == path


def must_not_warn(text: str) -> None:
    raise AssertionError(text)


@pytest.mark.parametrize("told", [0, 1, 999_999, -5])
def test_every_row_is_read_whatever_the_file_tells(told: int) -> None:
    path = write_features(table("esriGeometryPoint"), "GeoPackage", "towns")
    change(path, f"UPDATE gpkg_ogr_contents SET feature_count = {told}")
    assert len(read_features(path)) == 3


def test_bytes_come_as_base64_and_are_told() -> None:
    said: list[str] = []
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    change(
        path,
        "ALTER TABLE towns ADD COLUMN picture BLOB",
        "UPDATE towns SET picture = x'000102' WHERE a = 'x'",
    )
    read = read_features(path, warn=said.append)
    assert values(read, "picture") == ["AAEC", None]
    assert said == ["Field picture holds binary data (bytes); it is read as text in base64."]


def test_impossible_dates_are_null_and_told() -> None:
    said: list[str] = []
    path = write_features(table("esriGeometryPoint").only("DAY", "WHEN"), "GeoPackage", "towns")
    change(
        path,
        """UPDATE towns SET "DAY" = '2020-13-45', "WHEN" = '2020-02-30T10:00:00.000Z' WHERE "DAY" > ''""",
    )
    read = read_features(path, warn=said.append)
    assert (values(read, "DAY"), values(read, "WHEN")) == ([None] * 3, [None] * 3)
    assert any("DAY" in text for text in said)
    assert any("WHEN" in text for text in said)


def test_file_of_tables_alone_says_so() -> None:
    path = write_features(points({"a": ["x", "y"]}), "GeoPackage", "towns")
    change(path, "DELETE FROM gpkg_geometry_columns", "UPDATE gpkg_contents SET data_type = 'attributes'")
    with pytest.raises(InvalidValue, match="no layer with features"):
        read_features(path)


def test_integers_keep_their_type() -> None:
    read = read_features(write_features(points({"n": [1, 2]}, (Field("n", INTEGER),)), "GeoPackage"))
    assert read.field("n").type == INTEGER


@pytest.mark.parametrize("code", [0, -1])
def test_undefined_reference_is_unknown_and_told(code: int) -> None:
    given: FeatureSet[Any] = FeatureSet(
        (), {}, geometries=[shapely.Point(1, 2)], spatial_reference=SpatialReference(4326)
    )
    path = write_features(given, "GeoPackage")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", (code,))
    said: list[str] = []
    assert read_features(path, warn=said.append).spatial_reference is None
    assert said == [
        "The file says that its spatial reference is undefined; that of the features is not known."
    ]
