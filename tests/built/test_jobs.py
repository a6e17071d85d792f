"""A job of every worker on the build, from its submit to its results."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from urllib3.filepost import encode_multipart_formdata

from dev.predeploy.stack import take_events
from local.events import HttpRequest, build_http_event
from tests.built.conftest import ROOT, Built

DEM = ROOT / "tests/data/jacksboro_dem.tif"
PLACE = {"spatialReference": {"wkid": 4326}, "features": [{"geometry": {"x": -84.2, "y": 36.6}}]}
AREA = {
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"rings": [[[-85, 36], [-85, 37], [-84, 37], [-84, 36], [-85, 36]]]}}],
}


def send(built: Built, method: str, path: str, body: bytes = b"", kind: str = "", **fields: str) -> Any:
    """Send a request to the function that is behind a path; return the JSON of its answer."""
    path = f"/arcgis/rest/services/{path}"
    headers = (("host", "127.0.0.1"), *((("content-type", kind),) if kind else ()))
    query = urlencode({"f": "json", **fields})
    made = HttpRequest(method, path, query, headers, body, "127.0.0.1", "127.0.0.1")
    match = built.stack.match(method, path)
    assert match is not None
    (answer,) = built.functions[match.route.function].invoke(build_http_event(made, match))
    assert answer["statusCode"] == 200
    return json.loads(answer["body"])


def work(built: Built, worker: str) -> None:
    """Give the messages that wait for a worker to it; a recorded event may have left one."""
    events = take_events(built.stack, worker)
    answers = built.functions[worker].invoke(*events)
    assert answers == [{"batchItemFailures": []}] * len(events)


def result(built: Built, worker: str, task: str, output: str, **fields: Any) -> Any:
    """Submit a job, have it worked on, and return the value of an output."""
    texts = {name: v if isinstance(v, str) else json.dumps(v) for name, v in fields.items()}
    told = send(built, "GET", f"{task}/submitJob", **texts)
    assert told.get("jobStatus") == "esriJobSubmitted", told
    job = f"{task}/jobs/{told['jobId']}"
    work(built, worker)
    seen = send(built, "GET", job)
    assert seen["jobStatus"] == "esriJobSucceeded", seen["messages"]
    return send(built, "GET", f"{job}/results/{output}")["value"]


@pytest.fixture(scope="module")
def dem(built: Built) -> dict[str, str]:
    """Return a reference to an uploaded elevation model."""
    body, kind = encode_multipart_formdata({"f": "json", "file": (DEM.name, DEM.read_bytes())})
    told = send(built, "POST", "Raster/GPServer/uploads/upload", body, kind)
    return {"itemID": told["item"]["itemID"]}


def test_core_worker_summarizes(built: Built) -> None:
    task = "Analysis/GPServer/SummarizeWithin"
    zones = result(
        built, "WorkerFunction", task, "out_feature_class", in_polygons=AREA, in_sum_features=PLACE
    )
    assert [zone["attributes"]["Point_Count"] for zone in zones["features"]] == [1]


def test_vector_worker_writes_a_file(built: Built) -> None:
    task = "Files/GPServer/FeaturesToFile"
    file = result(built, "VectorWorkerFunction", task, "out_file", in_features=PLACE, format="GeoPackage")
    assert file["url"].split("?")[0].endswith(".gpkg")


def test_raster_worker_reads_a_raster(built: Built, dem: dict[str, str]) -> None:
    task = "Raster/GPServer/ExtractValuesToPoints"
    points = result(
        built,
        "RasterWorkerFunction",
        task,
        "out_point_features",
        in_point_features=PLACE,
        in_raster=dem,
    )
    (point,) = points["features"]
    assert 236 <= point["attributes"]["RASTERVALU"] <= 1076
