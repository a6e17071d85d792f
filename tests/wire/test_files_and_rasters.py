"""Files and rasters over HTTP: uploaded, read by the worker with the right GDAL, downloaded."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import orjson
import pytest
import shapely

from gpserverless.formats.files.read import read_features
from tests.wire.conftest import SERVICES, Site
from tests.wire.test_uploads import send

DATA = Path(__file__).parents[1] / "data"
POINTS = {
    "spatialReference": {"wkid": 4326},
    "features": [
        {"attributes": {"NAME": "Zürich", "HEIGHT": 408}, "geometry": {"x": 8.54, "y": 47.37}},
        {"attributes": {"NAME": None, "HEIGHT": None}, "geometry": None},
    ],
}
AREA = {
    "spatialReference": {"wkid": 4326},
    "features": [
        {
            "attributes": {"Z": 7},
            "geometry": {"rings": [[[-85, 36], [-85, 37], [-84, 37], [-84, 36], [-85, 36]]]},
        }
    ],
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def done(site: Site, service: str, task: str, **fields: Any) -> str:
    """Run a job to its success, and return its path."""
    texts = {name: v if isinstance(v, str) else orjson.dumps(v).decode() for name, v in fields.items()}
    job = site.submit(service, task, **texts)
    seen = site.wait(job)
    assert seen["jobStatus"] == "esriJobSucceeded", seen["messages"]
    return job


def uploaded(site: Site, service: str, name: str, content: bytes) -> dict[str, str]:
    answer = send(site, f"{SERVICES}/{service}/GPServer/uploads/upload", (name, content))
    return {"itemID": answer["item"]["itemID"]}


@pytest.mark.parametrize(
    ("name", "file"), [("GeoPackage", "towns.gpkg"), ("File Geodatabase", "towns.gdb.zip")]
)
def test_features_make_a_round_trip_by_a_file(site: Site, name: str, file: str, tmp_path: Path) -> None:
    job = done(site, "Files", "FeaturesToFile", in_features=POINTS, format=name, name="towns")
    url = site.get(f"{job}/results/out_file")["value"]["url"]
    assert url.endswith(f"/scratch/{file}")
    (tmp_path / file).write_bytes(site.pool.request("GET", url).data)
    local = read_features(tmp_path / file)
    assert local.columns["NAME"].tolist() == ["Zürich", None]

    item = uploaded(site, "Files", file, (tmp_path / file).read_bytes())
    job = done(site, "Files", "FileToFeatures", in_file=item)
    read = site.get(f"{job}/results/out_features")["value"]
    place, nowhere = (f["geometry"] for f in read["features"])
    assert place == pytest.approx({"x": 8.54, "y": 47.37}, abs=1e-9)  # a file geodatabase rounds to a grid
    assert nowhere is None
    assert [f["attributes"]["HEIGHT"] for f in read["features"]] == [408, None]


def test_layers_are_extracted_by_layer_and_clause(site: Site, tmp_path: Path) -> None:
    job = done(
        site,
        "Files",
        "ExtractDataTask",
        Layers_to_Clip=["Countries", "Cities"],
        Area_of_Interest=AREA,
        Feature_Format="Shapefile - SHP - .shp",
        Raster_Format="ESRI GRID - GRID",
    )
    result = site.get(f"{job}/results/Output_Zip_File")
    assert result["dataType"] == "GPDataFile"
    (tmp_path / "output.zip").write_bytes(site.pool.request("GET", result["value"]["url"]).data)
    countries = read_features(tmp_path / "output.zip", "Countries")
    assert countries.columns["NAME"].tolist() == ["United States of America"]
    assert shapely.area(countries.geometries)[0] == pytest.approx(1)


def test_bad_archive_fails_the_job_with_the_reason(site: Site) -> None:
    item = uploaded(site, "Files", "towns.zip", b"PK\x03\x04 is all there is")
    seen = site.wait(site.submit("Files", "FileToFeatures", in_file=orjson.dumps(item).decode()))
    assert seen["jobStatus"] == "esriJobFailed"
    assert {
        "type": "esriJobMessageTypeError",
        "description": "The archive is damaged. Accepted: a zip archive.",
    } in seen["messages"]


def test_raster_is_summarized_and_read(site: Site) -> None:
    dem = uploaded(site, "Raster", "dem.tif", (DATA / "jacksboro_dem.tif").read_bytes())
    job = done(
        site,
        "Raster",
        "ZonalStatisticsAsTable",
        in_zone_data=AREA,
        zone_field="Z",
        in_value_raster=dem,
        statistics_type="MIN_MAX_MEAN",
    )
    (row,) = site.get(f"{job}/results/out_table")["value"]["features"]
    assert row["attributes"]["Z"] == 7
    assert 236 <= row["attributes"]["MIN"] < row["attributes"]["MEAN"] < row["attributes"]["MAX"] <= 1076

    place = {"spatialReference": {"wkid": 4326}, "features": [{"geometry": {"x": -84.2, "y": 36.6}}]}
    job = done(site, "Raster", "ExtractValuesToPoints", in_point_features=place, in_raster=dem)
    (point,) = site.get(f"{job}/results/out_point_features")["value"]["features"]
    assert 236 <= point["attributes"]["RASTERVALU"] <= 1076


@pytest.mark.parametrize("service", ["Files", "Raster"])
def test_these_services_take_uploads_and_run_as_jobs(site: Site, service: str) -> None:
    described = site.get(f"{SERVICES}/{service}/GPServer")
    assert described["executionType"] == "esriExecutionTypeAsynchronous"
    assert "Uploads" in described["capabilities"]
