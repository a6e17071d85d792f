"""Pages of other sites: any may read the services; the portal, asked with credentials, names them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from gpserverless.caller import ANYBODY
from gpserverless.errors import NotFound
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.response import Response
from gpserverless.http.route import Route

APP = "https://app.example.org"
NAMED = {"access-control-allow-origin": APP, "access-control-allow-credentials": "true"}


def find_route(segments: tuple[str, ...]) -> Route:
    if segments[-1] == "missing":
        raise NotFound("There is no such resource.")
    return Route("known")


def answer(
    path: str, origin: str = APP, method: str = "GET", public_url: str = "", **headers: str
) -> dict[str, Any]:
    context = {"http": {"method": method}, "domainName": "gp.example.org", "stage": "$default"}
    event = {"rawPath": path, "rawQueryString": "f=json", "requestContext": context}
    dispatcher = Dispatcher(public_url, find_route, lambda *_: ANYBODY, lambda **_: nullcontext())
    handlers = {"known": lambda request: Response(b"{}")}
    return dispatcher.answer({**event, "headers": {"Origin": origin, **headers}}, handlers)


def cors(payload: dict[str, Any]) -> dict[str, str]:
    return {n: v for n, v in payload["headers"].items() if n in NAMED}


@pytest.mark.parametrize(
    ("path", "public_url"),
    [
        ("/arcgis/sharing/rest/portals/self", ""),
        ("/arcgis/sharing", ""),
        ("/arcgis//Sharing/rest", ""),
        ("/arcgis/sharing/rest/missing", ""),
        ("/gis/sharing/rest/portals/self", "https://example.org/gis"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_portal_names_the_page_that_asks(path: str, public_url: str, method: str) -> None:
    found = answer(path, method=method, public_url=public_url)
    assert cors(found) == NAMED
    assert "Origin" in found["headers"]["vary"].split(", "), "a cache must not hand it to another page"


@pytest.mark.parametrize(
    "path",
    [
        "/arcgis/rest/services",
        "/arcgis/tokens/generateToken",
        "/arcgis/rest/sharing",
        "/sharing/rest/portals/self",
        "/arcgis/%2e%2e/sharing",
        "/arcgis/sharing/%00",
    ],
)
def test_everything_else_is_for_any_page_without_credentials(path: str) -> None:
    assert cors(answer(path)) == {"access-control-allow-origin": "*"}


@pytest.mark.parametrize(
    "origin", ["", "null", "file://x", "https://a b", "https://a.example\r\nx: y", "https://ä.example", "*"]
)
def test_page_without_a_name_gets_no_credentials(origin: str) -> None:
    assert cors(answer("/arcgis/sharing/rest", origin)) == {"access-control-allow-origin": "*"}


def test_preflight_of_the_portal_names_the_headers_too() -> None:
    asked = {"Access-Control-Request-Headers": "x-esri-authorization"}
    headers = answer("/arcgis/sharing/rest", method="OPTIONS", **asked)["headers"]
    assert headers["vary"] == "Access-Control-Request-Headers, Origin"
    assert "x-esri-authorization" in headers["access-control-allow-headers"].lower()
    assert "*" not in headers["access-control-allow-methods"]
