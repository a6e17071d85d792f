"""HTTP requests, from the Lambda events of every kind of gateway.

The protocol does not tell a query from a form; where both give a name, the form wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import InvalidParameter
from gpserverless.http.accept_encoding import accepts_gzip
from gpserverless.http.answer_format import Format
from gpserverless.http.event import (
    address_of,
    method_of,
    path_of,
    query_of,
    read_cookies,
    read_headers,
    root_of,
    segments_of,
)
from gpserverless.http.form import Fields
from gpserverless.http.request_body import read_form

if TYPE_CHECKING:
    from gpserverless.http.multipart import UploadedFile

MAX_OPTION = 10_000
"""Characters that any field may have beside the values of parameters: a token has 4,000 at most."""


@dataclass(frozen=True)
class Request:
    """One HTTP request. Where a token may be is not shown when the object is printed.

    Attributes:
        method: In capitals.
        path: The path as it was received.
        segments: The decoded path below the site, without empty segments.
        query: Fields of the query string.
        form: Fields of the body.
        headers: Headers by name in lower case.
        root: Public URL of the site: "https://example.org/arcgis".
        files: Files in the body.
        cookies: Cookies, each as "name=value".
        address: Address of the network from which it came, as the gateway saw it; "" if that does not tell.
        answer_format: Format of the answer, as far as it has been read.
        caller: Who sent it, as far as that is known.
        is_page: Whether the answer is drawn for a person.
    """

    method: str
    path: str
    segments: tuple[str, ...]
    query: Fields
    form: Fields
    headers: Mapping[str, str] = field(repr=False)
    root: str
    files: tuple[UploadedFile, ...] = ()
    cookies: tuple[str, ...] = field(default=(), repr=False)
    address: str = ""
    answer_format: Format = field(default_factory=Format)
    caller: Caller = ANYBODY
    is_page: bool = False

    @property
    def is_for_root(self) -> bool:
        """Whether it asks for "/", as a person does who knows the host alone."""
        return not self.path.strip("/")

    @cached_property
    def accepts_gzip(self) -> bool:
        """Whether the client accepts an answer in gzip; no page is drawn of one."""
        return not self.is_page and accepts_gzip(self.headers)

    def all(self, name: str) -> list[str]:
        """Return every value of a field; those of the form if it has any, else those of the query.

        Args:
            name: Name of the field.
        """
        return self.form.all(name) if name in self.form else self.query.all(name)

    def get(self, name: str, most: int = MAX_OPTION) -> str:
        """Return the last value of a field that is an option of the request, "" if it is not given.

        Args:
            name: Name of the field.
            most: Most characters that it may have.

        Raises:
            InvalidParameter: It has more.
        """
        values = self.all(name)
        value = values[-1] if values else ""
        if len(value) > most:
            raise InvalidParameter(name, f"it has {len(value):,} characters", f"at most {most:,} characters")
        return value


def read_request(event: Mapping[str, Any], public_url: str = "", *, reads_form: bool = True) -> Request:
    """Return the request of a Lambda event.

    Args:
        event: Payload 2.0 or 1.0.
        public_url: Configured public URL of the site; "" to build it from the gateway's own context. Never
            taken from `Host` or forwarding headers, which a caller can choose.
        reads_form: Whether the body is a form; if not, see `request_body.read_body`.

    Raises:
        RequestError: The path or the body cannot be read.
        NotFound: The path is not below the site.
    """
    context = event.get("requestContext") or {}
    headers = read_headers(event)
    segments = segments_of(event, public_url)
    form, files = read_form(event, headers) if reads_form else (Fields(""), ())
    return Request(
        method_of(event),
        path_of(event),
        segments,
        Fields(query_of(event)),
        form,
        headers,
        public_url.rstrip("/") or root_of(context),
        files,
        read_cookies(event, headers),
        address_of(context),
    )
