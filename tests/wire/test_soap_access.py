"""Who gets what over SOAP: every operation, asked by every kind of caller, of services with a sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
import urllib3

from gpserverless.protocols.soap.schema.operations import CATALOGUE_OPERATIONS, SERVICE_OPERATIONS
from local.cloud import LocalCloud
from tests.wire.soap_site import ENVELOPE, Fault, SoapSite, Tree, address, read_body
from tests.wire.test_access import ALL_SEE, JOBS, MISSING_JOB, OPEN, RUN, SEE, Outcome
from tests.wire.tokens import make_tokens

SYNC, ASYNC = "Conformance/Secured", "Conformance/SecuredJobs"
FORBIDDEN = "You have no permission for this resource."


@dataclass(frozen=True)
class AskedOperation:
    """An operation, and what each caller gets.

    Attributes:
        service: The service, "" for the catalogue.
        outcomes: The outcome for each caller.
        arguments: The arguments; `{job}` is the job of ann's.
    """

    service: str
    outcomes: Mapping[str, Outcome]
    arguments: str = ""


OF_JOBS = AskedOperation(ASYNC, JOBS, "{job}")
NOT_PACKED, NO_MAP = "not packed as a workspace", "no result map service"
COPY, PUBLISH = "<ToolName>CopyFile</ToolName>", "<ToolName>Publish</ToolName>"


def refused(outcomes: Mapping[str, Outcome], text: str) -> Mapping[str, Outcome]:
    """Return the outcomes of an operation that refuses those who may ask it, with a text."""
    return {name: text if outcome == "ok" else outcome for name, outcome in outcomes.items()}


OPERATIONS: dict[str, AskedOperation] = {
    "GetMessageVersion": AskedOperation("", OPEN),
    "GetMessageFormats": AskedOperation("", OPEN),
    "RequiresTokens": AskedOperation("", OPEN),
    "GetTokenServiceURL": AskedOperation("", OPEN),
    "GetFolders": AskedOperation("", ALL_SEE),
    "GetServiceDescriptions": AskedOperation("", ALL_SEE),
    "GetServiceDescriptionsEx": AskedOperation("", ALL_SEE, "<FolderName>Conformance</FolderName>"),
    "GetExecutionType": AskedOperation(SYNC, SEE),
    "GetResultMapServerName": AskedOperation(SYNC, SEE),
    "GetToolNames": AskedOperation(SYNC, SEE),
    "GetTaskNames": AskedOperation(SYNC, SEE),
    "GetToolInfos": AskedOperation(SYNC, SEE),
    "GetTaskInfos": AskedOperation(SYNC, SEE),
    "GetToolInfo": AskedOperation(SYNC, SEE, COPY),
    "Execute": AskedOperation(SYNC, refused(RUN, "Parameter 'In_File'"), COPY),
    "SubmitJob": AskedOperation(ASYNC, refused(RUN, "Parameter 'In_File'"), COPY),
    "GetJobStatus": OF_JOBS,
    "GetJobMessages": OF_JOBS,
    "GetJobResult": AskedOperation(ASYNC, refused(JOBS, "The job was cancelled"), "{job}"),
    "GetJobInputValues": OF_JOBS,
    "GetJobToolName": OF_JOBS,
    "GetJobResultOptions": OF_JOBS,
    "GetJobEnvironmentValues": OF_JOBS,
    "CancelJob": AskedOperation(ASYNC, refused(JOBS, "esriJobCancelled"), "{job}"),
    "GetResultWorkspace": AskedOperation(ASYNC, refused(JOBS, NOT_PACKED), "{job}"),
    "GetJobResultMapExtent": AskedOperation(ASYNC, refused(JOBS, NO_MAP), "{job}"),
}

MORE: dict[str, tuple[str, AskedOperation]] = {
    "execute of publishers": (
        "Execute",
        AskedOperation(SYNC, RUN | dict.fromkeys(("ann", "bob", "eve"), 403), PUBLISH),
    ),
    "job under another service": ("GetJobStatus", AskedOperation(SYNC, refused(SEE, MISSING_JOB), "{job}")),
    "public service": ("GetToolNames", AskedOperation("Samples", ALL_SEE)),
}


@pytest.fixture(scope="module")
def callers(cloud: LocalCloud) -> Mapping[str, SoapSite]:
    """Return the site as each kind of caller calls it."""
    tokens = {"nobody": "", **make_tokens(cloud)}
    headers = {name: {"x-esri-authorization": f"Bearer {token}"} for name, token in tokens.items() if token}
    return {name: SoapSite(cloud.url, headers.get(name, {})) for name in tokens}


@pytest.fixture(scope="module")
def job(callers: Mapping[str, SoapSite]) -> str:
    """Return the argument that names a job of ann's, which she has cancelled."""
    ann = callers["ann"]
    file = (
        '<GPValue xsi:type="tns:GPDataFile"><Data xsi:type="tns:GDSData"><Compressed>false</Compressed>'
        "<TransportType>esriGDSTransportTypeEmbedded</TransportType><EmbeddedData>aGVsbG8=</EmbeddedData>"
        "</Data><File>words.txt</File></GPValue>"
    )
    seconds = '<GPValue xsi:type="tns:GPDouble"><Value>60</Value></GPValue>'
    submitted = ann.submit(ASYNC, "CopyFile", file + seconds)
    ann.call(ASYNC, "CancelJob", submitted)
    assert ann.wait(ASYNC, submitted) == "esriJobCancelled"
    return submitted


