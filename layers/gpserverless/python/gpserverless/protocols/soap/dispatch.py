"""From an event of the gateway to its answer: read the operation, call its handler, write every error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.errors import AccessError, MethodNotAllowed, RequestError, RunError
from gpserverless.http.event import header_of, method_of
from gpserverless.http.request import Request, read_request
from gpserverless.http.request_body import read_body
from gpserverless.http.response import Response, preflight
from gpserverless.protocols.soap.admission import WSDL, SoapAdmission
from gpserverless.protocols.soap.answers import write_answer, write_description, write_error
from gpserverless.protocols.soap.endpoints import CATALOGUE, find_endpoint, write_address
from gpserverless.protocols.soap.operation import Handlers, SoapRequest
from gpserverless.protocols.soap.schema.operations import CATALOGUE_OPERATIONS, SERVICE_OPERATIONS
from gpserverless.protocols.soap.schema.table import Operation
from gpserverless.protocols.soap.wsdl import write_catalogue_wsdl, write_service_wsdl
from gpserverless.protocols.soap.xml.envelope import SoapCall, read_envelope
from gpserverless.protocols.soap.xml.namespaces import ARCGIS
from gpserverless.values.quotation import quoted

LogIds = Callable[..., AbstractContextManager[None]]
"""Adds ids (`job`, `toolbox`, `task`) to the lines of the log until the end of the block."""

Payload = dict[str, Any]
"""An answer as Lambda hands it to the gateway."""

Forward = Callable[[Mapping[str, Any]], Payload]
"""Hands an event to another function, and returns its payload."""

logger = logging.getLogger(__name__)


@dataclass
class _State:
    """A request as far as it has been understood, which is as far as an error can tell of it."""

    has_endpoint: bool = False
    call: SoapCall | None = None


@dataclass(frozen=True)
class SoapDispatcher:
    """Answers the events of a gateway.

    Attributes:
        public_url: Configured public URL of the site, or "".
        admission: Lets callers in, before any handler sees the request.
        log_ids: Adds the ids of the call to the log.
    """

    public_url: str
    admission: SoapAdmission
    log_ids: LogIds

    def answer(
        self, event: Mapping[str, Any], handlers: Handlers, forwards: Mapping[str, Forward] | None = None
    ) -> Payload:
        """Return the gateway's payload for an event.

        Args:
            event: A Lambda event of an HTTP request.
            handlers: Handlers of the operations by name.
            forwards: What hands an event to another function, by name of the operations of that.
        """
        if method_of(event) == "OPTIONS":
            return preflight(header_of(event, "access-control-request-headers")).to_payload()
        answer = self._respond(event, handlers, forwards or {})
        return answer.to_payload() if isinstance(answer, Response) else answer

    def _respond(
        self, event: Mapping[str, Any], handlers: Handlers, forwards: Mapping[str, Forward]
    ) -> Response | Payload:
        seen = _State()
        try:
            return self._handle(event, handlers, forwards, seen)
        except AccessError as error:
            logger.info("access refused", extra={"problem": type(error).__name__})
            return write_error(error, seen.call)
        except (RequestError, RunError) as error:
            response = write_error(error, seen.call)
            return response if seen.has_endpoint else replace(response, status=404)
        except Exception as error:
            logger.exception("request failed")
            return write_error(error, seen.call)

    def _handle(
        self,
        event: Mapping[str, Any],
        handlers: Handlers,
        forwards: Mapping[str, Forward],
        seen: _State,
    ) -> Response | Payload:
        request = read_request(event, self.public_url, reads_form=False)
        service = find_endpoint(request.segments, self.admission.catalogue)
        seen.has_endpoint = True
        if request.method in ("GET", "HEAD"):
            self.admission.admit(request, service, WSDL)
            return write_description(_describe(request.root, service), request)
        if request.method != "POST":
            raise MethodNotAllowed("Use GET or POST.")
        seen.call = call = read_envelope(read_body(event), _find_charset(request))
        operation = _find_operation(call, service)
        soap = SoapRequest(request, service, call.namespace.removeprefix(ARCGIS), call.arguments)
        tool = soap.read("ToolName")
        with self.log_ids(**_make_ids(soap, tool)):
            soap = soap.with_caller(self.admission.admit(request, service, operation.name, tool))
            if operation.name in forwards:
                return forwards[operation.name](event)
            return write_answer(operation, handlers[operation.name](soap), call, request)


def _describe(root: str, service: str) -> str:
    address = write_address(root, service)
    return write_service_wsdl(service, address) if service else write_catalogue_wsdl(address)


def _find_operation(call: SoapCall, service: str) -> Operation:
    """Return the operation that is asked for, of the catalogue or of a service."""
    known = CATALOGUE_OPERATIONS if service == CATALOGUE else SERVICE_OPERATIONS
    operation = known.get(call.operation)
    if operation is None:
        raise RequestError(
            f"There is no operation {quoted(call.operation)} here. Accepted: {', '.join(known)}."
        )
    return operation


def _find_charset(request: Request) -> str:
    """Return the charset of the content type, "" for none."""
    _, _, parameters = request.headers.get("content-type", "").partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")
    return ""


def _make_ids(request: SoapRequest, tool: str) -> dict[str, str]:
    ids = {"toolbox": request.service, "task": tool, "job": request.read("JobID")}
    return {name: text[:100] for name, text in ids.items() if text}
