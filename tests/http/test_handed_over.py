"""An answer that another function handed over is the same answer, whatever its body is."""

from __future__ import annotations

import pytest

from gpserverless.http.response import HEADERS, Response, gzip_response, see_other

ANSWERS = [
    Response(b'{"a": 1}'),
    Response(b"\x89PNG\x00", "image/png", headers={"cache-control": "private, max-age=60"}),
    Response("Maß".encode(), "text/plain; charset=utf-8", 400),
    Response(b"<svg/>", "image/svg+xml", headers={"content-security-policy": "default-src 'none'; sandbox"}),
    see_other("https://store.example.org/a"),
    gzip_response(Response(b'{"a": "%s"}' % (b"b" * 5000))),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.content_type)
def test_answer_is_the_same_behind_another_function(answer: Response) -> None:
    assert Response.from_payload(answer.to_payload()) == answer


def test_origin_that_the_other_function_named_stays() -> None:
    payload = Response(b"{}").to_payload()
    payload["headers"]["access-control-allow-origin"] = "https://app.example.org"
    read = Response.from_payload(payload)
    assert read.headers == {"access-control-allow-origin": "https://app.example.org"}
    assert read.to_payload()["headers"].keys() == HEADERS.keys() | {"content-type"}
