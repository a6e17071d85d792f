"""Answers to f=html: pages, drawn of the documents that handlers write for programs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import orjson
import pytest

from gpserverless.caller import Caller
from gpserverless.errors import Forbidden, NotFound, TokenRequired
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.route import Route
from gpserverless.http.write import write

HTML = "text/html; charset=utf-8"
CALLER = Caller(name="ana")


class PlainPages:
    """Draws a page as the call that asks for it, and remembers the requests."""

    def __init__(self, prepared: Response | None = None) -> None:
        self._prepared = prepared

    def prepare(self, request: Request, route: Route) -> Request | Response:
        return self._prepared or replace(request, path="/prepared")

    def draw(self, request: Request, route: Route, document: Any) -> Response:
        return _page("draw", request.caller.name, document)

    def draw_link(self, request: Request, route: Route, url: str) -> Response:
        return _page("link", url)

    def draw_error(
        self, request: Request | None, route: Route | None, error: Exception, document: Any
    ) -> Response:
        known = [part for part, found in (("request", request), ("route", route)) if found]
        return _page("error", type(error).__name__, document["error"]["code"], *known)


def _page(*parts: Any) -> Response:
    return Response(orjson.dumps(parts), HTML)


def read_document(request: Request) -> Response:
    """Answer as handlers do: in the format of the request."""
    document = {"path": request.path, "page": request.is_page, "gzip": request.accepts_gzip}
    return write(document, request.answer_format)


def fail(request: Request) -> Response:
    raise NotFound("There is none.")


HANDLERS = {
    "result": read_document,
    "fails": fail,
    "execute": lambda request: see_other("https://store.example.org/answer.json"),
    "item": lambda request: see_other("https://store.example.org/file.zip"),
    "metadata": lambda request: Response(b"<metadata/>", "application/xml"),
    "catalogue": lambda request: Response(b"<p>ready</p>", HTML),
}


def find_route(segments: tuple[str, ...]) -> Route:
    if segments == ("none",):
        raise NotFound("There is no such resource.")
    return Route(segments[-1])


def admit(request: Request, route: Route) -> Caller:
    if route.resource == "secret":
        raise TokenRequired
    if route.resource == "hidden":
        raise Forbidden
    return CALLER


def ask(
    resource: str, query: str = "", pages: PlainPages | None = None, method: str = "GET"
) -> Mapping[str, Any]:
    event = {
        "rawPath": f"/arcgis/{resource}",
        "rawQueryString": query,
        "headers": {"accept-encoding": "gzip"},
        "requestContext": {"http": {"method": method}, "domainName": "gp.example.org", "stage": "$default"},
    }
    shown = pages or PlainPages()
    dispatcher = Dispatcher("", find_route, admit, lambda **ids: nullcontext(), "/rest/login", pages=shown)
    return dispatcher.answer(event, HANDLERS)


def drawn(answer: Mapping[str, Any]) -> list[Any]:
    assert answer["headers"]["content-type"] == HTML
    parts: list[Any] = orjson.loads(answer["body"])
    return parts


def test_handler_writes_a_document_without_compression_and_the_page_is_drawn_of_it() -> None:
    document = {"path": "/prepared", "page": True, "gzip": False}
    assert drawn(ask("result")) == ["draw", "ana", document]
    assert drawn(ask("result", "f=html")) == ["draw", "ana", document]


@pytest.mark.parametrize("name", ["json", "pjson"])
def test_programs_get_no_page(name: str) -> None:
    answer = ask("result", f"f={name}")
    assert orjson.loads(answer["body"]) == {"path": "/arcgis/result", "page": False, "gzip": True}


def test_form_is_answered_before_any_handler() -> None:
    assert drawn(ask("fails", pages=PlainPages(_page("form")))) == ["form"]


def test_large_answer_is_a_page_with_its_link_and_a_file_is_a_redirect() -> None:
    assert drawn(ask("execute")) == ["link", "https://store.example.org/answer.json"]
    answer = ask("item")
    assert (answer["statusCode"], answer["headers"]["location"]) == (
        303,
        "https://store.example.org/file.zip",
    )


@pytest.mark.parametrize("resource", ["metadata", "catalogue"])
def test_whatever_is_no_document_passes_as_it_is(resource: str) -> None:
    assert ask(resource)["body"] == HANDLERS[resource](None).body.decode()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("resource", "status", "parts"),
    [
        ("fails", 404, ["error", "NotFound", 404, "request", "route"]),
        ("none", 404, ["error", "NotFound", 404, "request"]),
        ("hidden", 403, ["error", "Forbidden", 403, "request", "route"]),
    ],
)
def test_error_is_a_page_with_its_status(resource: str, status: int, parts: list[Any]) -> None:
    answer = ask(resource)
    assert drawn(answer) == parts
    assert answer["statusCode"] == status


def test_person_without_a_sign_in_is_led_to_it_but_for_a_form() -> None:
    answer = ask("secret")
    assert answer["statusCode"] == 302
    assert answer["headers"]["location"].startswith("https://gp.example.org/arcgis/rest/login?next=")
    refused = ask("secret", method="POST")
    assert refused["statusCode"] == 401
    assert refused["headers"]["www-authenticate"] == "Bearer"
    assert drawn(refused) == ["error", "TokenRequired", 499, "request", "route"]
