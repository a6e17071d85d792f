"""Files and rasters over HTTP: uploaded, read by the worker with the right GDAL, downloaded."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import PIL.Image
import pytest
import shapely
from rasterio.io import MemoryFile

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


def test_raster_of_a_job_is_an_image_service(site: Site) -> None:
    dem = uploaded(site, "Raster", "dem.tif", (DATA / "jacksboro_dem.tif").read_bytes())
    job = done(site, "Raster", "HillShade", in_raster=dem)
    made = site.pool.request("GET", site.get(f"{job}/results/out_raster")["value"]["url"]).data
    image = f"{SERVICES}/Raster/ImageServer/jobs/{job.rpartition('/')[2]}/out_raster"

    told = site.get(image)
    assert told.get("pixelType") == "S16", told
    extent = told["fullExtent"]
    box = ",".join(repr(extent[side]) for side in ("xmin", "ymin", "xmax", "ymax"))
    with MemoryFile(made) as file, file.open() as dataset:
        cells, (value,) = dataset.read(), next(dataset.sample([(-84.2, 36.6)]))
        shape = f"{dataset.width},{dataset.height}"
    identified = site.get(f"{image}/identify", geometry='{"x":-84.2,"y":36.6}', sr="4269")
    assert identified["value"] == str(value)

    drawn = site.get(f"{image}/exportImage", bbox=box, size=shape, format="tiff")
    assert "?" not in drawn["href"]
    kept = site.pool.request("GET", f"{drawn['href']}?token=x")
    assert kept.headers["content-type"] == "image/tiff"
    with MemoryFile(kept.data) as file, file.open() as read:
        np.testing.assert_array_equal(read.read(), cells)

    options = {"bbox": box, "size": "400,300", "imageSR": "102100", "bboxSR": "4269", "f": "image"}
    picture = site.pool.request("GET", f"{site.url}{image}/exportImage", fields=options)
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["cache-control"].startswith("private, max-age=")
    opacity = np.asarray(PIL.Image.open(BytesIO(picture.data)).getchannel("A"))
    assert opacity[150, 200] == 255
    assert opacity[0, 0] == 0, "the outer cells of a shade have no data"

    errors = [
        site.get(f"{place}/exportImage") for place in (f"{image}x", image.replace("Raster", "Samples", 1))
    ]
    assert [error["error"]["code"] for error in errors] == [400, 400]


@pytest.mark.parametrize("service", ["Files", "Raster"])
def test_these_services_take_uploads_and_run_as_jobs(site: Site, service: str) -> None:
    described = site.get(f"{SERVICES}/{service}/GPServer")
    assert described["executionType"] == "esriExecutionTypeAsynchronous"
    assert "Uploads" in described["capabilities"]
