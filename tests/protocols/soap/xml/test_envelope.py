"""Envelopes: the one operation, in the spelling of every client, and what is no call."""

from __future__ import annotations

import pytest

from gpserverless.errors import RequestError, UnknownEnvelope, UnknownHeader
from gpserverless.protocols.soap.xml.envelope import read_envelope
from gpserverless.protocols.soap.xml.namespaces import SOAP_11, SOAP_12
from tests.protocols.soap.documents import ENVELOPES, envelope

VERSIONS = "http://www.esri.com/schemas/ArcGIS/"

CLIENTS = [
    ("arcpy-get-message-version", "GetMessageVersion", "9.0", []),
    ("arcpy-submit-job", "SubmitJob", "10.8", ["ToolName", "Values", "Options", "EnvironmentValues"]),
    ("arcpy-get-job-result", "GetJobResult", "10.8", ["JobID", "Options"]),
    ("pro-get-service-descriptions", "GetServiceDescriptionsEx", "10.8", ["FolderName"]),
    ("dotnet-execute", "Execute", "10.7", ["ToolName", "Values"]),
    ("dotnet-zero-values", "Execute", "10.1", ["ToolName", "Values"]),
    ("zeep-execute", "Execute", "10.8", ["ToolName", "Values"]),
    ("suds-execute", "Execute", "10.8", ["ToolName", "Values"]),
    ("node-execute", "Execute", "10.8", ["ToolName", "Values"]),
    ("java-get-tool-info", "GetToolInfo", "10.1", ["ToolName"]),
    ("hand-written", "Execute", "10.8", ["ToolName", "Values"]),
    ("soap12-get-tool-names", "GetToolNames", "3.5.0", []),
]


def test_table_has_every_envelope() -> None:
    assert {name for name, *_ in CLIENTS} == {path.stem for path in ENVELOPES.glob("*.xml")}


@pytest.mark.parametrize(("name", "operation", "version", "arguments"), CLIENTS)
def test_operation_of_a_client(name: str, operation: str, version: str, arguments: list[str]) -> None:
    call = read_envelope((ENVELOPES / f"{name}.xml").read_bytes())
    assert (call.operation, call.namespace) == (operation, VERSIONS + version)
    assert [each.name for each in call.arguments.children] == arguments
    assert call.envelope_namespace == (SOAP_12 if name.startswith("soap12") else SOAP_11)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "arcpy-submit-job",
            [
                ("GPFeatureRecordSetLayer", False, False),
                ("GPString", False, True),
                ("GPLong", False, False),
                ("", True, True),
            ],
        ),
        (
            "dotnet-execute",
            [("GPFeatureRecordSetLayer", False, False), ("", True, True), ("GPLinearUnit", False, False)],
        ),
        (
            "zeep-execute",
            [("GPRecordSet", False, False), ("", True, True), ("GPMultiValue", False, False)],
        ),
        ("suds-execute", [("GPLong", False, False), ("", False, True)]),
        ("node-execute", [("GPLong", False, False)]),
    ],
)
def test_values_of_a_client(name: str, values: list[tuple[str, bool, bool]]) -> None:
    given = read_envelope((ENVELOPES / f"{name}.xml").read_bytes()).arguments.find("Values")
    assert given is not None
    assert [(each.type_name, each.is_nil, each.is_empty) for each in given.find_all("GPValue")] == values


def test_comments_and_sections_within_a_text() -> None:
    call = read_envelope((ENVELOPES / "hand-written.xml").read_bytes())
    values = call.arguments.find("Values")
    assert call.arguments.read_text("ToolName") == "Reach"
    assert values is not None
    assert values.children[0].read_text("Value") == " a < b "


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<s:Header/>",
        "<s:Header><a>7</a></s:Header>",
        '<s:Header><a s:mustUnderstand="0"/></s:Header>',
        '<s:Header><a mustUnderstand="1"/></s:Header>',
        '<s:Header><a s:mustUnderstand="1" s:actor="urn:another"/></s:Header>',
    ],
)
def test_headers_are_ignored(header: str) -> None:
    assert read_envelope(envelope("<t:GetToolNames/>", header=header)).operation == "GetToolNames"


@pytest.mark.parametrize(
    ("soap", "attributes"),
    [
        (SOAP_11, 's:mustUnderstand="1"'),
        (SOAP_11, 's:mustUnderstand="1" s:actor=""'),
        (SOAP_11, 's:actor="http://schemas.xmlsoap.org/soap/actor/next" s:mustUnderstand="1"'),
        (SOAP_12, 's:mustUnderstand="true"'),
        (SOAP_12, 's:role="http://www.w3.org/2003/05/soap-envelope/role/next" s:mustUnderstand="true"'),
    ],
)
def test_a_header_that_must_be_understood_is_refused(soap: str, attributes: str) -> None:
    header = f"<s:Header><Other/><Security {attributes}/></s:Header>"
    with pytest.raises(UnknownHeader) as refused:
        read_envelope(envelope("<t:GetToolNames/>", soap=soap, header=header))
    assert str(refused.value) == "The SOAP header 'Security' is not understood, as it must be."


def test_another_version_of_soap_is_refused() -> None:
    with pytest.raises(UnknownEnvelope):
        read_envelope(envelope("<t:GetToolNames/>", soap="http://www.w3.org/2001/12/soap-envelope"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<html/>", "The request is XML, but 'html' is no SOAP envelope."),
        (b"<definitions/>", "The request is XML, but 'definitions' is no SOAP envelope."),
        (
            b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>',
            "The SOAP envelope has 0 Bodies; send one.",
        ),
        (
            b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body xmlns=""/></Envelope>',
            "The SOAP envelope has 0 Bodies; send one.",
        ),
        (
            b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body/><Body/></Envelope>',
            "The SOAP envelope has 2 Bodies; send one.",
        ),
        (envelope(""), "The Body of the SOAP envelope has 0 operations; send one."),
        (envelope("<t:A/><t:B/>"), "The Body of the SOAP envelope has 2 operations; send one."),
        (
            envelope("<t:Execute><ToolName>A</ToolName><Values/><t:Values/></t:Execute>"),
            "The operation has 2 arguments 'Values'; send one.",
        ),
        (envelope("GetToolNames"), "The Body of the SOAP envelope has 0 operations; send one."),
    ],
)
def test_what_is_no_call_is_refused_in_one_sentence(body: bytes, text: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_envelope(body)
    assert str(refused.value) == text


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:other",
        "http://www.esri.com/schemas/ArcGIS/",
        "http://www.esri.com/schemas/ArcGIS/10.8/more",
        "http://www.esri.com/schemas/ArcGIS/10.8&quot;&gt;&lt;a",
        "http://www.esri.com/schemas/arcgis/10.8",
    ],
)
def test_another_namespace_is_refused(namespace: str) -> None:
    with pytest.raises(RequestError, match="is in no namespace of ArcGIS; send"):
        read_envelope(envelope(f'<A xmlns="{namespace}"/>'))
