"""Malformed and malicious bodies over SOAP: each is a fault with one clear sentence, and nothing more."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

import pytest
from lxml import etree

from local.cloud import LocalCloud
from tests.patience import SOON
from tests.wire.soap_site import ENVELOPE, SOAP, Fault, SoapSite, read_body

SYNC = "Conformance/Sync"
ECHO = ENVELOPE.format("<tns:Execute><ToolName>Echo</ToolName><Values>{}</Values></tns:Execute>")
NAMES = ENVELOPE.format("<tns:GetToolNames/>")
PROLOG = '<?xml version="1.0" encoding="utf-8"?>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTRIBUTES = " ".join(f'a{n}="x"' for n in range(10_000))
DEEP = "<a>" * 10_000 + "</a>" * 10_000


def doctype(inside: str, body: str = NAMES) -> str:
    return body.replace("?>", f"?><!DOCTYPE Envelope {inside}>", 1)


def typed(name: str, content: str) -> str:
    return ECHO.replace("{}", f'<GPValue xsi:type="tns:{name}">{content}</GPValue>')


MALFORMED: dict[str, str | bytes] = {
    "nothing": "",
    "blanks": " \r\n ",
    "a word": "hello",
    "JSON": '{"f": "json", "ToolName": "Echo"}',
    "a form": "f=json&In_GPLong=1",
    "HTML": "<!doctype html><html><body>hello</body></html>",
    "bytes": bytes(range(256)),
    "no end": NAMES[:-30],
    "two roots": NAMES + "<a/>",
    "a tag that is not closed": NAMES.replace("<tns:GetToolNames/>", "<tns:GetToolNames>"),
    "an unknown prefix": NAMES.replace("xmlns:tns=", "xmlns:other="),
    "an unknown entity": NAMES.replace("<tns:GetToolNames/>", "<tns:GetToolNames>&x;</tns:GetToolNames>"),
    "a control character": ECHO.replace("{}", "<GPValue>\x01</GPValue>"),
    "a control character by its number": ECHO.replace("{}", "<GPValue>&#1;</GPValue>"),
    "two attributes of one name": ECHO.replace("{}", '<GPValue a="1" a="2"/>'),
    "half a surrogate": ECHO.replace("{}", "<GPValue>&#xD800;</GPValue>"),
    "wrong UTF-8": ECHO.replace("{}", "<GPValue>é</GPValue>").encode("latin-1"),
    "an unknown encoding": NAMES.replace("utf-8", "x-klingon"),
    "UTF-7": NAMES.replace("utf-8", "utf-7"),
    "UTF-32": NAMES.replace("utf-8", "utf-32").encode("utf-32"),
    "EBCDIC": NAMES.replace("utf-8", "cp037").encode("cp037"),
    "UTF-16 without its mark": NAMES.replace("utf-8", "utf-16").encode("utf-8"),
    "gzip": gzip.compress(NAMES.encode()),
    "no envelope": f"{PROLOG}<a/>",
    "an envelope of no namespace": f"{PROLOG}<Envelope><Body/></Envelope>",
    "another version of SOAP": NAMES.replace(SOAP, "http://www.w3.org/2001/12/soap-envelope"),
    "no body": f'{PROLOG}<s:Envelope xmlns:s="{SOAP}"/>',
    "two bodies": f'{PROLOG}<s:Envelope xmlns:s="{SOAP}"><s:Body/><s:Body/></s:Envelope>',
    "no operation": ENVELOPE.format(""),
    "two operations": ENVELOPE.format("<tns:GetToolNames/><tns:GetToolInfos/>"),
    "an operation of another namespace": NAMES.replace("http://www.esri.com/", "http://example.org/"),
    "a namespace with markup": NAMES.replace("ArcGIS/10.8", "ArcGIS/10.8&quot; x=&quot;&lt;a/&gt;"),
    "an unknown operation": ENVELOPE.format("<tns:DropTables/>"),
    "an operation of the catalogue": ENVELOPE.format("<tns:GetFolders/>"),
    "an operation in other letters": ENVELOPE.format("<tns:gettoolnames/>"),
    "an unknown tool": ENVELOPE.format("<tns:Execute><ToolName>Nothing</ToolName></tns:Execute>"),
    "no tool": ENVELOPE.format("<tns:Execute/>"),
    "a tool with a path": ENVELOPE.format("<tns:GetToolInfo><ToolName>../../x</ToolName></tns:GetToolInfo>"),
    "a header that must be understood": NAMES.replace(
        "<s:Body>", '<s:Header><x:A xmlns:x="urn:x" s:mustUnderstand="1"/></s:Header><s:Body>'
    ),
    "more values than inputs": ECHO.replace("{}", "<GPValue>1</GPValue>" * 200),
    "a DTD": doctype(""),
    "a DTD inside": doctype("[]"),
    "an entity": doctype('[<!ENTITY x "y">]'),
    "an external DTD": doctype('SYSTEM "http://127.0.0.1:1/x.dtd"'),
    "an external entity": doctype(
        '[<!ENTITY x SYSTEM "file:///etc/passwd">]', typed("GPString", "<Value>&x;</Value>")
    ),
    "a parameter entity": doctype('[<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]'),
    "a billion laughs": doctype(f'[<!ENTITY l0 "lol">{LAUGHS}]', typed("GPString", "<Value>&l9;</Value>")),
    "a quadratic blow-up": doctype(
        f'[<!ENTITY x "{"y" * 50_000}">]', typed("GPString", f"<Value>{'&x;' * 5_000}</Value>")
    ),
    "an attribute list": doctype('[<!ATTLIST Envelope a CDATA "x">]'),
    "a DTD in UTF-16": doctype('[<!ENTITY x "y">]').replace("utf-8", "utf-16").encode("utf-16"),
    "10,000 levels": ENVELOPE.format(f"<tns:GetToolNames>{DEEP}</tns:GetToolNames>"),
    "10,000 levels of values": ECHO.replace("{}", DEEP),
    "10,000 levels that do not end": "<a>" * 10_000,
    "a number of 5,000 digits": typed("GPLong", f"<Value>{'9' * 5_000}</Value>"),
    "a float of 5,000 digits": typed("GPDouble", f"<Value>1e{'9' * 5_000}</Value>"),
    "a year of 5,000 digits": typed("GPDate", f"<Value>{'9' * 5_000}-01-01T00:00:00</Value>"),
    "a wrong type": typed("GPDate", "<Value>2020-01-01</Value>"),
    "an unknown type": typed("GPNothing", "<Value>1</Value>"),
    "10,000 attributes": ECHO.replace("{}", f"<GPValue {ATTRIBUTES}/>"),
    "20,000 namespaces": ECHO.replace("{}", "".join(f'<a xmlns="urn:{n}">1</a>' for n in range(20_000))),
    "an include": ECHO.replace(
        "{}", '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    ).replace("Echo", "Sleep"),
}  # fmt: skip


@pytest.fixture(scope="module")
def soap(cloud: LocalCloud) -> SoapSite:
    found = SoapSite(cloud.url)
    found.call(SYNC, "GetToolNames")  # the functions run
    found.run(SYNC, "Execute", "Echo", "")
    return found


@pytest.fixture(autouse=True)
def still_works(soap: SoapSite) -> Iterator[None]:
    """See that the service still works after each of them."""
    yield
    assert "Echo" in soap.ask(SYNC, "GetToolNames")


@pytest.mark.parametrize("name", MALFORMED)
def test_bad_body_is_a_fault_at_once(soap: SoapSite, name: str) -> None:
    body = MALFORMED[name]
    began = time.perf_counter()
    response = soap.post(SYNC, body.encode() if isinstance(body, str) else body)
    took = time.perf_counter() - began
    with pytest.raises(Fault) as fault:
        read_body(response)
    assert response.status == 200
    assert fault.value.code in ("s:Client", "s:VersionMismatch", "s:MustUnderstand"), fault.value.text
    assert took < SOON
    check_sentence(fault.value.text)


def check_sentence(text: str) -> None:
    """Hold a fault to what people can read, and to what it must not tell."""
    assert 10 < len(text) < 1_500
    assert text.endswith(".")
    assert text[0].isupper()
    for forbidden in ("Traceback", "Error(", ".py", "expat", "root:", "/var/", "invalid token", "mismatched"):
        assert forbidden not in text


TYPES = [
    "text/xml",
    "application/xml",
    "application/soap+xml",
    "application/json",
    "text/html",
    "image/png",
    "",
    "x",
]


@pytest.mark.parametrize("content_type", TYPES)
def test_content_type_of_another_kind_makes_no_other_answer(soap: SoapSite, content_type: str) -> None:
    response = soap.post(SYNC, NAMES.encode(), content_type)
    assert response.headers["content-type"].startswith("text/xml")
    try:
        assert "Echo" in [name.text for name in read_body(response)[0]]
    except Fault as fault:
        assert "xml" not in content_type
        check_sentence(fault.text)


ENCODINGS = ["utf-8", "utf-16", "latin-1"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_bodies_of_known_encodings_are_read(soap: SoapSite, encoding: str) -> None:
    body = ENVELOPE.format("<tns:GetToolInfo><ToolName>é</ToolName></tns:GetToolInfo>")
    declared = body.replace('encoding="utf-8"', f'encoding="{encoding.replace("latin-1", "iso-8859-1")}"')
    with pytest.raises(Fault, match="'é'"):
        read_body(soap.post(SYNC, declared.encode(encoding), "text/xml"))


def test_charset_of_the_header_counts_without_a_declaration(soap: SoapSite) -> None:
    body = ENVELOPE.format("<tns:GetToolInfo><ToolName>é</ToolName></tns:GetToolInfo>").split("?>", 1)[1]
    with pytest.raises(Fault, match="'é'"):
        read_body(soap.post(SYNC, body.encode("latin-1"), "text/xml; charset=iso-8859-1"))


def test_soap_12_is_answered_in_its_own_envelope(soap: SoapSite) -> None:
    soap_12 = "http://www.w3.org/2003/05/soap-envelope"
    for operation, is_fault in (("GetToolNames", False), ("Nothing", True)):
        body = ENVELOPE.format(f"<tns:{operation}/>").replace(SOAP, soap_12)
        response = soap.post(SYNC, body.encode(), "application/soap+xml; charset=utf-8")
        assert response.headers["content-type"].startswith("application/soap+xml")
        assert etree.fromstring(response.data).tag == f"{{{soap_12}}}Envelope"
        if is_fault:
            with pytest.raises(Fault, match="There is no operation"):
                read_body(response)
        else:
            assert "Echo" in [name.text for name in read_body(response)[0]]


ADDRESSES = [
    "/arcgis/services/Nothing/GPServer",
    "/arcgis/services/Conformance/Nothing/GPServer",
    "/arcgis/services/Samples/MapServer",
    "/arcgis/services/Nothing",
    "/arcgis/services/Conformance/Sync/GPServer/x",
    "/arcgis/services/%2e%2e/rest/services",
]


@pytest.mark.parametrize("path", ADDRESSES)
def test_unknown_address_is_not_found(soap: SoapSite, path: str) -> None:
    for method, body in (("POST", NAMES.encode()), ("GET", None)):
        response = soap.pool.request(method, soap.url + path, body=body, headers={"content-type": "text/xml"})
        with pytest.raises(Fault) as fault:
            read_body(response)
        assert (fault.value.status, fault.value.code) == (404, "s:Client")
        check_sentence(fault.value.text)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(soap: SoapSite, method: str) -> None:
    response = soap.pool.request(method, f"{soap.url}/arcgis/services", body=NAMES.encode())
    assert response.status == 405
    assert "POST" in response.headers["allow"]
