"""A job of every worker, from the function that takes it in to its results, all from what was built."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from urllib3.filepost import encode_multipart_formdata

from local.events import HttpRequest, http_event
from local.queues import sqs_event
from tests.built.conftest import ROOT, Stack

DEM = ROOT / "tests/data/jacksboro_dem.tif"
PLACE = {"spatialReference": {"wkid": 4326}, "features": [{"geometry": {"x": -84.2, "y": 36.6}}]}
AREA = {
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"rings": [[[-85, 36], [-85, 37], [-84, 37], [-84, 36], [-85, 36]]]}}],
}


def send(stack: Stack, method: str, path: str, body: bytes = b"", kind: str = "", **fields: str) -> Any:
    """Send a request to the function that is behind a path; return the JSON of its answer."""
    path = f"/arcgis/rest/services/{path}"
    headers = (("host", "127.0.0.1"), *((("content-type", kind),) if kind else ()))
    query = urlencode({"f": "json", **fields})
    made = HttpRequest(method, path, query, headers, body, "127.0.0.1", "127.0.0.1")
    match = stack.routes.match(method, path)
    assert match is not None
    (answer,) = stack.functions[match.route.function].invoke(http_event(made, match))
    assert answer["statusCode"] == 200
    return json.loads(answer["body"])


def work(stack: Stack, worker: str) -> None:
    """Give the messages that wait for a worker to it; a recorded event may have left one."""
    (mapped,) = (each for each in stack.mappings if each.function == worker)
    most = {"AttributeNames": ["All"], "MaxNumberOfMessages": 10, "WaitTimeSeconds": 5}
    messages = stack.sqs.receive_message(QueueUrl=mapped.queue_url, **most)["Messages"]
    answers = stack.functions[worker].invoke(*(sqs_event([each], mapped.queue_arn) for each in messages))
    assert answers == [{"batchItemFailures": []}] * len(messages)
    for each in messages:
        stack.sqs.delete_message(QueueUrl=mapped.queue_url, ReceiptHandle=each["ReceiptHandle"])


def result(stack: Stack, worker: str, task: str, output: str, **fields: Any) -> Any:
    """Submit a job, have it worked on, and return the value of an output."""
    texts = {name: v if isinstance(v, str) else json.dumps(v) for name, v in fields.items()}
    told = send(stack, "GET", f"{task}/submitJob", **texts)
    assert told.get("jobStatus") == "esriJobSubmitted", told
    job = f"{task}/jobs/{told['jobId']}"
    work(stack, worker)
    seen = send(stack, "GET", job)
    assert seen["jobStatus"] == "esriJobSucceeded", seen["messages"]
    return send(stack, "GET", f"{job}/results/{output}")["value"]


@pytest.fixture(scope="module")
def dem(stack: Stack) -> dict[str, str]:
    """Return a reference to an uploaded elevation model."""
    body, kind = encode_multipart_formdata({"f": "json", "file": (DEM.name, DEM.read_bytes())})
    told = send(stack, "POST", "Raster/GPServer/uploads/upload", body, kind)
    return {"itemID": told["item"]["itemID"]}


def test_the_core_worker_summarizes(stack: Stack) -> None:
    task = "Analysis/GPServer/SummarizeWithin"
    zones = result(
        stack, "WorkerFunction", task, "out_feature_class", in_polygons=AREA, in_sum_features=PLACE
    )
    assert [zone["attributes"]["Point_Count"] for zone in zones["features"]] == [1]


def test_the_worker_of_vector_files_writes_one(stack: Stack) -> None:
    task = "Files/GPServer/FeaturesToFile"
    file = result(stack, "VectorWorkerFunction", task, "out_file", in_features=PLACE, format="GeoPackage")
    assert file["url"].split("?")[0].endswith(".gpkg")


def test_the_worker_of_rasters_reads_one(stack: Stack, dem: dict[str, str]) -> None:
    task = "Raster/GPServer/ExtractValuesToPoints"
    points = result(
        stack,
        "RasterWorkerFunction",
        task,
        "out_point_features",
        in_point_features=PLACE,
        in_raster=dem,
    )
    (point,) = points["features"]
    assert 236 <= point["attributes"]["RASTERVALU"] <= 1076
