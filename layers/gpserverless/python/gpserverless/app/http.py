"""What every function behind the gateway does alike: read, answer, and never let an error through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gpserverless.app.logs import make_logger
from gpserverless.errors import MethodNotAllowed, RequestError, RunError
from gpserverless.protocol.formats import Format, Response, check_format, preflight, read_format, write_error
from gpserverless.protocol.request import Request, method_of, read_request
from gpserverless.protocol.routes import Route, find_route

Answer = Callable[[Request, Route, Format], Response]

logger = make_logger()


def serve(event: Mapping[str, Any], public_url: str, answer: Answer) -> dict[str, Any]:
    """Return the gateway's payload for an event.

    Args:
        event: A Lambda event of an HTTP request.
        public_url: Configured public URL of the site, or "".
        answer: Answers a request; what it raises on purpose becomes an error envelope, anything else is
            logged and becomes one that says nothing.
    """
    form = Format()
    try:
        if method_of(event) == "OPTIONS":
            return preflight().to_payload()
        request = read_request(event, public_url)
        if request.method not in ("GET", "POST", "HEAD"):
            raise MethodNotAllowed("Use GET or POST.")
        form = read_format(request)
        route = find_route(request.segments)
        check_format(form, route.resource)
        response = answer(request, route, form)
    except (RequestError, RunError) as error:
        response = write_error(error, form)
    except Exception as error:
        logger.exception("request failed")
        response = write_error(error, form)
    return response.to_payload()
