"""HTTP responses, and their way through Lambda to the gateway."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from typing import Any, Self

import pybase64

from gpserverless.http.answer_format import FEATURE_FORMATS, KMZ, LAYER_FORMATS, PBF
from gpserverless.outputs.compression import GZIP, gzip_bytes

MAX_HANDED_OVER = 5_870_000
"""Bytes of a body as a function hands it over: 6 MiB in all, headers among them."""

MAX_BODY = 4_400_000
"""Bytes of a body that fits in any case: base64 makes it longer by a third."""

LONG_BODY = 50_000
"""Bytes of a body from which on it matters whether it is handed over as text or in base64."""

QUOTED_SHARE = 0.1
"""Share of characters to be quoted from which on a long body is in base64, which is longer by a third."""

LEAST_GZIP_BYTES = 1_400
"""Bytes from which on compression pays: a smaller body fits into one packet anyway."""

HEADERS = {
    "access-control-allow-origin": "*",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every answer. Job status must never be cached: clients poll one URL again and again."""

_ALLOWED_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "X-Esri-Authorization")
_MOST_ASKED_HEADERS = 50
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")

_COMPRESSED = ("image/", "application/pdf", FEATURE_FORMATS[KMZ])
_BINARY = (*_COMPRESSED, LAYER_FORMATS[PBF])
_JSON = ("application/json", FEATURE_FORMATS["geojson"])  # neither has control characters but ends of lines


@dataclass(frozen=True)
class Response:
    """One HTTP answer.

    Attributes:
        body: Its bytes; UTF-8 unless it is a picture or an archive.
        content_type: Their media type.
        status: HTTP status.
        headers: Headers beside those of every answer.
    """

    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        """Return the answer that another function of the site handed over, without what every answer has.

        Args:
            payload: As `to_payload` returns it.
        """
        text: str = payload["body"]
        body = pybase64.b64decode(text) if payload["isBase64Encoded"] else text.encode()
        own = {name: value for name, value in payload["headers"].items() if HEADERS.get(name) != value}
        return cls(body, own.pop("content-type"), payload["statusCode"], own)

    @property
    def is_binary(self) -> bool:
        """Whether the body is no text: a picture, an archive or pbf."""
        return self.content_type.startswith(_BINARY)

    @property
    def is_document(self) -> bool:
        """Whether it is JSON, as the answer to a request for a resource."""
        return self.status == HTTPStatus.OK and self.content_type.startswith(_JSON[0])

    @property
    def encoding(self) -> str:
        """Content coding of the body, "" for none."""
        return self.headers.get("content-encoding", "")

    @property
    def fits(self) -> bool:
        """Whether a function can hand it over."""
        length = len(self.body) * 4 / 3 if self._is_base64 else len(self.body) + self._quoted
        return len(self.body) <= MAX_BODY or length <= MAX_HANDED_OVER

    @cached_property
    def _is_base64(self) -> bool:
        if self.is_binary or self.encoding:
            return True
        if len(self.body) <= LONG_BODY:
            return False
        is_plain = self.body.isascii() and self.content_type.startswith(_JSON)
        return not is_plain or self._quoted > QUOTED_SHARE * len(self.body)

    @cached_property
    def _quoted(self) -> int:
        """Characters that JSON writes as two; whether there are any is found a hundred times faster."""
        return sum(self.body.count(each) for each in (b'"', b"\\", b"\n") if each in self.body)

    def to_payload(self) -> dict[str, Any]:
        """Return the answer as Lambda hands it to the gateway.

        Bytes that are no text are sent in base64. So is a long body that would be longer as a string of JSON,
        in which quotes count twice and other alphabets six times. Features are mostly digits.
        """
        return {
            "statusCode": self.status,
            "headers": {**HEADERS, "content-type": self.content_type, **self.headers},
            "body": (pybase64.b64encode(self.body) if self._is_base64 else self.body).decode("utf-8"),
            "isBase64Encoded": self._is_base64,
        }


def gzip_response(response: Response) -> Response:
    """Compress a response, unless it is small or compressed already, as pictures and archives are.

    Args:
        response: The response.
    """
    is_compressed = response.encoding or response.content_type.startswith(_COMPRESSED)
    if is_compressed or len(response.body) < LEAST_GZIP_BYTES:
        return response
    headers = {**response.headers, "content-encoding": GZIP, "vary": "accept-encoding"}
    return replace(response, body=gzip_bytes(response.body), headers=headers)


def fit_response(
    response: Response, accepts_gzip: bool, replace_large: Callable[[Response], Response]
) -> Response:
    """Return a response that a function can hand over, compressed if the client accepts that.

    Args:
        response: The response.
        accepts_gzip: Whether the client accepts gzip.
        replace_large: Replaces a response that is too large, compressed or not, or raises.
    """
    if accepts_gzip:
        response = gzip_response(response)
    return response if response.fits else replace_large(response)


def see_other(url: str) -> Response:
    """Return a redirect to the place of a large answer: 303, so that a POST's body is not sent on.

    Args:
        url: URL of the answer.
    """
    return Response(status=303, headers={"location": url})


def redirect_request(url: str) -> Response:
    """Return a redirect that keeps method and body (307).

    Args:
        url: URL to which the request goes again.
    """
    return Response(status=307, headers={"location": url})


def preflight(asked_headers: str = "") -> Response:
    """Return the answer to OPTIONS: every header may come along, since those that nobody reads do no harm.

    Args:
        asked_headers: The names in `Access-Control-Request-Headers`.
    """
    asked = [name.strip() for name in asked_headers.split(",")][:_MOST_ASKED_HEADERS]
    names = {name.lower(): name for name in (*_ALLOWED_HEADERS, *filter(_HEADER_NAME.fullmatch, asked))}
    headers = {
        "access-control-allow-methods": "GET, POST, HEAD, OPTIONS",
        "access-control-allow-headers": ", ".join(names.values()),
        "access-control-max-age": "86400",
        "vary": "Access-Control-Request-Headers",
    }
    return Response(status=204, headers=headers)
