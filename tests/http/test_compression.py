"""Answers are compressed for those who ask for it, and only when it is worth it."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from gpserverless.app.logs import log_ids
from gpserverless.caller import ANYBODY
from gpserverless.http.accept_encoding import accepts_gzip
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.response import (
    LEAST_GZIP_BYTES,
    MAX_HANDED_OVER,
    Response,
    gzip_response,
)
from gpserverless.protocols.gpserver.routes import find_route_of_site

ACCEPTED = [
    ("", False),
    ("gzip", True),
    ("gzip, deflate, br", True),
    ("GZIP", True),
    ("x-gzip", True),
    ("*", True),
    ("identity", False),
    ("br;q=1.0, gzip;q=0.5", True),
    ("gzip;q=0", False),
    ("gzip;q=0.0, *", False),
    ("*;q=0", False),
    ("gzip; q=1", True),
    ("gzip;q=lots", False),
    (",,;", False),
]


@pytest.mark.parametrize(("asked", "accepted"), ACCEPTED)
def test_who_takes_gzip(asked: str, accepted: bool) -> None:
    assert accepts_gzip({"accept-encoding": asked}) is accepted
    assert not accepts_gzip({})


LARGE = b'{"value": "%s"}' % (b"abc " * 1000)


def test_large_answer_is_compressed_once() -> None:
    answer = gzip_response(Response(LARGE))
    assert gzip.decompress(answer.body) == LARGE
    assert answer.headers == {"content-encoding": "gzip", "vary": "accept-encoding"}
    assert gzip_response(answer) is answer


@pytest.mark.parametrize(
    "response",
    [
        Response(b"x" * (LEAST_GZIP_BYTES - 1)),
        Response(LARGE, "image/png"),
        Response(LARGE, "application/vnd.google-earth.kmz"),
        Response(status=303, headers={"location": "https://example.org"}),
    ],
)
def test_what_gains_nothing_stays_as_it_is(response: Response) -> None:
    assert gzip_response(response) is response


def asked(body: bytes, **headers: str) -> dict[str, Any]:
    event = {
        "rawPath": "/arcgis/rest/info",
        "rawQueryString": "f=json",
        "headers": headers,
        "requestContext": {"http": {"method": "GET"}},
    }
    dispatcher = Dispatcher("", find_route_of_site, lambda request, route: ANYBODY, log_ids)
    return dispatcher.answer(event, {"info": lambda request: Response(body)})


def test_gateway_gets_compressed_bytes_in_base64() -> None:
    payload = asked(LARGE, **{"accept-encoding": "gzip"})
    assert payload["headers"]["content-encoding"] == "gzip"
    assert payload["isBase64Encoded"] is True
    assert gzip.decompress(base64.b64decode(payload["body"])) == LARGE
    assert asked(LARGE)["body"] == LARGE.decode()


def test_what_is_too_large_may_fit_when_it_is_compressed() -> None:
    body = b'"%s"' % (b" " * MAX_HANDED_OVER)
    assert "at most 5,870,000 are sent" in json.loads(asked(body)["body"])["error"]["details"][0]
    payload = asked(body, **{"accept-encoding": "gzip"})
    assert gzip.decompress(base64.b64decode(payload["body"])) == body
