"""Faults: one sentence for each error, a detail always, and the status that clients can read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from gpserverless.errors import (
    DeadlinePassed,
    Forbidden,
    InvalidParameter,
    InvalidToken,
    MethodNotAllowed,
    NotFound,
    QuotaReached,
    RequestError,
    StorageError,
    TokenRequired,
    ToolError,
    UnknownEnvelope,
    UnknownHeader,
    UnknownJob,
)
from gpserverless.protocols.soap.faults import find_status, write_fault
from gpserverless.protocols.soap.xml.namespaces import SOAP_11, SOAP_12

FAULTS: list[tuple[Exception, int, str, str]] = [
    (RequestError("It is <wrong>."), 200, "Client", "It is <wrong>."),
    (
        InvalidParameter("Distance", "'abc' is not a number", "a number"), 200, "Client",
        "Parameter 'Distance': 'abc' is not a number. Accepted: a number.",
    ),
    (NotFound("There is no task 'X'."), 200, "Client", "There is no task 'X'."),
    (UnknownJob("There is no job 'j'."), 200, "Client", "There is no job 'j'."),
    (QuotaReached("No jobs are left."), 200, "Client", "No jobs are left."),
    (UnknownEnvelope("Send SOAP 1.1."), 200, "VersionMismatch", "Send SOAP 1.1."),
    (UnknownHeader("Not understood."), 200, "MustUnderstand", "Not understood."),
    (Forbidden(), 200, "Client", "You have no permission for this resource."),
    (MethodNotAllowed("Use GET or POST."), 405, "Client", "Use GET or POST."),
    (TokenRequired(), 499, "Client", "Token required."),
    (InvalidToken(), 498, "Client", "Invalid token."),
    (ToolError("The lake is dry."), 200, "Server", "The lake is dry."),
    (DeadlinePassed("Stopped."), 200, "Server", "Stopped."),
    (StorageError("bucket b of account 1"), 200, "Server", "The service failed; try again."),
    (KeyError("/home/secret"), 200, "Server", "The service failed; try again."),
]  # fmt: skip


@pytest.mark.parametrize(("error", "status", "code", "text"), FAULTS)
def test_fault_of_soap_11(error: Exception, status: int, code: str, text: str) -> None:
    fault = ElementTree.fromstring(f'<s:Body xmlns:s="{SOAP_11}">{write_fault(error, SOAP_11)}</s:Body>')[0]
    assert [child.tag for child in fault] == ["faultcode", "faultstring", "detail"]
    assert fault.findtext("faultcode") == f"s:{code}"
    assert (fault.findtext("faultstring") or "").startswith(text)
    assert find_status(error) == status


CODES = [
    (RequestError("Wrong."), "Sender"),
    (ToolError("Dry."), "Receiver"),
    (UnknownEnvelope("Send SOAP 1.1."), "VersionMismatch"),
]


@pytest.mark.parametrize(("error", "code"), CODES)
def test_fault_of_soap_12(error: Exception, code: str) -> None:
    fault = ElementTree.fromstring(f'<s:Body xmlns:s="{SOAP_12}">{write_fault(error, SOAP_12)}</s:Body>')[0]
    names = [child.tag.removeprefix(f"{{{SOAP_12}}}") for child in fault]
    assert names == ["Code", "Reason", "Detail"]
    assert [node.text for node in fault.iter(f"{{{SOAP_12}}}Value")] == [f"s:{code}"]
    assert [node.text for node in fault.iter(f"{{{SOAP_12}}}Text")] == [str(error)]
