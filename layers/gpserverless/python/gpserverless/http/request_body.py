"""Bodies of requests: decoded, decompressed, and read as forms."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pybase64

from gpserverless.errors import RequestError, TooLarge
from gpserverless.http.event import read_headers
from gpserverless.http.form import Fields

if TYPE_CHECKING:
    from gpserverless.http.multipart import UploadedFile

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MAX_INFLATED = 20_000_000
"""Bytes that a compressed body may become: a few kilobytes can become gigabytes."""

_MARK = "\ufeff"


def read_body(event: Mapping[str, Any]) -> bytes:
    """Return the body of a Lambda event, decompressed.

    A body that the gateway has decoded is UTF-8 now, in spite of its own charset: it begins with the mark of
    that, unless it is ASCII.

    Args:
        event: Payload 2.0 or 1.0.

    Raises:
        RequestError: It cannot be read.
        TooLarge: It becomes too large.
    """
    body = _read_body(event, read_headers(event))
    if isinstance(body, bytes):
        return body
    return body.encode() if body.isascii() else codecs.BOM_UTF8 + body.removeprefix(_MARK).encode()


def read_form(
    event: Mapping[str, Any], headers: Mapping[str, str]
) -> tuple[Fields, tuple[UploadedFile, ...]]:
    """Return the fields and the files of a form in the body of a Lambda event.

    Args:
        event: Payload 2.0 or 1.0.
        headers: Its headers.

    Raises:
        RequestError: The body cannot be read, or is no form.
        TooLarge: It becomes too large.
    """
    content_type = headers.get("content-type", FORM)
    body = _read_body(event, headers)
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return Fields(""), ()
    if kind == MULTIPART:
        from gpserverless.http.multipart import read_multipart

        parts = read_multipart(body.encode() if isinstance(body, str) else body, content_type)
        return Fields("", parts.values), parts.files
    if kind != FORM:
        raise RequestError(f"Request bodies of type '{kind[:80]}' are not read; send {FORM} or {MULTIPART}.")
    try:
        return Fields(body if isinstance(body, str) else body.decode("utf-8")), ()
    except UnicodeDecodeError:
        raise RequestError("The request body is not encoded as UTF-8.") from None


def _read_body(event: Mapping[str, Any], headers: Mapping[str, str]) -> str | bytes:
    body = str(event.get("body") or "")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise RequestError(f"Request bodies encoded as '{encoding[:80]}' are not read; send gzip or none.")
    if not body or (encoding == "identity" and not event.get("isBase64Encoded")):
        return body
    try:
        sent = pybase64.b64decode(body, validate=True)
        return sent if encoding == "identity" else _inflate(sent)
    except (ValueError, zlib.error):  # binascii.Error is a ValueError
        raise RequestError("The request body cannot be read.") from None


def _inflate(sent: bytes) -> bytes:
    """Decompress a body; its size is bounded before it is made."""
    inflate = zlib.decompressobj(wbits=31)
    body = inflate.decompress(sent, MAX_INFLATED)
    if inflate.unconsumed_tail:
        raise TooLarge(f"The request body has more than {MAX_INFLATED:,} bytes.")
    if not inflate.eof:
        raise RequestError("The request body ends too early.")
    if inflate.unused_data:
        raise RequestError("The request body has more than one part of gzip.")
    return body
