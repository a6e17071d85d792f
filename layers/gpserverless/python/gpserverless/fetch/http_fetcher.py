"""The one door to other servers: every request that a caller's value causes goes through it.

Bounded in everything: names and addresses by the policy, redirects, seconds, and bytes after inflation, since
a few kilobytes of gzip can hold gigabytes.
"""

from __future__ import annotations

import http.client
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import Message
from typing import BinaryIO, Protocol, Self
from urllib.parse import urlencode, urljoin, urlsplit

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue
from gpserverless.fetch.connection import Connection, call
from gpserverless.fetch.policy import Policy, Target, take_apart

MAX_REDIRECTS = 3
MAX_TRIES = 4
MAX_PAUSE_SECONDS = 10.0
"""Longest pause that is granted to a server that asks for one; a longer one counts as a refusal."""

_BLOCK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
_THROTTLED = (429, 502, 503, 504)
_USER_AGENT = "GPServerless"


@dataclass(frozen=True)
class FetchRequest:
    """One thing to ask a server for.

    Attributes:
        url: Where.
        token: Token for the server at `url`; it never goes to another one, and never into a URL.
        form: Fields of a form to be posted; None to get.
        most_bytes: Most bytes of the answer, inflated.
        seconds: Longest time for the answer, from the look for the server's address to the last byte.
    """

    url: str
    token: str = field(default="", repr=False)
    form: Mapping[str, str] | None = None
    most_bytes: int = 50_000_000
    seconds: float = 20.0


@dataclass(frozen=True)
class FetchedResponse:
    """What a server answered; the body went into the sink.

    Attributes:
        url: Where it came from in the end.
        media_type: Its media type without parameters, or "".
        name: File name that the server gave it, or the last segment of the path; may be "".
        size: Bytes of the body, inflated.
    """

    url: str
    media_type: str
    name: str
    size: int


class _Busy(Exception):
    """A server wants to be asked later.

    Args:
        seconds: How much later.
    """

    def __init__(self, seconds: float, problem: str) -> None:
        super().__init__(problem)
        self.seconds = seconds


class Sink(Protocol):
    """Takes a body block by block."""

    def write(self, data: bytes, /) -> int:
        """Take one block."""


class HttpFetcher:
    """Asks servers, one request after the other; lines are kept while it is open.

    Args:
        policy: What may be asked.
        check_cancelled: Called several times a second while waiting; what it raises ends everything.
    """

    def __init__(self, policy: Policy, check_cancelled: CheckCancelled = lambda: None) -> None:
        self._policy = policy
        self._patience = Deadline(check_cancelled)
        self._open: dict[tuple[str, str, int], Connection] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._open.values():
            line.hang_up()

    def fetch(self, ask: FetchRequest, sink: BinaryIO) -> FetchedResponse:
        """Write what a server answers into a sink, asking again for a while if it is busy.

        Args:
            ask: What to ask for.
            sink: Takes the body; emptied when the server is asked again.

        Raises:
            InvalidValue: It may not be asked, or did not answer as it should.
        """
        for tries_left in range(MAX_TRIES - 1, -1, -1):
            start = sink.tell()
            try:
                return self._follow(ask, sink)
            except _Busy as busy:
                if not tries_left or busy.seconds > MAX_PAUSE_SECONDS:
                    raise InvalidValue(str(busy)) from None
                self.pause(busy.seconds)
            sink.seek(start)
            sink.truncate()
        raise AssertionError("the last try returns or raises")

    def pause(self, seconds: float) -> None:
        """Wait, asking now and then whether to go on."""
        self._patience.pause(seconds)

    def _follow(self, ask: FetchRequest, sink: Sink) -> FetchedResponse:
        patience = self._patience.at_most(ask.seconds)
        for _ in range(MAX_REDIRECTS + 1):
            target = self._policy.check(ask.url)
            with self._answered(ask, target, patience) as (response, done):
                if response.status not in _REDIRECTS:
                    answer = self._taken(ask, target, response, sink)
                    done()
                    return answer
                ask = _redirected(ask, target, response)
        raise InvalidValue(f"the server at {quoted(target.host)} redirects again and again")

    @contextmanager
    def _answered(
        self, ask: FetchRequest, target: Target, patience: Deadline
    ) -> Iterator[tuple[http.client.HTTPResponse, Callable[[], None]]]:
        """Send the request, and keep the line if the body was read to its end."""
        line: Connection | None = None
        complete = []
        try:
            line = self._open.pop(target.origin, None) or call(self._policy, target, patience)
            line.patience = patience
            connection = line.http(target)
            connection.request(
                "GET" if ask.form is None else "POST",
                target.resource,
                body=None if ask.form is None else urlencode(ask.form),
                headers=_headers(ask, target),
            )
            response = connection.getresponse()
            yield response, lambda: complete.append(True)
        except (OSError, http.client.HTTPException, zlib.error) as problem:
            raise _failed(target, problem, patience) from None
        finally:
            if line is not None and complete and not response.will_close:
                self._open[target.origin] = line
            elif line is not None:
                line.hang_up()

    def _taken(
        self,
        ask: FetchRequest,
        target: Target,
        response: http.client.HTTPResponse,
        sink: Sink,
    ) -> FetchedResponse:
        if response.status in _THROTTLED:
            raise _Busy(_retry_after(response.headers), _refusal(target, response))
        if response.status != 200:
            raise InvalidValue(_refusal(target, response))
        size = 0
        for block in _inflated(_blocks(response), response.headers, target):
            self._patience.check()
            size += len(block)
            if size > ask.most_bytes:
                raise InvalidValue(
                    f"the answer of {quoted(target.host)} is larger than {ask.most_bytes:,} bytes"
                )
            sink.write(block)
        media_type = response.headers.get_content_type() if "content-type" in response.headers else ""
        return FetchedResponse(target.url, media_type, _name(response.headers, target), size)