def find_outcome(answer: Tree | Fault, expected: Outcome) -> Outcome:
    """Return the outcome of an answer; the text of a fault if a text is expected."""
    if not isinstance(answer, Fault):
        return "ok"
    if answer.status in (498, 499):
        return answer.status
    assert answer.status == 200
    if FORBIDDEN in answer.text:
        return 403
    return expected if isinstance(expected, str) and expected in answer.text else answer.text


def ask(site: SoapSite, operation: str, asked: AskedOperation, job: str) -> Tree | Fault:
    try:
        return site.call(asked.service, operation, asked.arguments.format(job=job))
    except Fault as fault:
        return fault


def ask_all(callers: Mapping[str, SoapSite], operation: str, asked: AskedOperation, job: str) -> object:
    """Return the outcome for every caller."""
    return {
        name: find_outcome(ask(callers[name], operation, asked, job), expected)
        for name, expected in asked.outcomes.items()
    }


def test_every_operation_is_asked() -> None:
    assert set(OPERATIONS) == {*CATALOGUE_OPERATIONS, *SERVICE_OPERATIONS}
    assert len(OPERATIONS) == 7 + 19


@pytest.mark.parametrize("operation", OPERATIONS)
def test_caller_gets_what_the_rules_say(callers: Mapping[str, SoapSite], job: str, operation: str) -> None:
    asked = OPERATIONS[operation]
    assert ask_all(callers, operation, asked, job) == asked.outcomes


@pytest.mark.parametrize("name", MORE)
def test_caller_gets_no_more_by_another_way(callers: Mapping[str, SoapSite], job: str, name: str) -> None:
    operation, asked = MORE[name]
    assert ask_all(callers, operation, asked, job) == asked.outcomes


def test_description_of_a_service_is_for_those_who_may_see_it(callers: Mapping[str, SoapSite]) -> None:
    found = {}
    for name, expected in SEE.items():
        site = callers[name]
        response = site.pool.request("GET", f"{site.url}{address(SYNC)}?wsdl", headers=dict(site.headers))
        found[name] = (
            "ok" if b"<definitions" in response.data else find_outcome(read_fault(response), expected)
        )
    assert found == SEE


def read_fault(response: urllib3.BaseHTTPResponse) -> Fault:
    with pytest.raises(Fault) as fault:
        read_body(response)
    return fault.value


def test_lists_show_what_the_caller_may_see(callers: Mapping[str, SoapSite]) -> None:
    listed = {}
    for name in ("nobody", "ann", "key", "eve"):
        answer = callers[name].call("", "GetServiceDescriptions")
        listed[name] = {each.findtext("Name") for each in answer.find("ServiceDescriptions")}
    secured = {SYNC, ASYNC}
    assert secured & listed["nobody"] == secured & listed["key"] == set()
    assert secured < listed["ann"]
    assert secured < listed["eve"]
    assert "Samples" in set.intersection(*listed.values())


def test_words_of_tokens_are_in_the_fault(callers: Mapping[str, SoapSite], job: str) -> None:
    for name, text in (("nobody", "Token required"), ("expired", "Invalid token")):
        answer = ask(callers[name], "GetToolInfos", OPERATIONS["GetToolInfos"], job)
        assert isinstance(answer, Fault)
        assert text.lower() in answer.text.lower()


@pytest.mark.parametrize("spelling", ["?token={}", "?wsdl&token={}"])
def test_token_may_stand_in_the_address(callers: Mapping[str, SoapSite], spelling: str) -> None:
    ann = callers["ann"]
    token = ann.headers["x-esri-authorization"].removeprefix("Bearer ")
    url = f"{ann.url}{address(SYNC)}{spelling.format(token)}"
    if "wsdl" in spelling:
        assert b"<definitions" in ann.pool.request("GET", url).data
        return
    body = ENVELOPE.format("<tns:GetToolNames/>")
    response = ann.pool.request("POST", url, body=body.encode(), headers={"content-type": "text/xml"})
    assert "CopyFile" in [name.text for name in read_body(response)[0]]
