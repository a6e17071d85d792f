"""From an event of the gateway to its answer: read the request, call its handler, write every error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

import orjson

from gpserverless.caller import Caller
from gpserverless.errors import (
    AccessError,
    MethodNotAllowed,
    NotFound,
    RequestError,
    RunError,
    TokenRequired,
    TooLarge,
)
from gpserverless.http.answer_format import (
    FEATURE_FORMATS,
    FILE_FORMATS,
    IMAGE,
    LAYER_FORMATS,
    Format,
    check_format,
    read_format,
)
from gpserverless.http.cors import name_origin
from gpserverless.http.event import header_of, method_of
from gpserverless.http.pages import Pages
from gpserverless.http.request import Request, read_request
from gpserverless.http.response import (
    MAX_HANDED_OVER,
    Response,
    fit_response,
    preflight,
    redirect_request,
)
from gpserverless.http.route import FindRoute, Route
from gpserverless.http.sign_in import is_page_request, redirect_to_sign_in
from gpserverless.http.write import envelope, write_error

Handler = Callable[..., Response]
"""Takes the request, and by keyword the names of its route; returns the response."""

Handlers = Mapping[str, Handler]
"""Handlers by the key of their route."""

Admit = Callable[[Request, Route], Caller]
"""Returns the caller of a request for a route; raises `AccessError` unless the caller may have it."""

LogIds = Callable[..., AbstractContextManager[None]]
"""Adds ids (`job`, `toolbox`, `task`) to the lines of the log until the end of the block."""

AddLogIds = Callable[[Mapping[str, str]], None]

_OPERATIONS = ("execute", "submitJob", "cancel")
_FORMATS: Mapping[str, Collection[str]] = {
    "execute": FEATURE_FORMATS,
    "result": (*FEATURE_FORMATS, IMAGE),
    "input": FEATURE_FORMATS,
    "layerQuery": LAYER_FORMATS,
    "mapLayerQuery": LAYER_FORMATS,
    "layerFile": (*FEATURE_FORMATS, *FILE_FORMATS),
    "mapLayerFile": (*FEATURE_FORMATS, *FILE_FORMATS),
    "mapExport": (IMAGE,),
    "imageExport": (IMAGE,),
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Dispatcher:
    """Answers the events of a gateway.

    An error that is raised for the caller becomes an error envelope. Any other is logged, and becomes an
    envelope without details. Handlers answer f=html as f=json; the pages are drawn here, of their documents.

    Attributes:
        public_url: Configured public URL of the site, or "".
        find_route: Finds the route of a path.
        admit: Lets callers in, before any handler sees the request.
        log_ids: Adds the ids of the route to the log.
        sign_in_page: Path of the page where people sign in, below the site; "" for none.
        jsonp: Whether an answer may be a script for a page elsewhere.
        home: Path to which "/" leads, below the site; "" for nowhere.
        pages: Draws the answers to f=html; None to answer them in JSON.
    """

    public_url: str
    find_route: FindRoute
    admit: Admit
    log_ids: LogIds
    sign_in_page: str = ""
    jsonp: bool = True
    home: str = ""
    pages: Pages | None = None

    def answer(self, event: Mapping[str, Any], handlers: Handlers) -> dict[str, Any]:
        """Return the gateway's payload for an event.

        Args:
            event: A Lambda event of an HTTP request.
            handlers: Handlers of the routes of this function.
        """
        with ExitStack() as context:
            response = self._respond(event, handlers, lambda ids: context.enter_context(self.log_ids(**ids)))
            return name_origin(response, event, self.public_url).to_payload()

    def _respond(self, event: Mapping[str, Any], handlers: Handlers, add_log_ids: AddLogIds) -> Response:
        asked = _Asked()
        try:
            return self._handle(event, asked, handlers, add_log_ids)
        except AccessError as error:
            logger.info("access refused", extra={"problem": type(error).__name__})
            return self._write_error(error, asked)
        except (RequestError, RunError) as error:
            return self._write_error(error, asked)
        except Exception as error:
            logger.exception("request failed")
            return self._write_error(error, asked)

    def _handle(
        self, event: Mapping[str, Any], asked: _Asked, handlers: Handlers, add_log_ids: AddLogIds
    ) -> Response:
        if method_of(event) == "OPTIONS":
            return preflight(header_of(event, "access-control-request-headers"))
        request = read_request(event, self.public_url)
        if request.method not in ("GET", "POST", "HEAD"):
            raise MethodNotAllowed("Use GET or POST.")
        if request.is_for_root and self.home:
            return redirect_request(_add_query(f"{request.root}{self.home}", request))
        request, route = self._find(request, asked)
        add_log_ids(_ids(route))
        try:
            asked.request = request = replace(request, caller=self.admit(request, route))
            response = self._call(handlers, route, request)
        except TokenRequired:
            if not self.sign_in_page or not is_page_request(request):
                raise
            return redirect_to_sign_in(request, self.sign_in_page)
        return fit_response(response, request.accepts_gzip, _refuse)

    def _find(self, request: Request, asked: _Asked) -> tuple[Request, Route]:
        """Return a request with the format of its answer, and its route, which has answers in that format."""
        asked.answer_format = read_format(request, self.jsonp)
        asked.request = request = replace(request, answer_format=asked.answer_format)
        asked.route = route = self.find_route(request.segments)
        if route.is_for_programs and not request.get("f"):
            asked.answer_format = Format()
            asked.request = request = replace(request, answer_format=asked.answer_format)
        check_format(request.answer_format, _FORMATS.get(route.resource, ()))
        if request.method == "HEAD" and route.resource in _OPERATIONS:
            raise MethodNotAllowed("Use GET or POST.")
        return request, route

    def _call(self, handlers: Handlers, route: Route, request: Request) -> Response:
        if self.pages is None or request.answer_format.name != "html":
            return _call(handlers, route, request)
        prepared = self.pages.prepare(request, route)
        if isinstance(prepared, Response):
            return prepared
        response = _call(handlers, route, replace(prepared, answer_format=Format(), is_page=True))
        if response.is_document:
            return self.pages.draw(request, route, orjson.loads(response.body))
        if response.status == HTTPStatus.SEE_OTHER and route.resource in _FORMATS:
            return self.pages.draw_link(request, route, response.headers["location"])
        return response

    def _write_error(self, error: Exception, asked: _Asked) -> Response:
        written = write_error(error, asked.answer_format)
        if self.pages is None or asked.answer_format.name != "html":
            return written
        page = self.pages.draw_error(asked.request, asked.route, error, envelope(error))
        return replace(page, status=written.status, headers={**page.headers, **written.headers})


@dataclass
class _Asked:
    """A request as far as it has been understood, which is as far as an error can tell of it."""

    answer_format: Format = field(default_factory=Format)
    request: Request | None = None
    route: Route | None = None


def _add_query(url: str, request: Request) -> str:
    return f"{url}?{request.query.text}" if request.query.text else url


def _ids(route: Route) -> Mapping[str, str]:
    known = {"job": "job", "toolbox": "service", "task": "task"}
    return {log_id: route.names[name] for log_id, name in known.items() if name in route.names}


def _call(handlers: Handlers, route: Route, request: Request) -> Response:
    handler = handlers.get(route.key)
    if handler is None:
        raise NotFound("There is no such resource.")
    return handler(request, **route.names)


def _refuse(response: Response) -> Response:
    size = f"{len(response.body):,} bytes; at most {MAX_HANDED_OVER:,} are sent"
    raise TooLarge(f"The answer has {size}. Ask with f=json, or for a part of it.")
