"""Requests to other servers: every request that a caller's value causes is made here.

Everything is bounded: hosts and addresses by the policy, redirects, seconds, and the bytes of the decoded
body, since a few kilobytes of gzip can hold gigabytes.
"""

from __future__ import annotations

import http.client
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Self
from urllib.parse import urlencode, urljoin, urlsplit

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.errors import DISK_FULL, InvalidValue
from gpserverless.fetch.connection import Connection, connect
from gpserverless.fetch.http_response import (
    ServerBusy,
    check_status,
    read_body,
    read_file_name,
    read_media_type,
)
from gpserverless.fetch.policy import Policy, UrlParts, split_url
from gpserverless.values.quotation import quoted

MAX_REDIRECTS = 3
MAX_TRIES = 4
MAX_PAUSE_SECONDS = 10.0
"""Longest pause that is granted to a server that asks for one; a longer one counts as a refusal."""

_REDIRECTS = (301, 302, 303, 307, 308)
_RETRY_SECONDS = 0.5
_USER_AGENT = "GPServerless"


@dataclass(frozen=True)
class FetchRequest:
    """A request to another server.

    Attributes:
        url: The URL.
        token: Token for the server of `url`. It is sent to no other server, and never in a URL.
        form: Fields of a form to be posted, which may be secret; None to get.
        most_bytes: Most bytes of the decoded body.
        seconds: Longest time for the response, from resolving the host to the last byte.
        referer: The page that the request names as its origin, "" for none.
        is_repeatable: Whether it may be sent again if its answer was lost: it then does nothing twice.
    """

    url: str
    token: str = field(default="", repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    most_bytes: int = 50_000_000
    seconds: float = 20.0
    referer: str = ""
    is_repeatable: bool = True


@dataclass(frozen=True)
class FetchedResponse:
    """The response of a server, without its body.

    Attributes:
        url: URL after all redirects.
        media_type: Media type without parameters, or "".
        name: File name that the server gave it, or the last segment of the path; may be "".
        size: Bytes of the decoded body.
    """

    url: str
    media_type: str
    name: str
    size: int


class HttpFetcher:
    """Sends one request after the other, and keeps connections until it is closed.

    Args:
        policy: Hosts and addresses that may be asked.
        check_cancelled: Called several times a second; it raises to end the request.
    """

    def __init__(self, policy: Policy, check_cancelled: CheckCancelled = lambda: None) -> None:
        self._policy = policy
        self._deadline = Deadline(check_cancelled)
        self._connections: dict[tuple[str, str, int], Connection] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections.values():
            connection.disconnect()

    def fetch(self, request: FetchRequest, file: BinaryIO) -> FetchedResponse:
        """Write the body of a server's response into a file. A busy server is asked again for a while.

        Args:
            request: The request.
            file: Receives the body; truncated to its position before a second try.

        Raises:
            InvalidValue: The server may not be asked, or has not answered as it should.
        """
        start = file.tell()
        for tries_left in range(MAX_TRIES - 1, -1, -1):
            try:
                return self._follow_redirects(request, file)
            except ServerBusy as busy:
                if not (tries_left and request.is_repeatable) or busy.seconds > MAX_PAUSE_SECONDS:
                    raise InvalidValue(str(busy)) from None
                self.pause(busy.seconds)
            file.seek(start)
            file.truncate()
        raise AssertionError("the last try returns or raises")

    def pause(self, seconds: float) -> None:
        """Wait for some seconds, or until a cancel.

        Args:
            seconds: Seconds to wait.
        """
        self._deadline.pause(seconds)

    def _follow_redirects(self, request: FetchRequest, file: BinaryIO) -> FetchedResponse:
        deadline = self._deadline.at_most(request.seconds)
        for _ in range(MAX_REDIRECTS + 1):
            target = self._policy.check(request.url)
            with self._exchange(request, target, deadline) as (response, keep_connection):
                if response.status not in _REDIRECTS:
                    fetched = self._save(request, target, response, file)
                    keep_connection()
                    return fetched
                request = _redirect(request, target, response)
        raise InvalidValue(f"the server at {quoted(target.host)} redirects again and again")

    @contextmanager
    def _exchange(
        self, request: FetchRequest, target: UrlParts, deadline: Deadline
    ) -> Iterator[tuple[http.client.HTTPResponse, Callable[[], None]]]:
        """Send a request, and give its response with what to call when the body was read to its end."""
        connection: Connection | None = None
        complete = []
        try:
            connection = self._connections.pop(target.origin, None) or connect(self._policy, target, deadline)
            connection.deadline = deadline
            http_connection = connection.http(target)
            http_connection.request(
                "GET" if request.form is None else "POST",
                target.resource,
                body=None if request.form is None else urlencode(request.form),
                headers=_write_headers(request, target),
            )
            response = http_connection.getresponse()
            yield response, lambda: complete.append(True)
        except (OSError, http.client.HTTPException, zlib.error) as problem:
            if isinstance(problem, OSError) and problem.errno in DISK_FULL:
                raise  # it is this machine's
            raise _convert_error(target, problem, deadline) from None
        finally:
            if connection is not None and complete and not response.will_close:
                self._connections[target.origin] = connection
            elif connection is not None:
                connection.disconnect()

    def _save(
        self, request: FetchRequest, target: UrlParts, response: http.client.HTTPResponse, file: BinaryIO
    ) -> FetchedResponse:
        check_status(response, target)
        size = 0
        for block in read_body(response, target):
            self._deadline.check()
            size += len(block)
            if size > request.most_bytes:
                raise InvalidValue(
                    f"the answer of {quoted(target.host)} is larger than {request.most_bytes:,} bytes"
                )
            file.write(block)
        name = read_file_name(response.headers, target)
        return FetchedResponse(target.url, read_media_type(response.headers), name, size)


def _write_headers(request: FetchRequest, target: UrlParts) -> dict[str, str]:
    host = urlsplit(target.url).netloc
    headers = {"Host": host, "User-Agent": _USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
    if request.token:
        headers["X-Esri-Authorization"] = f"Bearer {request.token}"
    if request.referer:
        headers["Referer"] = request.referer
    if request.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return headers


def _redirect(request: FetchRequest, target: UrlParts, response: http.client.HTTPResponse) -> FetchRequest:
    location = response.headers.get("location", "")
    if not location:
        raise InvalidValue(f"the server at {quoted(target.host)} redirects to nowhere")
    url = urljoin(target.url, location)
    there = split_url(url)
    if (target.scheme, there.scheme) == ("https", "http"):
        raise InvalidValue(f"the server at {quoted(target.host)} redirects away from https")
    token = request.token if there.origin == target.origin else ""
    form = request.form if response.status in (307, 308) else None
    return replace(request, url=url, token=token, form=form)


def _convert_error(target: UrlParts, problem: Exception, deadline: Deadline) -> Exception:
    host = quoted(target.host)
    if deadline.is_over:
        return InvalidValue(f"the server at {host} did not answer in time")
    if isinstance(problem, ssl.SSLError):
        return InvalidValue(f"the server at {host} could not prove who it is")
    if isinstance(problem, TimeoutError):
        return ServerBusy(_RETRY_SECONDS, f"the server at {host} did not answer in time")
    if isinstance(problem, zlib.error | http.client.IncompleteRead):
        return ServerBusy(_RETRY_SECONDS, f"the answer of {host} is incomplete")
    return ServerBusy(_RETRY_SECONDS, f"the server at {host} could not be reached")
