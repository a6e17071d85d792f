"""Answers: envelopes around responses and faults, and descriptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from gpserverless.errors import TooLarge
from gpserverless.http.request import Request
from gpserverless.http.response import MAX_BODY, MAX_HANDED_OVER, Response, fit_response, gzip_response
from gpserverless.protocols.soap.faults import find_status, write_fault
from gpserverless.protocols.soap.operation import Answer
from gpserverless.protocols.soap.schema.node import Piece
from gpserverless.protocols.soap.schema.table import Operation
from gpserverless.protocols.soap.schema.write import write_response
from gpserverless.protocols.soap.transfer_limit import cut_records
from gpserverless.protocols.soap.xml.envelope import SoapCall
from gpserverless.protocols.soap.xml.namespaces import ADVERTISED_ARCGIS, SOAP_11, SOAP_12

_PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'
_TYPES = {SOAP_11: "text/xml; charset=utf-8", SOAP_12: "application/soap+xml; charset=utf-8"}
_SPARE = 0.95  # records differ in length, and in how well they compress
_LEAST_SHARE = 0.001
_ALLOWED = {"allow": "GET, HEAD, POST, OPTIONS"}


def write_answer(operation: Operation, answer: Answer, call: SoapCall, request: Request) -> Response:
    """Write the answer of an operation, in the versions of SOAP and of ArcGIS in which it was asked for.

    Of records that no function can hand over the first ones are written: see `transfer_limit`.

    Args:
        operation: The operation.
        answer: The elements of its response.
        call: The call.
        request: The HTTP request.

    Raises:
        TooLarge: No function can hand it over.
    """
    written, share = answer, 1.0
    while True:
        body = write_response(operation, written)
        response = _wrap(body, call.envelope_namespace, call.namespace, 200)
        packed = gzip_response(response) if request.accepts_gzip else response
        if packed.fits:
            return packed
        share *= _SPARE * MAX_BODY / len(packed.body)
        cut = cut_records(answer, share) if share > _LEAST_SHARE else None
        if cut is None:
            _refuse(packed)
        written = cut


def write_error(error: Exception, call: SoapCall | None) -> Response:
    """Write an error as a fault.

    Args:
        error: Any exception.
        call: The call, None if it could not be read.
    """
    soap = call.envelope_namespace if call else SOAP_11
    status = find_status(error)
    fault = write_fault(error, soap).encode()
    response = _wrap((fault,), soap, call.namespace if call else ADVERTISED_ARCGIS, status)
    return Response(response.body, response.content_type, status, _ALLOWED) if status == 405 else response


def write_description(wsdl: str, request: Request) -> Response:
    """Write the description of the catalogue or of a service.

    Args:
        wsdl: The WSDL.
        request: The HTTP request.
    """
    return _fit(Response(wsdl.encode(), _TYPES[SOAP_11]), request)


def _wrap(body: Iterable[Piece], soap: str, arcgis: str, status: int) -> Response:
    before = (
        f'{_PROLOG}<s:Envelope xmlns:s="{soap}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="{arcgis}"><s:Body>'
    )
    envelope = b"".join((before.encode(), *body, b"</s:Body></s:Envelope>"))
    return Response(envelope, _TYPES[soap], status)


def _fit(response: Response, request: Request) -> Response:
    return fit_response(response, request.accepts_gzip, _refuse)


def _refuse(response: Response) -> NoReturn:
    size = f"{len(response.body):,} bytes; at most {MAX_HANDED_OVER:,} are sent"
    advice = "take a part of the data" if response.encoding else "accept gzip, or take a part of the data"
    raise TooLarge(f"The answer has {size}: {advice}, or ask for it over REST.")
