"""From an event of the gateway to its answer: descriptions, answers in kind, and every error as a fault."""

from __future__ import annotations

import gzip
import logging
from contextlib import nullcontext
from typing import Any
from xml.etree import ElementTree

import pybase64
import pytest

from gpserverless.access.credentials import Credentials
from gpserverless.caller import Access, Caller
from gpserverless.errors import InvalidToken
from gpserverless.http.response import MAX_BODY
from gpserverless.protocols.soap.admission import SoapAdmission
from gpserverless.protocols.soap.dispatch import SoapDispatcher
from gpserverless.protocols.soap.operation import Answer, SoapRequest
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write import make_table_node
from gpserverless.protocols.soap.xml.namespaces import ARCGIS, SOAP_11, SOAP_12
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec

TASKS = (TaskSpec("Reach", "", "", ()),)
OPEN = ServiceSpec("Open", "", "async", Limits.asynchronous(), TASKS)
HIDDEN = ServiceSpec("Hidden", "", "async", Limits.asynchronous(), TASKS, access=Access(groups={"few"}))
SERVICE = "/arcgis/services/Open/GPServer"


def identify(credentials: Credentials) -> Caller:
    raise InvalidToken


def make_envelope(body: str, soap: str = SOAP_11, version: str = "10.8") -> str:
    return f'<s:Envelope xmlns:s="{soap}" xmlns:t="{ARCGIS}{version}"><s:Body>{body}</s:Body></s:Envelope>'


def answer(
    body: str = "",
    *,
    path: str = SERVICE,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    **handlers: Any,
) -> tuple[dict[str, Any], str]:
    """Return the gateway's payload and its text."""
    admission = SoapAdmission(Catalogue({"Open": OPEN, "Hidden": HIDDEN}), identify)
    dispatcher = SoapDispatcher("https://gis.example.org/arcgis", admission, lambda **_: nullcontext())
    context = {"http": {"method": method, "path": path}, "domainName": "a.example"}
    event = {"rawPath": path, "headers": headers or {}, "body": body, "requestContext": context}
    payload = dispatcher.answer(event, handlers, {"Execute": lambda event: {"forwarded": event["rawPath"]}})
    text = payload.get("body", "")
    content = pybase64.b64decode(text) if payload.get("isBase64Encoded") else text.encode()
    packed = payload.get("headers", {}).get("content-encoding") == "gzip"
    return payload, (gzip.decompress(content) if packed else content).decode()


def read_fault(text: str) -> str:
    return ElementTree.fromstring(text).findtext(".//faultstring") or ""


@pytest.mark.parametrize(("soap", "kind"), [(SOAP_11, "text/xml"), (SOAP_12, "application/soap+xml")])
@pytest.mark.parametrize("version", ["9.0", "10.1", "3.5.0"])
def test_answer_is_in_the_versions_of_the_request(soap: str, kind: str, version: str) -> None:
    payload, text = answer(
        make_envelope("<t:GetExecutionType/>", soap, version),
        GetExecutionType=lambda request: {"Result": "esriExecutionTypeAsynchronous"},
    )
    root = ElementTree.fromstring(text)
    assert root.tag == f"{{{soap}}}Envelope"
    assert root[0][0].tag == f"{{{ARCGIS}{version}}}GetExecutionTypeResponse"
    assert payload["statusCode"] == 200
    assert payload["headers"]["content-type"] == f"{kind}; charset=utf-8"


def test_handler_sees_the_service_and_the_arguments() -> None:
    seen: list[SoapRequest] = []

    def get_tool_name(request: SoapRequest) -> Answer:
        seen.append(request)
        return {"Result": request.read("JobID")}

    body = make_envelope("<t:GetJobToolName><JobID> j1 </JobID></t:GetJobToolName>", version="10.1")
    assert ">j1<" in answer(body, path=SERVICE.upper(), GetJobToolName=get_tool_name)[1]
    assert (seen[0].service, seen[0].version) == ("Open", "10.1")


