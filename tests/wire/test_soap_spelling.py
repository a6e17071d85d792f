"""Envelopes in the spelling of known clients, sent in the order of ArcPy, in namespaces of three releases.

They are in the folder `soap`: names in braces stand for what differs from call to call.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from local.cloud import LocalCloud
from tests.wire.conftest import Site
from tests.wire.soap_site import ARCGIS, ENVELOPE, SoapSite, Tree, read_body
from tests.wire.soap_values import results_of, to_json, type_of

ENVELOPES = Path(__file__).with_name("soap")
SPELLINGS = sorted(path.stem for path in ENVELOPES.glob("*_execute.xml"))
RELEASES = ["9.0", "10.1", "10.8"]
ASYNC = "Conformance/Async"

POINTS = {"geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326}, "features": [
    {"attributes": {"NAME": "M & N", "N": None}, "geometry": {"x": 11.5, "y": 48.1}},
    {"attributes": {"NAME": None, "N": -0.25}, "geometry": {"x": 7.1, "y": 50.7}},
]}  # fmt: skip


@pytest.fixture(scope="module")
def soap(cloud: LocalCloud) -> SoapSite:
    return SoapSite(cloud.url)


@pytest.fixture(scope="module")
def zones(site: Site) -> list[dict[str, Any]]:
    """Return the zones about the points, as REST answers them."""
    values = site.execute("Samples", "BufferPoints", points=json.dumps(POINTS), distance="2.5 Kilometers")
    found: list[dict[str, Any]] = values["output"]["features"]
    return found


def send(soap: SoapSite, service: str, name: str, release: str, **parts: str) -> Tree:
    """Send an envelope; return the response, which must be in the namespace of the call."""
    text = (ENVELOPES / f"{name}.xml").read_text(encoding="utf-8")
    for part, value in {"namespace": ARCGIS + release, **parts}.items():
        text = text.replace(f"{{{part}}}", value)
    response = read_body(soap.post(service, text.encode()))
    assert etree.QName(response).namespace == ARCGIS + release
    for element in response.iter():
        prefix, _, _ = element.get("{http://www.w3.org/2001/XMLSchema-instance}type", "xsd:").rpartition(":")
        assert prefix in element.nsmap
    return response


def text_of(response: Tree) -> str:
    return "".join(response.itertext())


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spelling_is_understood(
    soap: SoapSite, zones: list[dict[str, Any]], spelling: str, release: str
) -> None:
    if spelling == "no_namespace_execute":
        release = "10.8"
    (value,) = results_of(send(soap, "Samples", spelling, release))
    found = to_json("GPFeatureRecordSetLayer", value)["features"]
    assert [feature["geometry"] for feature in found] == [feature["geometry"] for feature in zones]
    for name in ("NAME", "N"):
        rows = [feature["attributes"][name] for feature in found]
        assert rows == [feature["attributes"][name] for feature in zones]


@pytest.mark.parametrize("release", RELEASES)
def test_toolbox_is_imported_and_a_tool_run_as_by_arcpy(soap: SoapSite, release: str) -> None:
    version = text_of(send(soap, "", "arcpy_call", "9.0", operation="GetMessageVersion"))
    assert version == "esriArcGISVersion108"
    formats = text_of(send(soap, "", "arcpy_call", "9.0", operation="GetMessageFormats"))
    assert formats == "esriServiceCatalogMessageFormatSoap"
    infos = send(soap, ASYNC, "arcpy_call", release, operation="GetToolInfos")[0]
    for info in infos:
        assert info.findtext("Name").isidentifier()
        assert all(type_of(each.find("Value")).startswith("GP") for each in info.find("ParameterInfo"))
    way = text_of(send(soap, ASYNC, "arcpy_call", release, operation="GetExecutionType"))
    assert way == "esriExecutionTypeAsynchronous"
    assert text_of(send(soap, ASYNC, "arcpy_call", release, operation="GetResultMapServerName")) == ""
    job = text_of(send(soap, ASYNC, "arcpy_submit", release, seconds="0"))
    assert "Submitted." in text_of(
        send(soap, ASYNC, "arcpy_job", release, operation="GetJobMessages", job=job)
    )
    assert soap.wait(ASYNC, f"<JobID>{job}</JobID>") == "esriJobSucceeded"
    status = send(soap, ASYNC, "arcpy_job", release, operation="GetJobStatus", job=job)
    assert text_of(status) == "esriJobSucceeded"
    (slept,) = results_of(send(soap, ASYNC, "arcpy_result", release, job=job))
    assert to_json("GPDouble", slept) >= 0
    kept = send(soap, ASYNC, "arcpy_job", release, operation="GetJobEnvironmentValues", job=job)
    assert "CONVERT_UNITS" in text_of(kept)


def test_job_is_cancelled_as_by_arcpy(soap: SoapSite) -> None:
    job = text_of(send(soap, ASYNC, "arcpy_submit", "10.8", seconds="60"))
    assert len(send(soap, ASYNC, "arcpy_job", "10.8", operation="CancelJob", job=job)) == 0
    status = text_of(send(soap, ASYNC, "arcpy_job", "10.8", operation="GetJobStatus", job=job))
    assert status in ("esriJobCancelling", "esriJobCancelled")


def test_connection_of_pro_opens_folder_by_folder(soap: SoapSite) -> None:
    for path in ("/arcgis/services", "/arcgis/services/"):
        response = soap.pool.request("GET", soap.url + path)
        assert (response.status, b"<definitions" in response.data) == (200, True)
    for argument, names in (
        ("<FolderName></FolderName>", {"Samples"}),
        ("<FolderName>Conformance</FolderName>", {ASYNC}),
    ):
        listed = soap.call("", "GetServiceDescriptionsEx", argument).find("ServiceDescriptions")
        assert names < {each.findtext("Name") for each in listed}


VERSIONS = [
    ("10.7", "107"),
    ("10.1", "101"),
    ("10.0", "10"),
    ("9.3", "93"),
    ("10.2", "101"),
    ("3.5.0", "108"),
]


@pytest.mark.parametrize(("release", "word"), VERSIONS)
def test_version_is_one_that_the_client_knows(soap: SoapSite, release: str, word: str) -> None:
    version = text_of(send(soap, "", "arcpy_call", release, operation="GetMessageVersion"))
    assert version == f"esriArcGISVersion{word}"


@pytest.mark.parametrize(
    "path", ["services/samples/gpserver", "services/SAMPLES/GPServer", "Services/Samples/GPServer"]
)
def test_name_of_a_service_is_found_in_any_letter_case(soap: SoapSite, path: str) -> None:
    url = f"{soap.url}/arcgis/{path}"
    response = soap.pool.request("POST", url, body=ENVELOPE.format("<tns:GetToolNames/>").encode())
    assert text_of(read_body(response)) == "BufferPoints"


def test_answer_of_a_call_that_expects_to_continue_comes(soap: SoapSite) -> None:
    headers = {"expect": "100-continue", "content-type": "text/xml", "soapaction": '""'}
    body = ENVELOPE.format("<tns:GetToolNames/>").encode()
    url = f"{soap.url}/arcgis/services/Samples/GPServer"
    assert text_of(read_body(soap.pool.request("POST", url, body=body, headers=headers))) == "BufferPoints"
