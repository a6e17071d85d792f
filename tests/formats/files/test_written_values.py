"""What GDAL would write as another value, or refuse in its own words, is told, written as text or refused."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, DATE_ONLY, OID, Field
from gpserverless.formats.files import write_batches
from gpserverless.formats.files.file_formats import FormatName
from gpserverless.formats.files.gdal import load_pyogrio
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features, write_layers
from gpserverless.values.spatial_reference import SpatialReference

BATCHED: tuple[FormatName, ...] = ("GeoPackage", "FlatGeobuf")
TYPED: tuple[FormatName, ...] = (*BATCHED, "Shapefile", "File Geodatabase")
BEYOND = "Dates before the year 1 or after 9999 are no dates of files: field WHEN is text."
SHIFTED = "Parts of a second before 1970 are not kept by GDAL: field WHEN is written as text."


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made in the run's folder, as in a worker."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def write(field: Field, values: list[Any], name: FormatName) -> tuple[list[Any], list[str]]:
    """Return the values of a column in a file, as GDAL reads them, and what was told."""
    bare = FeatureSet.of([shapely.Point(n, n) for n in range(len(values))], SpatialReference(4326))
    said: list[str] = []
    column = np.array(values, object)
    path = write_features(bare.with_columns({field.name: column}, [field]), name, warn=said.append)
    meta, _, shapes, columns = load_pyogrio().read(path)
    order = np.argsort(shapely.get_x(shapely.from_wkb(shapes)))
    return columns[meta["fields"].tolist().index(field.name)][order].tolist(), said


def make_moment(text: str) -> int:
    return int(np.datetime64(text, "ms").astype(np.int64))


@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize(
    "text",
    ["10000-01-01T00:00:00.000", "0000-12-31T23:59:59.999", "275760-09-13T00:00:00.000"],
)
def test_date_of_a_year_that_files_have_not_is_text(name: FormatName, text: str) -> None:
    found, said = write(Field("WHEN", DATE), [make_moment(text), None, 0], name)
    assert found == [f"{text}Z", None, "1970-01-01T00:00:00.000Z"]
    assert said == [BEYOND]


def test_geojson_has_the_text_of_a_date_of_such_a_year() -> None:
    shape = FeatureSet.of([shapely.Point(1, 2)], SpatialReference(4326))
    column = np.array([make_moment("10000-01-01T00:00:00.000")], object)
    path = write_features(shape.with_columns({"WHEN": column}, [Field("WHEN", DATE)]), "GeoJSON")
    assert '"WHEN": "10000-01-01T00:00:00.000Z"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BATCHED)
@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("1969-12-31T23:59:59.999", False),
        ("1969-12-31T23:59:59.001", False),
        ("1899-12-31T23:58:59.500", False),
        ("1969-12-31T23:59:59.000", True),
        ("1969-12-31T23:59:58.999", True),
        ("1969-12-31T23:59:00.001", True),
        ("0001-01-01T00:00:00.000", True),
        ("1970-01-01T00:00:59.999", True),
        ("9999-12-31T23:59:59.999", True),
    ],
)
def test_moment_stays_to_the_millisecond(name: FormatName, text: str, stays: bool) -> None:
    found, said = write(Field("WHEN", DATE), [make_moment(text)], name)
    if stays:
        assert (found, said) == ([np.datetime64(text, "ms").item()], [])
    else:
        assert (found, said) == ([f"{text}Z"], [SHIFTED])


@pytest.mark.parametrize(
    "text",
    ["2020-01-01T10:11:12.345", "1970-01-01T00:00:59.999", "1969-12-31T23:59:58.500", "2020-01-01T00:00"],
)
def test_geodatabase_keeps_milliseconds_without_other_reasons_for_exact_types(text: str) -> None:
    found, said = write(Field("WHEN", DATE), [make_moment(text), None], "File Geodatabase")
    assert [found[0], said] == [np.datetime64(text, "ms").item(), []]
    assert found[1] is None


@pytest.mark.parametrize("name", BATCHED)
@pytest.mark.parametrize("text", ["today", "2020", "2020-02", "10000-01-01", "0000-01-01", "2020-02-30"])
def test_text_that_is_no_day_stays_as_it_is(name: FormatName, text: str) -> None:
    assert write(Field("DAY", DATE_ONLY), [text, None], name)[0] == [text, None]


@pytest.mark.parametrize("name", [*TYPED, "GeoJSON"])
def test_text_that_would_be_cut_is_refused(name: FormatName) -> None:
    with pytest.raises(InvalidValue, match=r"field NAME has the character U\+0000"):
        write(Field("NAME"), ["all", "a\0b"], name)


@pytest.mark.parametrize("title", ["gpkg_contents", "GPKG towns", "sqlite_stat1"])
def test_layer_with_a_name_of_the_format_has_another(title: str) -> None:
    path = write_features(FeatureSet.of([shapely.Point(1, 2)], SpatialReference(4326)), "GeoPackage", title)
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("select table_name, identifier from gpkg_contents").fetchall()
    assert names == [(f"layer_{title.replace(' ', '_')}",) * 2]


def test_shape_without_vertices_among_high_ones_is_none() -> None:
    shapes = np.array([shapely.Point(1, 2, 3), shapely.Point(), None], object)
    path = write_features(FeatureSet.of(shapes, SpatialReference(4326)), "FlatGeobuf")
    _, _, found, _ = load_pyogrio().read(path)
    assert [each and shapely.from_wkb(each).wkt for each in found] == ["POINT Z (1 2 3)", None, None]


def test_key_that_is_renamed_is_still_the_key_of_a_geopackage() -> None:
    shapes = np.array([shapely.Point(1, 2), shapely.Point(3, 4)], object)
    columns = {"objectid": np.array(["a", "b"], object), "OBJECTID": np.array([8, 7])}
    rows = FeatureSet((Field("objectid"), Field("OBJECTID", OID)), columns, shapes, SpatialReference(4326))
    said: list[str] = []
    path = write_features(rows, "GeoPackage", "zones", warn=said.append)
    assert said == ["GeoPackage fields were renamed: OBJECTID to OBJECTID_1."]
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("select * from zones order by 1").fetchall()[0][::2] == (7, "b")
        keys = [name for _, name, *_, key in database.execute("pragma table_info(zones)") if key]
    assert keys == ["OBJECTID_1"]


ALIKE = {
    ("a b", "a_b"): ("a_b", "a_b_1"),
    ("Roads", "roads"): ("Roads", "roads_1"),
    ("道路", "河流"): ("features", "features_1"),
}
"""Names of two layers that are written with one name, and the names that they have in the file."""


@pytest.mark.parametrize("name", ["GeoPackage", "File Geodatabase", "GeoJSON", "CSV", "Shapefile"])
@pytest.mark.parametrize(("given", "names"), ALIKE.items(), ids=str)
def test_no_layer_takes_the_place_of_another(
    name: FormatName, given: tuple[str, str], names: tuple[str, str]
) -> None:
    (first, second), (kept, other) = given, names
    layers = {
        title: FeatureSet.of([shapely.Point(n, n) for n in range(count)], SpatialReference(4326))
        for title, count in ((first, 1), (second, 2))
    }
    said: list[str] = []
    path = write_layers(layers, name, "all", zipped=True, warn=said.append)
    assert [len(read_features(path, title)) for title in (kept, other)] == [1, 2]
    assert f"Layer {second} is written as {other}, since another one has its name." in said


def test_geopackage_without_its_index_is_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """GDAL makes the index when it closes the file, and tells nobody that it had no room."""
    choose = write_batches._choose_options

    def choose_none(*given: Any) -> dict[str, str]:
        return {**choose(*given), "SPATIAL_INDEX": "NO"}

    monkeypatch.setattr(write_batches, "_choose_options", choose_none)
    with pytest.raises(OSError, match="No space left on device"):
        write_features(FeatureSet.of([shapely.Point(1, 2)], SpatialReference(4326)), "GeoPackage")
