"""Reading one response of another server: its status, its body and its file name."""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Iterator
from email.message import Message
from urllib.parse import urlsplit

from gpserverless.errors import InvalidValue
from gpserverless.fetch.policy import UrlParts
from gpserverless.values.quotation import quoted

_BLOCK = 65_536
_THROTTLED = (429, 502, 503, 504)
_FORBIDDEN = (401, 403)
_DEFAULT_PAUSE = 1.0


class ServerBusy(Exception):
    """A server is to be asked again.

    Args:
        seconds: Pause before the next request.
        problem: Text of the error if it is not asked again.
    """

    def __init__(self, seconds: float, problem: str) -> None:
        super().__init__(problem)
        self.seconds = seconds


class ServerForbids(InvalidValue):
    """A server does not let the client in."""


def check_status(response: http.client.HTTPResponse, target: UrlParts) -> None:
    """Raise unless a response has status 200.

    Args:
        response: The response.
        target: Its URL.

    Raises:
        ServerBusy: The server may answer later.
        ServerForbids: It does not let the client in.
        InvalidValue: It will not.
    """
    problem = f"the server at {quoted(target.host)} answered with HTTP {response.status}"
    if response.status in _THROTTLED:
        raise ServerBusy(_read_pause(response.headers), problem)
    if response.status in _FORBIDDEN:
        raise ServerForbids(problem)
    if response.status != 200:
        raise InvalidValue(problem)


def read_body(response: http.client.HTTPResponse, target: UrlParts) -> Iterator[bytes]:
    """Yield the decoded body of a response, block by block.

    Args:
        response: The response.
        target: Its URL.

    Raises:
        InvalidValue: The body has an encoding that was not asked for.
        http.client.IncompleteRead: The body ends too early.
        zlib.error: It cannot be decoded.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return _read_blocks(response)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise InvalidValue(f"the server at {quoted(target.host)} sends an encoding that was not asked for")
    return _inflate(_read_blocks(response))


def read_media_type(headers: Message) -> str:
    """Return the media type without parameters, or "".

    Args:
        headers: The headers of the response, names in any letter case.
    """
    return headers.get_content_type() if "content-type" in headers else ""


def read_file_name(headers: Message, target: UrlParts) -> str:
    """Return the file name that a server gives to a body, or else the last segment of the path.

    Args:
        headers: The headers of the response, names in any letter case.
        target: Parts of the URL.
    """
    try:
        given = headers.get_filename()
    except (TypeError, ValueError):  # parts of parameters, some with a number and some without
        given = None
    return given or urlsplit(target.url).path.rpartition("/")[2]


def _read_blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    left = response.length
    while left is None or left > 0:
        block = response.read1(_BLOCK if left is None else min(_BLOCK, left))
        if not block:
            if left:
                raise http.client.IncompleteRead(b"", left)
            return
        left = None if left is None else left - len(block)
        yield block


def _inflate(blocks: Iterator[bytes]) -> Iterator[bytes]:
    decompressor = zlib.decompressobj(wbits=47)  # gzip or zlib, by the header of the body
    for block in blocks:
        rest = block
        while rest:
            yield decompressor.decompress(rest, 16 * _BLOCK)
            rest = decompressor.unconsumed_tail
    yield decompressor.flush()
    if not decompressor.eof:
        raise http.client.IncompleteRead(b"")


def _read_pause(headers: Message) -> float:
    value = headers.get("retry-after", "").strip()
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else _DEFAULT_PAUSE
