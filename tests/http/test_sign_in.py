"""People without a token are led to the page where they sign in, programs get an error."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import AccessError, Forbidden, InvalidToken, TokenRequired
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route

ROOT = "https://gis.example.org/tools/arcgis"
PAGE = "/rest/login"
JOB = "/arcgis/rest/services/Water/Flood/GPServer/Depth/jobs/j1"


def ask(
    refusal: AccessError | None, path: str = JOB, query: str = "", method: str = "GET", page: str = PAGE
) -> dict[str, Any]:
    """Return the payload of a dispatcher that refuses everybody, or nobody."""

    def admit(request: Request, route: Route) -> Caller:
        if refusal is not None:
            raise refusal
        return Caller("ann")

    def answer(request: Request) -> Response:
        return Response(request.caller.name.encode())

    event = {"rawPath": path, "rawQueryString": query, "requestContext": {"http": {"method": method}}}
    dispatcher = Dispatcher(ROOT, lambda segments: Route("job"), admit, lambda **ids: nullcontext(), page)
    return dispatcher.answer(event, {"job": answer})


def test_handler_knows_the_caller() -> None:
    assert ask(None)["body"] == "ann"
    assert ANYBODY.name == ""


WAYS_BACK = [
    (JOB, "", "/tools/arcgis/rest/services/Water/Flood/GPServer/Depth/jobs/j1"),
    (JOB, "a=1&token=secret&b=2", "/tools/arcgis/rest/services/Water/Flood/GPServer/Depth/jobs/j1?a=1&b=2"),
    (JOB, "TOKEN=secret", "/tools/arcgis/rest/services/Water/Flood/GPServer/Depth/jobs/j1"),
    (JOB, "%74oken=secret", "/tools/arcgis/rest/services/Water/Flood/GPServer/Depth/jobs/j1"),
    ("/arcgis//evil.example/x", "", "/tools/arcgis/evil.example/x"),
    ("/arcgis/a b&c", "", "/tools/arcgis/a%20b%26c"),
    (JOB, "a=" + "x" * 2_000, "/tools/arcgis/rest/services/Water/Flood/GPServer/Depth/jobs/j1"),
]


@pytest.mark.parametrize(("path", "query", "back"), WAYS_BACK)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_person_without_a_token_is_led_to_sign_in_and_back(
    path: str, query: str, back: str, method: str
) -> None:
    payload = ask(TokenRequired(), path, query, method)
    assert payload["statusCode"] == 302
    location = payload["headers"]["location"]
    assert location.startswith(f"{ROOT}{PAGE}?next=")
    assert parse_qs(urlsplit(location).query) == {"next": [back]}
    assert "secret" not in str(payload)


CODES = [(TokenRequired(), 499, 401), (InvalidToken(), 498, 401), (Forbidden(), 403, 403)]


@pytest.mark.parametrize(("refusal", "code", "status"), CODES)
def test_program_gets_the_code_in_the_envelope_and_a_browser_as_status(
    refusal: AccessError, code: int, status: int
) -> None:
    for_program = ask(refusal, query="f=json")
    assert for_program["statusCode"] == 200
    assert orjson.loads(for_program["body"])["error"]["code"] == code
    for_browser = ask(refusal, method="POST")
    assert for_browser["statusCode"] == status
    assert ("www-authenticate" in for_browser["headers"]) == (status == 401)


@pytest.mark.parametrize(
    ("refusal", "method", "query", "page"),
    [
        (TokenRequired(), "POST", "", PAGE),
        (TokenRequired(), "GET", "f=json", PAGE),
        (TokenRequired(), "GET", "f=json&callback=fn", PAGE),
        (TokenRequired(), "GET", "", ""),
        (InvalidToken(), "GET", "", PAGE),
        (Forbidden(), "GET", "", PAGE),
    ],
)
def test_nobody_else_is_led_there(refusal: AccessError, method: str, query: str, page: str) -> None:
    payload = ask(refusal, query=query, method=method, page=page)
    assert payload["statusCode"] in (200, 401, 403)
    assert "location" not in payload["headers"]
