"""The pages of a made-up site, drawn of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from gpserverless.caller import Caller
from gpserverless.http.request import Request, read_request
from gpserverless.http.route import Route
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite
from tests.protocols.directory.documents import JOB, Described
from tests.protocols.directory.html_page import Element, read_page

NAMES = {"service": "Tests/Zones", "task": "Buffer", "job": JOB}
PAGES = DirectoryPages(DirectorySite(descriptions=Described()))


def request(
    path: str = "/rest/services", headers: Mapping[str, str] | None = None, user: str = "", **query: str
) -> Request:
    """Return a request for a page of the site."""
    event = {
        "rawPath": f"/arcgis{path}",
        "rawQueryString": urlencode(query),
        "headers": dict(headers or {}),
        "cookies": [pair for pair in (headers or {}).get("cookie", "").split("; ") if pair],
        "requestContext": {"http": {"method": "GET"}, "domainName": "gp.example.org", "stage": "$default"},
    }
    return replace(read_request(event), caller=Caller(name=user))


def route(key: str, **names: str) -> Route:
    """Return the route of a key, such as "uploads/info"."""
    resource, _, operation = key.partition("/")
    return Route(resource, names, operation)


def draw(key: str, document: Any, pages: DirectoryPages = PAGES, **names: str) -> Element:
    """Return the page of a document."""
    return read_page(pages.draw(request(), route(key, **names), document).body)
