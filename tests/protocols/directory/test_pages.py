"""Pages of the directory: drawn of the documents of programs, with every value escaped."""

from __future__ import annotations

import pytest

from gpserverless.errors import NotFound
from gpserverless.http.request import Request, read_request
from gpserverless.http.route import Route
from gpserverless.protocols.directory.pages import DirectoryPages

SCRIPT = "<script>alert(1)</script>"


def request() -> Request:
    context = {"http": {"method": "GET"}, "domainName": "gp.example.org", "stage": "$default"}
    return read_request({"rawPath": "/arcgis/rest/services", "requestContext": context})


@pytest.mark.parametrize("resource", ["portal", "unknown"])
def test_every_value_is_escaped(resource: str) -> None:
    page = DirectoryPages().draw(request(), Route(resource), {SCRIPT: SCRIPT}).body.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert SCRIPT not in page


def test_error_before_anything_is_known_has_a_page() -> None:
    envelope = {"error": {"code": 404, "message": SCRIPT, "details": []}}
    page = DirectoryPages().draw_error(None, None, NotFound(""), envelope).body.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert SCRIPT not in page
