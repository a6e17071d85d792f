"""What every function behind the gateway does alike: read, answer, and never let an error through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from gpserverless.app.logs import about, make_logger
from gpserverless.errors import MethodNotAllowed, RequestError, RunError, TooLarge
from gpserverless.protocols.gpserver.compression import accepts_gzip, gzip_response
from gpserverless.protocols.gpserver.formats import (
    MAX_HANDED_OVER,
    Format,
    Response,
    check_format,
    preflight,
    read_format,
    write_error,
)
from gpserverless.protocols.gpserver.request import Request, method_of, read_request
from gpserverless.protocols.gpserver.routes import Route, find_route

Answer = Callable[[Request, Route, Format], Response]

_OPERATIONS = ("execute", "submitJob", "cancel")

logger = make_logger()


def serve(event: Mapping[str, Any], public_url: str, answer: Answer) -> dict[str, Any]:
    """Return the gateway's payload for an event.

    Args:
        event: A Lambda event of an HTTP request.
        public_url: Configured public URL of the site, or "".
        answer: Answers a request; what it raises on purpose becomes an error envelope, anything else is
            logged and becomes one that says nothing.
    """
    with ExitStack() as known:
        return _answered(event, public_url, answer, known).to_payload()


def _answered(event: Mapping[str, Any], public_url: str, answer: Answer, known: ExitStack) -> Response:
    """Return the response to an event; what it is about is known to the log from then on."""
    form = Format()
    try:
        if method_of(event) == "OPTIONS":
            return preflight()
        request = read_request(event, public_url)
        if request.method not in ("GET", "POST", "HEAD"):
            raise MethodNotAllowed("Use GET or POST.")
        form = read_format(request)
        route = find_route(request.segments)
        check_format(form, route.resource)
        if request.method == "HEAD" and route.resource in _OPERATIONS:
            raise MethodNotAllowed("Use GET or POST.")
        known.enter_context(about(job=route.job, toolbox=route.service, task=route.task))
        response = answer(request, route, form)
        if accepts_gzip(request.headers):
            response = gzip_response(response)
        if not response.fits:
            size = f"{len(response.body):,} bytes; at most {MAX_HANDED_OVER:,} are sent"
            raise TooLarge(f"The answer has {size}. Ask with f=json, or for a part of it.")
    except (RequestError, RunError) as error:
        response = write_error(error, form)
    except Exception as error:
        logger.exception("request failed")
        response = write_error(error, form)
    return response