def test_operation_of_another_function_is_handed_over_after_admission() -> None:
    body = make_envelope("<t:Execute><ToolName>Reach</ToolName></t:Execute>")
    assert answer(body)[0] == {"forwarded": SERVICE}
    payload, text = answer(body, path="/arcgis/services/Hidden/GPServer")
    assert payload["statusCode"] == 499
    assert read_fault(text).startswith("Token required.")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "port"), [("/arcgis/services", "ServiceCatalogPort"), (SERVICE, "GPServerPort")]
)
def test_description_is_at_the_address(method: str, path: str, port: str) -> None:
    payload, text = answer(method=method, path=path)
    assert payload["statusCode"] == 200
    assert port in text
    assert f'"https://gis.example.org{path}"' in text


ERRORS: list[tuple[dict[str, Any], int, str]] = [
    ({"body": make_envelope("<t:GetFolders/>")}, 200, "There is no operation 'GetFolders' here. Accepted: "),
    ({"body": "<a"}, 200, "The request is not well-formed XML"),
    ({"body": '{"f": "json"}'}, 200, "The request is not well-formed XML"),
    ({"body": ""}, 200, "The request is empty; send a SOAP envelope."),
    ({"body": "<!DOCTYPE a><a/>"}, 200, "The request has a document type (DOCTYPE)"),
    ({"body": "", "path": "/arcgis/services/None/GPServer"}, 404, "There is no GPServer at /services/None"),
    ({"body": "", "path": "/elsewhere"}, 404, "Resources are found below /arcgis."),
    ({"body": "", "method": "PUT"}, 405, "Use GET or POST."),
    ({"method": "GET", "path": "/arcgis/services/Hidden/GPServer"}, 499, "Token required."),
    (
        {"body": make_envelope("<t:GetToolNames/>"), "headers": {"authorization": "Bearer x"}},
        498, "Invalid token.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "status", "words"), ERRORS)
def test_error_is_a_fault(request_: dict[str, Any], status: int, words: str) -> None:
    payload, text = answer(**request_)
    assert payload["statusCode"] == status
    assert payload["headers"]["content-type"] == "text/xml; charset=utf-8"
    assert read_fault(text).startswith(words)
    assert ("allow" in payload["headers"]) is (status == 405)


def test_unexpected_error_shows_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)

    def fail(request: SoapRequest) -> Answer:
        raise KeyError("/home/secret")

    payload, text = answer(make_envelope("<t:GetToolNames/>"), GetToolNames=fail)
    assert payload["statusCode"] == 200
    assert read_fault(text) == "The service failed; try again."
    assert "request failed" in caplog.text


def make_result(count: int, text: str) -> Answer:
    rows = [{"attributes": {"OBJECTID": n, "A": f"{text} {n * 7919}"}} for n in range(count)]
    fields = [
        {"name": "OBJECTID", "type": "esriFieldTypeOID"},
        {"name": "A", "type": "esriFieldTypeString"},
    ]
    table = make_table_node({"fields": fields, "features": rows, "exceededTransferLimit": False})
    return {"Result": Node("GPResult", {"Values": Node("GPValues", {"GPValue": [table]}), "Messages": []})}


@pytest.mark.parametrize(("accept", "is_whole"), [("gzip", True), ("", False)])
def test_large_answer_is_compressed_or_else_cut(accept: str, is_whole: bool) -> None:
    body = make_envelope("<t:GetJobResult><JobID>j1</JobID></t:GetJobResult>")
    large = make_result(40_000, "text")
    payload, text = answer(body, headers={"accept-encoding": accept}, GetJobResult=lambda request: large)
    root = ElementTree.fromstring(text)
    assert (root.findtext(".//ExceededTransferLimit") == "false") is is_whole
    assert (len(root.findall(".//Record")) == 40_000) is is_whole
    assert len(payload["body"]) <= MAX_BODY * 4 / 3


def test_answer_that_cannot_be_cut_is_a_fault() -> None:
    body = make_envelope("<t:GetJobToolName><JobID>j1</JobID></t:GetJobToolName>")
    _, text = answer(body, GetJobToolName=lambda request: {"Result": "x" * 7_000_000})
    assert "accept gzip, or take a part of the data" in read_fault(text)
