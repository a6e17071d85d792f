"""suds-community: builds its objects from the description, and sends no types but those of values."""

from __future__ import annotations

import logging
import os
import time
from functools import cache
from typing import Any

import pytest
from suds import WebFault
from suds.client import Client

SERVICES = f"{os.environ['SITE']}/arcgis/services"
ASYNC = "Conformance/Async"
logging.getLogger("suds").setLevel(logging.CRITICAL)  # it warns of faults with the status 200


@cache
def client(service: str = "") -> Client:
    """Return the client of a service, "" for the catalogue."""
    address = f"{SERVICES}/{service}/GPServer" if service else SERVICES
    return Client(f"{address}?wsdl", cache=None)


def call(service: str, operation: str, *arguments: Any) -> Any:
    return getattr(client(service).service, operation)(*arguments)


def make(service: str, name: str, **members: Any) -> Any:
    """Return an object of a type of the description; a member that is not given is not sent."""
    made = client(service).factory.create(f"ns0:{name}")
    for key, value in members.items():
        setattr(made, key, value)
    return made


def test_catalogue() -> None:
    assert call("", "GetMessageVersion") == "esriArcGISVersion108"
    assert call("", "GetMessageFormats") == "esriServiceCatalogMessageFormatSoap"
    assert call("", "RequiresTokens") is True
    assert "Conformance" in call("", "GetFolders").String
    listed = call("", "GetServiceDescriptionsEx", "Conformance").ServiceDescription
    assert [each.Name for each in listed] == ["Conformance/Async", "Conformance/Sync"]


@pytest.mark.parametrize("service", ["Samples", "Analysis", "Conformance/Sync"])
def test_tools_are_described(service: str) -> None:
    infos = call(service, "GetToolInfos").GPToolInfo
    assert [info.Name for info in infos] == call(service, "GetToolNames").String
    for info in infos:
        defaults = [each.Value for each in info.ParameterInfo.GPParameterInfo]
        # suds makes a text of an element that is empty.
        assert all(default == "" or type(default).__name__.startswith("GP") for default in defaults)


def test_execute_buffers_points_of_the_described_default() -> None:
    info = call("Samples", "GetToolInfo", "BufferPoints")
    points = info.ParameterInfo.GPParameterInfo[0].Value
    distance = make("Samples", "GPLinearUnit", Value=2.5, Units="esriKilometers")
    point = make("Samples", "PointN", X=11.5, Y=48.1)
    record = make("Samples", "Record", Values=make("Samples", "ArrayOfValue", Value=[7, point]))
    points.RecordSet.Records = make("Samples", "ArrayOfRecord", Record=[record])
    values = make("Samples", "GPValues", GPValue=[points, distance])
    result = call("Samples", "Execute", "BufferPoints", values)
    (zones,) = result.Values.GPValue
    (record,) = zones.RecordSet.Records.Record
    shape = [field.Name for field in zones.RecordSet.Fields.FieldArray.Field].index(zones.ShapeFieldName)
    (ring,) = record.Values.Value[shape].RingArray.Ring
    assert max(point.Y for point in ring.PointArray.Point) == pytest.approx(48.1 + 2.5 / 111.2, abs=0.001)


def wait(job: str, until: str) -> None:
    deadline = time.monotonic() + 90
    while (status := call(ASYNC, "GetJobStatus", job)) != until:
        assert status in ("esriJobSubmitted", "esriJobExecuting", "esriJobCancelling"), status
        assert time.monotonic() < deadline
        time.sleep(0.1)


def submit(seconds: float) -> str:
    values = make(ASYNC, "GPValues", GPValue=[make(ASYNC, "GPDouble", Value=seconds)])
    return str(call(ASYNC, "SubmitJob", "Sleep", values))


def test_life_of_a_job() -> None:
    job = submit(0.25)
    wait(job, "esriJobSucceeded")
    assert call(ASYNC, "GetJobToolName", job) == "Sleep"
    assert call(ASYNC, "GetJobMessages", job).JobMessage[0].MessageDesc == "Submitted."
    (slept,) = call(ASYNC, "GetJobResult", job).Values.GPValue
    assert slept.Value >= 0.25
    (seconds,) = call(ASYNC, "GetJobInputValues", job).GPValue
    assert seconds.Value == 0.25


def test_job_that_is_cancelled() -> None:
    job = submit(60)
    wait(job, "esriJobExecuting")
    call(ASYNC, "CancelJob", job)
    wait(job, "esriJobCancelled")
    with pytest.raises(WebFault, match="The job was cancelled"):
        call(ASYNC, "GetJobResult", job)


def test_wrong_argument_is_a_fault() -> None:
    with pytest.raises(WebFault, match="Task 'Nothing' not found"):
        call("Samples", "GetToolInfo", "Nothing")