def _headers(ask: FetchRequest, target: Target) -> dict[str, str]:
    host = urlsplit(target.url).netloc
    headers = {"Host": host, "User-Agent": _USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
    if ask.token:
        headers["X-Esri-Authorization"] = f"Bearer {ask.token}"
    if ask.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return headers


def _redirected(ask: FetchRequest, target: Target, response: http.client.HTTPResponse) -> FetchRequest:
    location = response.headers.get("location", "")
    if not location:
        raise InvalidValue(f"the server at {quoted(target.host)} redirects to nowhere")
    url = urljoin(target.url, location)
    there = take_apart(url)
    if (target.scheme, there.scheme) == ("https", "http"):
        raise InvalidValue(f"the server at {quoted(target.host)} redirects away from https")
    token = ask.token if there.origin == target.origin else ""
    return replace(ask, url=url, token=token, form=ask.form if response.status in (307, 308) else None)


def _blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield the body as it arrives; one that ends too early is an error."""
    left = response.length
    while left is None or left > 0:
        block = response.read1(_BLOCK if left is None else min(_BLOCK, left))
        if not block:
            if left:
                raise http.client.IncompleteRead(b"", left)
            return
        left = None if left is None else left - len(block)
        yield block


def _inflated(blocks: Iterator[bytes], headers: Message, target: Target) -> Iterator[bytes]:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        yield from blocks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise InvalidValue(f"the server at {quoted(target.host)} sends an encoding that was not asked for")
    inflate = zlib.decompressobj(wbits=47)  # gzip or zlib, whichever it says it is
    for block in blocks:
        rest = block
        while rest:
            yield inflate.decompress(rest, 16 * _BLOCK)
            rest = inflate.unconsumed_tail
    yield inflate.flush()
    if not inflate.eof:
        raise http.client.IncompleteRead(b"")


def _failed(target: Target, problem: Exception, patience: Deadline) -> Exception:
    host = quoted(target.host)
    if patience.is_over:
        return InvalidValue(f"the server at {host} did not answer in time")
    if isinstance(problem, ssl.SSLError):
        return InvalidValue(f"the server at {host} could not prove who it is")
    if isinstance(problem, TimeoutError):
        return _Busy(0.5, f"the server at {host} did not answer in time")
    if isinstance(problem, zlib.error | http.client.IncompleteRead):
        return _Busy(0.5, f"the answer of {host} is incomplete")
    return _Busy(0.5, f"the server at {host} could not be reached")


def _refusal(target: Target, response: http.client.HTTPResponse) -> str:
    return f"the server at {quoted(target.host)} answered with HTTP {response.status}"


def _retry_after(headers: Message) -> float:
    value = headers.get("retry-after", "").strip()
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1.0


def _name(headers: Message, target: Target) -> str:
    return headers.get_filename() or urlsplit(target.url).path.rpartition("/")[2]
