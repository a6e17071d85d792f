"""Formats of answers: json, pjson, html, geojson, kmz, JSONP, and the error envelope in each of them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import orjson
import pybase64

from gpserverless.errors import (
    InvalidParameter,
    RequestError,
    RunError,
    UnsupportedFormat,
)
from gpserverless.protocols.gpserver.request import Request

MAX_HANDED_OVER = 5_870_000
"""Bytes of a body as a function hands it over: 6 MiB in all, headers among them."""

MAX_BODY = 4_400_000
"""Bytes of a body that fits in any case: base64 makes it longer by a third."""

LONG_BODY = 50_000
"""Bytes of a body from which on it matters whether it is handed over as text or in base64."""

QUOTED_SHARE = 0.1
"""Share of characters to be quoted from which on a long body is in base64, which is longer by a third."""

FORMATS = ("html", "json", "pjson")
"""Formats of every resource."""

KMZ = "kmz"
FEATURE_FORMATS = {"geojson": "application/geo+json", KMZ: "application/vnd.google-earth.kmz"}
"""Formats of features alone, and their media types."""

_WITH_FEATURES = frozenset({"execute", "result"})

HEADERS = {
    "access-control-allow-origin": "*",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every answer. Job status must never be cached: clients poll one URL again and again."""

PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, HEAD, OPTIONS",
    "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, X-Esri-Authorization",
    "access-control-max-age": "86400",
}

_BINARY = ("image/", FEATURE_FORMATS[KMZ])
_JSON = ("application/json", FEATURE_FORMATS["geojson"])  # neither has control characters but ends of lines

_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,99}", re.ASCII)

_TYPES = {"json": "application/json; charset=utf-8", **FEATURE_FORMATS}

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1>{title}</h1>
<pre>{body}</pre>
</body>
</html>
"""


@dataclass(frozen=True)
class Format:
    """How the caller wants the answer.

    Attributes:
        name: "html", "json", "pjson", "geojson" or "kmz".
        callback: Name of the JSONP function, "" for none.
    """

    name: str = "json"
    callback: str = ""


@dataclass(frozen=True)
class Response:
    """One HTTP answer.

    Attributes:
        body: Its bytes; UTF-8 unless it is a picture.
        content_type: Their type.
        status: HTTP status.
        headers: Headers beside those of every answer.
    """

    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_binary(self) -> bool:
        """Whether the body is no text: a picture or an archive."""
        return self.content_type.startswith(_BINARY)

    @property
    def fits(self) -> bool:
        """Whether a function can hand it over."""
        length = len(self.body) * 4 / 3 if self._is_encoded else len(self.body) + self._quoted
        return len(self.body) <= MAX_BODY or length <= MAX_HANDED_OVER

    @cached_property
    def _is_encoded(self) -> bool:
        if self.is_binary or "content-encoding" in self.headers:
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

        Bytes that are no text travel in base64, and so does what is long and would be longer still as a
        string of JSON, where quotes count twice and other alphabets six times. Features are mostly digits.
        """
        encoded = self._is_encoded
        return {
            "statusCode": self.status,
            "headers": {**HEADERS, "content-type": self.content_type, **self.headers},
            "body": (pybase64.b64encode(self.body) if encoded else self.body).decode("utf-8"),
            "isBase64Encoded": encoded,
        }


def read_format(request: Request) -> Format:
    """Return the format that a request asks for; html is the protocol's default.

    Raises:
        UnsupportedFormat: It is not one of those that are written.
        InvalidParameter: The callback is not the name of a function.
    """
    name = (request.get("f") or "html").strip().lower()
    if name not in (*FORMATS, *FEATURE_FORMATS):
        raise unsupported_format("The format is not supported")
    callback = request.get("callback") if name not in ("html", KMZ) else ""
    if callback and not _CALLBACK.fullmatch(callback):
        raise InvalidParameter(
            "callback", "it is not the name of a function", "letters, digits, '_', '$' and '.'"
        )
    return Format(name, callback)


def unsupported_format(why: str, *more: str) -> UnsupportedFormat:
    """Return the error for a format, with those that are supported.

    Args:
        why: What the matter is, without a full stop.
        more: Formats supported beside those of every resource.
    """
    return UnsupportedFormat(f"{why}. Supported are {', '.join((*FORMATS, *more))}.")


def check_format(form: Format, resource: str) -> None:
    """Return if a resource can be written in a format.

    Raises:
        UnsupportedFormat: It holds no features, and they are asked for.
    """
    if form.name in FEATURE_FORMATS and resource not in _WITH_FEATURES:
        raise unsupported_format(f"{form.name} is for features alone")


def write(document: Any, form: Format, title: str = "GPServerless") -> Response:
    """Return an answer in a format.

    Args:
        document: JSON values, or the bytes of a JSON text or of a KMZ.
        form: The format.
        title: Title of the HTML page.
    """
    compact = document if isinstance(document, bytes) else orjson.dumps(document)
    is_compact = form.name in _TYPES
    if is_compact and not form.callback:
        return Response(compact, _TYPES[form.name])
    text = compact if is_compact else orjson.dumps(orjson.loads(compact), option=orjson.OPT_INDENT_2)
    if form.name == "html":
        page = _PAGE.format(title=html.escape(title), body=html.escape(text.decode()))
        return Response(page.encode(), "text/html; charset=utf-8")
    if form.callback:
        return Response(
            b"/**/%s(%s);" % (form.callback.encode(), text), "application/javascript; charset=utf-8"
        )
    return Response(text)


def see_other(url: str) -> Response:
    """Return a redirect to the place of a large answer: 303, so that a POST's body is not sent on."""
    return Response(status=303, headers={"location": url})


def same_again_at(url: str) -> Response:
    """Return a redirect that keeps method and body: for a path that only the gateway could not match."""
    return Response(status=307, headers={"location": url})


def preflight() -> Response:
    """Return the answer to OPTIONS."""
    return Response(status=204, headers=PREFLIGHT)


def envelope(error: Exception) -> dict[str, Any]:
    """Return the error object of an error; only those raised for the caller show their text."""
    if isinstance(error, RequestError):
        code, message, details = error.code, error.message, list(error.details)
    elif isinstance(error, RunError):
        code, message, details = 400, "Unable to complete operation.", [str(error)]
    else:  # what failed inside is for the log, not for the caller
        code, message, details = 500, "Unable to complete operation.", ["The service failed; try again."]
    return {"error": {"code": code, "message": message, "details": details}}


def write_error(error: Exception, form: Format) -> Response:
    """Return an error: HTTP 200 with the envelope, as clients expect it; a browser gets the real code."""
    document = envelope(error)
    answer = write(document, replace(form, name="json") if form.name in FEATURE_FORMATS else form, "Error")
    return Response(
        answer.body, answer.content_type, document["error"]["code"] if form.name == "html" else 200
    )
