"""Honest archives: what is in them is found, wherever it lies, and by a layer's name."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features
from tests.formats.files.tables import table


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_kmz_is_read_as_a_packed_kml(tmp_path: Path) -> None:
    kml = write_features(table().only("TEXT"), "KML").read_bytes()
    read = read_features(packed(tmp_path / "a.KMZ", {"doc.kml": kml, "files/icon.png": b"\x89PNG"}))
    assert len(read) == 3


def test_shapefile_is_found_in_a_folder_among_other_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_features(table(), "Shapefile", "zones")) as made:
        members = {f"data/{name}": made.read(name) for name in made.namelist()}
    more = {"__MACOSX/data/._zones.shp": b"x", "data/zones.shp.xml": b"<metadata/>", "README": b"hello"}
    assert len(read_features(packed(tmp_path / "a.zip", members | more))) == 3


def test_shapefile_without_an_index_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_features(table(), "Shapefile", "zones")) as made:
        members = {name: made.read(name) for name in made.namelist() if not name.endswith(".shx")}
    assert len(read_features(packed(tmp_path / "a.zip", members))) == 3


def test_files_in_a_zip_are_layers(tmp_path: Path) -> None:
    points, zones = table("esriGeometryPoint"), table()
    members = {
        "towns.geojson": write_features(points, "GeoJSON").read_bytes(),
        "zones.csv": write_features(zones, "CSV").read_bytes(),
    }
    path = packed(tmp_path / "a.zip", members)
    assert read_features(path, "ZONES").geometry_type == "esriGeometryPolygon"
    with pytest.raises(InvalidValue, match="several layers"):
        read_features(path)


def test_read_refuses_more_features_than_the_maximum(tmp_path: Path) -> None:
    for name in ("GeoPackage", "CSV"):
        path = write_features(table(), name)  # type: ignore[arg-type]  # a name of the table of formats
        assert len(read_features(path, maximum=3)) == 3
        with pytest.raises(InvalidValue, match="more than 2 features"):
            read_features(path, maximum=2)


def test_points_among_multipoints_are_multipoints(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('wkt\n"MULTIPOINT (1 2, 3 4)"\nPOINT (5 6)\n', encoding="utf-8")
    geojson = tmp_path / "a.geojson"
    shapes = ['{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}', '{"type":"Point","coordinates":[5,6]}']
    features = ",".join(f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}' for shape in shapes)
    geojson.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}', encoding="utf-8")
    for path in (geojson, tmp_path / "a.csv"):
        read = read_features(path)
        assert [g.wkt for g in read.geometries] == ["MULTIPOINT ((1 2), (3 4))", "MULTIPOINT ((5 6))"]


def test_lines_and_polygons_in_one_layer_are_refused(tmp_path: Path) -> None:
    shapes = ['{"type":"LineString","coordinates":[[1,2],[3,4]]}', '{"type":"Point","coordinates":[5,6]}']
    features = ",".join(f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}' for shape in shapes)
    path = tmp_path / "a.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}', encoding="utf-8")
    (tmp_path / "a.csv").write_text('wkt\n"LINESTRING (1 2, 3 4)"\nPOINT (5 6)\n', encoding="utf-8")
    for mixed in (path, tmp_path / "a.csv"):
        with pytest.raises(InvalidValue, match=r"mixes geometry types: 1 point, 1 line$"):
            read_features(mixed)


def test_collections_become_null_with_a_warning(tmp_path: Path) -> None:
    said: list[str] = []
    text = (
        'wkt\n"GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))"\nPOINT EMPTY\nPOINT (5 6)\nnonsense\n'
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    read = read_features(tmp_path / "a.csv", warn=said.append)
    assert [g and g.wkt for g in read.geometries] == [None, None, "POINT (5 6)", None]
    assert said == [
        "1 row has no WKT that can be read; its shape is null.",
        "The file names no spatial reference; that of the features is not known.",
        "1 feature holds shapes of several types; its shape is null. "
        "A geometry type can be chosen to read those.",
    ]


def test_kml_may_begin_with_a_comment(tmp_path: Path) -> None:
    place = "<Placemark><Point><coordinates>10,50</coordinates></Point></Placemark>"
    path = tmp_path / "a.kml"
    path.write_text(
        f'<!-- x -->\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{place}</Document></kml>'
    )
    assert [shape.wkt for shape in read_features(path).geometries] == ["POINT (10 50)"]
