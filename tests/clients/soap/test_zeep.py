"""zeep, which is strict: it refuses an answer with an element or a type that is not in the description."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

import pytest
import requests
import zeep
from zeep.exceptions import Fault

SERVICES = f"{os.environ['SITE']}/arcgis/services"
USER, PASSWORD = os.environ["SITE_USER"], os.environ["SITE_PASSWORD"]
ARCGIS = "http://www.esri.com/schemas/ArcGIS/10.8"
XSD = "http://www.w3.org/2001/XMLSchema"


@cache
def client(service: str = "") -> zeep.Client:
    """Return the client of a service, "" for the catalogue."""
    address = f"{SERVICES}/{service}/GPServer" if service else SERVICES
    return zeep.Client(f"{address}?wsdl", settings=zeep.Settings(strict=True))


def call(service: str, operation: str, *arguments: Any, **named: Any) -> Any:
    return client(service).service[operation](*arguments, **named)


def make(service: str, name: str, **members: Any) -> Any:
    """Return an object of a type of the description."""
    return client(service).get_type(f"ns0:{name}")(**members)


def plain(service: str, name: str, value: Any) -> Any:
    """Return a plain value with its type, as a cell of a table needs it."""
    return zeep.xsd.AnyObject(client(service).get_type(f"{{{XSD}}}{name}"), value)


def test_catalogue() -> None:
    assert call("", "GetMessageVersion") == "esriArcGISVersion108"
    assert call("", "GetMessageFormats") == "esriServiceCatalogMessageFormatSoap"
    assert call("", "RequiresTokens") is True
    assert call("", "GetTokenServiceURL") == f"{os.environ['SITE']}/arcgis/tokens/generateToken"
    assert "Conformance" in call("", "GetFolders")
    services = {each.Name: each for each in call("", "GetServiceDescriptions")}
    assert services["Samples"].Type == "GPServer"
    assert services["Samples"].Url == f"{SERVICES}/Samples/GPServer"
    listed = [each.Name for each in call("", "GetServiceDescriptionsEx", "Conformance")]
    assert listed == ["Conformance/Async", "Conformance/Sync"]
    assert call("", "GetServiceDescriptionsEx", "Nothing") in (None, [])


@pytest.mark.parametrize(
    "service", ["Samples", "Analysis", "Elevation", "Files", "Raster", "Conformance/Sync"]
)
def test_tools_of_every_service_are_described(service: str) -> None:
    names = call(service, "GetToolNames")
    infos = call(service, "GetToolInfos")
    assert [info.Name for info in infos] == names
    for info in infos:
        assert info.Help.startswith("http")
        for parameter in info.ParameterInfo.GPParameterInfo:
            assert type(parameter.Value).__name__.startswith("GP")
            assert parameter.Direction in ("esriGPParameterDirectionInput", "esriGPParameterDirectionOutput")
    assert call(service, "GetToolInfo", names[0]).Name == names[0]


def make_points(service: str, *places: tuple[float, float]) -> Any:
    """Return features at some places in degrees."""
    reference = make(service, "GeographicCoordinateSystem", WKID=4326)
    definition = make(
        service,
        "GeometryDef",
        AvgNumPoints=0,
        GeometryType="esriGeometryPoint",
        HasM=False,
        HasZ=False,
        SpatialReference=reference,
    )
    numbers = {"IsNullable": True, "Length": 0, "Precision": 0, "Scale": 0}
    shape = make(
        service, "Field", Name="Shape", Type="esriFieldTypeGeometry", GeometryDef=definition, **numbers
    )
    name = make(service, "Field", Name="NAME", Type="esriFieldTypeString", **numbers)
    records = []
    for x, y in places:
        point = zeep.xsd.AnyObject(client(service).get_type("ns0:PointN"), make(service, "PointN", X=x, Y=y))
        values = make(service, "ArrayOfValue", Value=[point, plain(service, "string", f"{x} <{y}>")])
        records.append(make(service, "Record", Values=values))
    record_set = make(
        service,
        "RecordSet",
        Fields=make(service, "Fields", FieldArray=make(service, "ArrayOfField", Field=[shape, name])),
        Records=make(service, "ArrayOfRecord", Record=records),
    )
    return make(service, "GPFeatureRecordSetLayer", RecordSet=record_set, ShapeFieldName="Shape")


def make_values(service: str, *values: Any) -> Any:
    return make(service, "GPValues", GPValue=list(values))


def test_execute_buffers_points() -> None:
    points = make_points("Samples", (11.5, 48.1), (7.1, 50.7))
    distance = make("Samples", "GPLinearUnit", Value=2.5, Units="esriKilometers")
    result = call("Samples", "Execute", "BufferPoints", make_values("Samples", points, distance))
    (zones,) = result.Values.GPValue
    assert zones.ExceededTransferLimit is False
    fields = [field.Name for field in zones.RecordSet.Fields.FieldArray.Field]
    records = [dict(zip(fields, each.Values.Value, strict=True)) for each in zones.RecordSet.Records.Record]
    assert [record["NAME"] for record in records] == ["11.5 <48.1>", "7.1 <50.7>"]
    (ring,) = records[0][zones.ShapeFieldName].RingArray.Ring
    points = ring.PointArray.Point
    assert len(points) > 30
    assert (points[0].X, points[0].Y) == (points[-1].X, points[-1].Y)
    middle = sum(point.Y for point in points[:-1]) / (len(points) - 1)
    assert middle == pytest.approx(48.1, abs=0.001)
    assert result.Messages is not None


def test_execute_without_a_value_is_a_fault_that_names_it() -> None:
    with pytest.raises(Fault, match="Parameter 'points'") as fault:
        call("Samples", "Execute", "BufferPoints", make_values("Samples"))
    assert fault.value.code.endswith("Client")


def wait(service: str, job: str, until: str = "esriJobSucceeded") -> None:
    deadline = time.monotonic() + 90
    while (status := call(service, "GetJobStatus", job)) != until:
        assert status in ("esriJobSubmitted", "esriJobExecuting", "esriJobCancelling"), status
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_life_of_a_job() -> None:
    service = "Conformance/Async"
    job = call(service, "SubmitJob", "Sleep", make_values(service, make(service, "GPDouble", Value=0.25)))
    wait(service, job)
    assert call(service, "GetJobToolName", job) == "Sleep"
    messages = call(service, "GetJobMessages", job)
    assert messages[0].MessageDesc == "Submitted."
    assert {each.MessageType for each in messages} == {"esriJobMessageTypeInformative"}
    (slept,) = call(service, "GetJobResult", job).Values.GPValue
    assert slept.Value >= 0.25
    names = make(service, "ArrayOfString", String=["Slept"])
    assert call(service, "GetJobResult", job, names).Values.GPValue == [slept]
    (seconds,) = call(service, "GetJobInputValues", job)
    assert seconds.Value == 0.25
    assert call(service, "GetJobResultOptions", job).TransportType == "esriGDSTransportTypeUrl"
    assert call(service, "GetJobEnvironmentValues", job).PropertySetProperty in (None, [])


def test_job_that_is_cancelled() -> None:
    service = "Conformance/Async"
    job = call(service, "SubmitJob", "Sleep", make_values(service, make(service, "GPDouble", Value=60)))
    wait(service, job, "esriJobExecuting")
    call(service, "CancelJob", job)
    wait(service, job, "esriJobCancelled")
    with pytest.raises(Fault, match="The job was cancelled"):
        call(service, "GetJobResult", job)


FAULTS = [
    ("Samples", "GetToolInfo", "Nothing", "Task 'Nothing' not found"),
    ("Conformance/Async", "GetJobStatus", "j" + "0" * 32, "There is no job"),
]


@pytest.mark.parametrize(("service", "operation", "argument", "text"), FAULTS)
def test_wrong_argument_is_a_fault(service: str, operation: str, argument: str, text: str) -> None:
    with pytest.raises(Fault, match=text):
        call(service, operation, argument)


def test_secured_service_needs_a_token() -> None:
    address = f"{SERVICES}/Conformance/Secured/GPServer"
    with pytest.raises(requests.HTTPError, match="499"):
        zeep.Client(f"{address}?wsdl")
    form = {"username": USER, "password": PASSWORD, "client": "requestip", "f": "json"}
    token = requests.post(call("", "GetTokenServiceURL"), data=form, timeout=60).json()["token"]
    signed_in = zeep.Client(f"{address}?wsdl&token={token}")
    with pytest.raises(Fault, match="Token required"):
        signed_in.service.GetToolNames()  # at the address in the description, which has no token
    service = signed_in.create_service(f"{{{ARCGIS}}}GPServerBinding", f"{address}?token={token}")
    assert "CopyFile" in service.GetToolNames()
