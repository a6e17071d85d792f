"""Files of features made and read by tools, and layers cut to an area."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
import shapely

from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import ToolError
from gpserverless.formats.files.read import read_features
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run
from tests.tools.tool_run import Listener, data, run_tool, toolbox

RIVERS = data("ne_rivers_50m")
AREA = {
    "spatialReference": {"wkid": 102100},
    "features": [
        {
            "geometry": {"rings": [[[0, 5e6], [0, 7e6], [2e6, 7e6], [2e6, 5e6], [0, 5e6]]]}
        }  # 0 to 18 E, 41 to 53 N
    ],
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made in the run's folder, as in a worker."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def made(task: str, tmp_path: Path, values: dict[str, Any]) -> tuple[Path, dict[str, Any], list[str]]:
    """Run a task that makes a file, and return the file, the output's value, and the warnings."""
    listener, box = Listener(), toolbox("Files")
    call = Call("Files", task, values, files_url="https://x/scratch/")
    (output,) = perform(box.tools[task], call, box.spec.limits, Run(listener), tmp_path)
    assert isinstance(output.body, bytes)
    (path,) = output.files.values()
    warnings = [m.text for m in listener.messages if m.kind == "warning"]
    return path, orjson.loads(output.body)["value"], warnings


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Shapefile", "rivers.zip"),
        ("GeoPackage", "rivers.gpkg"),
        ("GeoJSON", "rivers.geojson"),
        ("CSV", "rivers.csv"),
        ("KML", "rivers.kml"),
        ("FlatGeobuf", "rivers.fgb"),
        ("File Geodatabase", "rivers.gdb.zip"),
    ],
)
def test_features_go_into_a_file_and_come_back(name: str, file: str, tmp_path: Path) -> None:
    given = {"in_features": RIVERS, "format": name, "name": "rivers"}
    path, value, warnings = made("FeaturesToFile", tmp_path, given)
    assert (path.name, value, warnings) == (file, {"url": f"https://x/scratch/{file}"}, [])
    read = run_tool("Files", "FileToFeatures", {"in_file": LocalFile(path)}).values["out_features"]
    assert read["geometryType"] == "esriGeometryPolyline"
    assert read["spatialReference"]["latestWkid"] == 4326
    ids = [f["attributes"]["RIVER_ID"] for f in read["features"]]
    assert sorted(ids) == list(range(1, 456)) or sorted(ids) == list(range(455))


def test_what_a_format_cannot_hold_is_a_warning_of_the_run(tmp_path: Path) -> None:
    features = '{"features":[{"attributes":{"a_long_field_name":1},"geometry":{"x":1,"y":2}}]}'
    _, _, warnings = made("FeaturesToFile", tmp_path, {"in_features": features, "format": "Shapefile"})
    assert warnings == [
        "The spatial reference of the features is not known; the file names none.",
        "Shapefile fields were renamed: a_long_field_name to a_long_fie.",
    ]


def test_file_that_cannot_be_read_ends_the_run_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(ToolError, match=r"The CSV file has no columns of coordinates\. Accepted: "):
        run_tool("Files", "FileToFeatures", {"in_file": LocalFile(tmp_path / "a.txt")})


def test_mixed_file_is_offered_by_geometry_type(tmp_path: Path) -> None:
    shapes = ['{"type":"LineString","coordinates":[[1,2],[3,4]]}', '{"type":"Point","coordinates":[5,6]}']
    features = ",".join(f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}' for shape in shapes)
    path = tmp_path / "a.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}', encoding="utf-8")
    with pytest.raises(
        ToolError, match=r"1 point, 1 line\. Accepted: a geometry type to read: POINT, POLYLINE, "
    ):
        run_tool("Files", "FileToFeatures", {"in_file": LocalFile(path)})
    run = run_tool("Files", "FileToFeatures", {"in_file": LocalFile(path), "geometry_type": "POLYLINE"})
    (line,) = run.values["out_features"]["features"]
    assert line["geometry"] == {"paths": [[[1, 2], [3, 4]]]}
    assert run.texts == ["1 feature of another geometry type than POLYLINE: left out."]


def extract(tmp_path: Path, layers: str, **more: Any) -> tuple[Path, dict[str, Any], list[str]]:
    values = {"Layers_to_Clip": layers, "Area_of_Interest": orjson.dumps(AREA).decode(), **more}
    return made("ExtractDataTask", tmp_path, values)


def test_layers_are_cut_to_the_area_and_packed(tmp_path: Path) -> None:
    path, value, _ = extract(tmp_path, '["Countries","Cities","Lakes"]')
    assert value == {"url": "https://x/scratch/output.zip"}
    assert all(name.startswith("output.gdb/") for name in zipfile.ZipFile(path).namelist())
    area = shapely.box(0, 40.9, 17.97, 53.2)
    countries = read_features(path, "Countries")
    names = set(countries.columns["NAME"].tolist())
    assert {"Germany", "France", "Italy", "Switzerland"} <= names
    assert names.isdisjoint({"Norway", "Greece", "Portugal"})
    assert shapely.covers(area, countries.geometries).all()
    austria = countries.take(countries.columns["NAME"] == "Austria")
    assert shapely.area(austria.geometries)[0] == pytest.approx(10.1, abs=0.2)  # square degrees: the whole
    cities = read_features(path, "Cities")
    assert {"Vienna", "Paris", "Rome"} <= set(cities.columns["NAME"].tolist())
    assert shapely.covers(area, cities.geometries).all()


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("Shapefile - SHP - .shp", {"Cities.shp", "Lakes.shp"}),
        ("GeoPackage - GPKG - .gpkg", {"output.gpkg"}),
        ("GeoJSON - GEOJSON - .geojson", {"Cities.geojson", "Lakes.geojson"}),
        ("Comma Separated Values - CSV - .csv", {"Cities.csv", "Lakes.csv"}),
        ("Keyhole Markup Language - KML - .kml", {"Cities.kml", "Lakes.kml"}),
    ],
)
def test_every_format_is_a_zip_of_its_files(name: str, files: set[str], tmp_path: Path) -> None:
    path, _, _ = extract(tmp_path, "Cities;Lakes", Feature_Format=name)
    packed = zipfile.ZipFile(path).namelist()
    assert files <= set(packed)
    assert name.startswith("Shapefile") or files == set(packed)


def test_empty_area_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="Area_of_Interest holds no polygon"):
        extract(tmp_path, "Cities", Area_of_Interest='{"features":[]}')
