"""A client of SOAP that knows nothing but HTTP and XML: envelopes are texts, answers are trees of lxml."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import urllib3
from lxml import etree

from dev.gp_client import FINAL
from tests.patience import LONG

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
ARCGIS = "http://www.esri.com/schemas/ArcGIS/"
CATALOGUE = "/arcgis/services"

ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    f'<s:Envelope xmlns:s="{SOAP}" xmlns:xsi="{XSI}" xmlns:xsd="{XSD}" xmlns:tns="{ARCGIS}10.8">'
    "<s:Body>{}</s:Body></s:Envelope>"
)

Tree = etree._Element


class Fault(Exception):
    """A fault, with its HTTP status and its code."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text


@dataclass(frozen=True)
class SoapSite:
    """The site as a client of SOAP calls it.

    Attributes:
        url: URL of the site.
        headers: Sent with every request.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=90))

    def post(
        self, path: str, body: bytes, content_type: str = "text/xml; charset=utf-8"
    ) -> urllib3.BaseHTTPResponse:
        """Send a body to the catalogue, or to a service by its name."""
        headers = {"content-type": content_type, "soapaction": '""', **self.headers}
        return self.pool.request("POST", self.url + address(path), body=body, headers=headers)

    def call(self, service: str, operation: str, arguments: str = "") -> Tree:
        """Return the response of an operation.

        Raises:
            Fault: It is a fault.
        """
        body = ENVELOPE.format(f"<tns:{operation}>{arguments}</tns:{operation}>")
        response = read_body(self.post(service, body.encode()))
        assert etree.QName(response).localname == f"{operation}Response", etree.tostring(response)
        return response

    def ask(self, service: str, operation: str, arguments: str = "") -> str:
        """Return the text of the response of an operation."""
        return "".join(self.call(service, operation, arguments).itertext())

    def run(self, service: str, operation: str, tool: str, values: str) -> Tree:
        """Execute or submit a tool with values, one after the other."""
        values = f'<Values xsi:type="tns:GPValues">{values}</Values>'
        return self.call(service, operation, f"<ToolName>{tool}</ToolName>{values}")

    def submit(self, service: str, tool: str, values: str) -> str:
        """Submit a job; return the argument that names it in every other operation."""
        return f"<JobID>{''.join(self.run(service, 'SubmitJob', tool, values).itertext())}</JobID>"

    def wait(self, service: str, job: str, until: Collection[str] = FINAL) -> str:
        """Poll the status of a job until it is one of some, or final, and return it."""
        deadline = time.monotonic() + LONG
        while (status := self.ask(service, "GetJobStatus", job)) not in {*until, *FINAL}:
            assert time.monotonic() < deadline, status
            time.sleep(0.1)
        return status


def address(service: str) -> str:
    """Return the path of the catalogue ("") or of a service."""
    return f"{CATALOGUE}/{service}/GPServer" if service else CATALOGUE


def read_body(response: urllib3.BaseHTTPResponse) -> Tree:
    """Return the one element in the body of an answer.

    Raises:
        Fault: It is a fault.
    """
    content_type = response.headers["content-type"]
    assert content_type.partition(";")[0] in ("text/xml", "application/soap+xml"), response.data[:300]
    (body,) = etree.fromstring(response.data)
    (element,) = body
    if etree.QName(element).localname != "Fault":
        assert response.status == 200
        return element
    if content_type.startswith("text/xml"):
        assert [child.tag for child in element] == ["faultcode", "faultstring", "detail"]
        raise Fault(response.status, str(element[0].text), str(element[1].text))
    code, reason, _ = element
    raise Fault(response.status, "".join(code.itertext()), "".join(reason.itertext()))
