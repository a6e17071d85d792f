"""Answers are compressed for those who ask for it, and only when it is worth it."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from gpserverless.app.http import serve
from gpserverless.outputs.compression import gzipped_file
from gpserverless.protocols.gpserver.compression import LEAST_BYTES, accepts_gzip, gzip_response
from gpserverless.protocols.gpserver.formats import MAX_HANDED_OVER, Response

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


def test_a_large_answer_is_compressed_once() -> None:
    answer = gzip_response(Response(LARGE))
    assert gzip.decompress(answer.body) == LARGE
    assert answer.headers == {"content-encoding": "gzip", "vary": "accept-encoding"}
    assert gzip_response(answer) is answer


@pytest.mark.parametrize(
    "response",
    [
        Response(b"x" * (LEAST_BYTES - 1)),
        Response(LARGE, "image/png"),
        Response(LARGE, "application/vnd.google-earth.kmz"),
        Response(status=303, headers={"location": "https://example.org"}),
    ],
)
def test_what_gains_nothing_stays_as_it_is(response: Response) -> None:
    assert gzip_response(response) is response


def test_a_file_is_packed_beside_itself(tmp_path: Path) -> None:
    plain, looks = tmp_path / "output.json", []
    plain.write_bytes(LARGE * 1_000)
    target = gzipped_file(plain, lambda: looks.append(1))
    assert (target.name, gzip.decompress(target.read_bytes())) == ("output.json.gz", LARGE * 1_000)
    assert len(looks) == 5
    first = target.read_bytes()
    assert gzipped_file(plain, lambda: None).read_bytes() == first


def asked(body: bytes, **headers: str) -> dict[str, Any]:
    event = {
        "rawPath": "/arcgis/rest/info",
        "rawQueryString": "f=json",
        "headers": headers,
        "requestContext": {"http": {"method": "GET"}},
    }
    return serve(event, "", lambda request, route, form: Response(body))


def test_the_gateway_gets_compressed_bytes_in_base64() -> None:
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
