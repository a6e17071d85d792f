"""Faults: errors as clients of SOAP get them.

The status is 200, as ArcGIS Server sends it: ArcPy shows no text beside another one. An unknown service,
another method and the two codes of tokens are told by their status as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.errors import (
    AccessError,
    InvalidToken,
    MethodNotAllowed,
    RequestError,
    RunError,
    TokenRequired,
    UnknownEnvelope,
    UnknownHeader,
)
from gpserverless.http.write import envelope
from gpserverless.protocols.soap.schema.text import escape
from gpserverless.protocols.soap.xml.namespaces import SOAP_12

FAULT_STATUS = 200
"""HTTP status of every fault that has none of its own."""

STATUSES: Mapping[type[Exception], int] = {
    MethodNotAllowed: 405,
    InvalidToken: 498,
    TokenRequired: 499,
    Exception: FAULT_STATUS,
}
"""HTTP status of each class of errors; a class that is not listed has that of its nearest base."""

FAULT_CODES: Mapping[type[Exception], str] = {
    UnknownEnvelope: "VersionMismatch",
    UnknownHeader: "MustUnderstand",
    RequestError: "Client",
    RunError: "Server",
    Exception: "Server",
}
"""Fault code of each class of errors, likewise."""

_CODES_OF_12 = {"Client": "Sender", "Server": "Receiver"}


def find_status(error: Exception) -> int:
    """Return the HTTP status of an error.

    Args:
        error: Any exception.
    """
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def write_fault(error: Exception, envelope_namespace: str) -> str:
    """Write an error as the fault in a body; only those raised for the caller show their text.

    There is always a detail: a proxy of .NET takes a fault without one for an error of the headers.

    Args:
        error: Any exception.
        envelope_namespace: Namespace of SOAP 1.1 or 1.2.
    """
    code = next(FAULT_CODES[kind] for kind in type(error).__mro__ if kind in FAULT_CODES)
    text = escape(_write_sentence(error))
    if envelope_namespace == SOAP_12:
        return (
            f"<s:Fault><s:Code><s:Value>s:{_CODES_OF_12.get(code, code)}</s:Value></s:Code>"
            f'<s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason><s:Detail/></s:Fault>'
        )
    return f"<s:Fault><faultcode>s:{code}</faultcode><faultstring>{text}</faultstring><detail/></s:Fault>"


def _write_sentence(error: Exception) -> str:
    """Return the text of an error: most clients show one text alone. Clients look for the words of tokens."""
    told = envelope(error)["error"]
    words = (told["message"],) if isinstance(error, AccessError) else ()
    return " ".join((*words, *told["details"])) or told["message"]
