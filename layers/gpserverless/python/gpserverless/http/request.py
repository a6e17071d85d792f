"""HTTP requests, from the Lambda events of every kind of gateway.

They are the events of HTTP APIs and function URLs (payload 2.0) and of REST APIs (payload 1.0).
The protocol does not tell a query from a form; where both give a name, the form wins.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

import pybase64

from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import InvalidParameter, NotFound, RequestError, TooLarge
from gpserverless.http.accept_encoding import accepts_gzip
from gpserverless.http.answer_format import Format
from gpserverless.http.form import Fields

if TYPE_CHECKING:
    from gpserverless.http.multipart import UploadedFile

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MAX_INFLATED = 20_000_000
"""Bytes that a compressed body may become: a few kilobytes can become gigabytes."""

MAX_OPTION = 10_000
"""Characters that any field may have beside the values of parameters: a token has 4,000 at most."""

SITE = "/arcgis"
"""Path of the site at the gateway; clients need "/rest/services" and "/GPServer" literally behind it."""

_MARK = "\ufeff"
_LEFT_OVERS = frozenset("\\%#?")


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


def method_of(event: Mapping[str, Any]) -> str:
    """Return the HTTP method of a Lambda event, in capitals.

    Args:
        event: A Lambda event of an HTTP request.
    """
    http = (event.get("requestContext") or {}).get("http")
    return str(http["method"] if http else event["httpMethod"]).upper()


def header_of(event: Mapping[str, Any], name: str) -> str:
    """Return a header of a Lambda event, "" if it is not given.

    Args:
        event: Payload 2.0 or 1.0.
        name: Name of the header in small letters.
    """
    headers = event.get("headers") or {}
    return next((str(value) for each, value in headers.items() if str(each).lower() == name), "")


def segments_of(event: Mapping[str, Any], public_url: str = "") -> tuple[str, ...]:
    """Return the decoded path of a Lambda event below the site, without empty segments.

    Args:
        event: Payload 2.0 or 1.0.
        public_url: Configured public URL of the site, or "".

    Raises:
        RequestError: The path cannot be read.
        NotFound: The path is not below the site.
    """
    context = event.get("requestContext") or {}
    encoded = "http" not in context or _is_function_url(context)
    return _find_below_site(_split_path(_path_of(event), encoded, context.get("stage", "")), public_url)


def _path_of(event: Mapping[str, Any]) -> str:
    return str(event["rawPath"] if "rawPath" in event else event["path"])


def _is_function_url(context: Mapping[str, Any]) -> bool:
    return "lambda-url" in context.get("domainName", "")


def read_request(event: Mapping[str, Any], public_url: str = "", *, reads_form: bool = True) -> Request:
    """Return the request of a Lambda event.

    Args:
        event: Payload 2.0 or 1.0.
        public_url: Configured public URL of the site; "" to build it from the gateway's own context. Never
            taken from `Host` or forwarding headers, which a caller can choose.
        reads_form: Whether the body is a form; if not, see `read_body`.

    Raises:
        RequestError: The path or the body cannot be read.
        NotFound: The path is not below the site.
    """
    context = event.get("requestContext") or {}
    headers = _read_headers(event)
    if "http" in context:
        query = event.get("rawQueryString") or ""
    else:
        query = urlencode(event.get("multiValueQueryStringParameters") or {}, doseq=True)
    segments = segments_of(event, public_url)
    form, files = _read_form(event, headers) if reads_form else (Fields(""), ())
    return Request(
        method_of(event),
        _path_of(event),
        segments,
        Fields(query),
        form,
        headers,
        public_url.rstrip("/") or _root_of(context),
        files,
        _read_cookies(event, headers),
        _address_of(context),
    )


def read_body(event: Mapping[str, Any]) -> bytes:
    """Return the body of a Lambda event, decompressed.

    A body that the gateway has decoded is UTF-8 now, whatever it says of itself: it begins with the mark of
    that, unless it is ASCII.

    Args:
        event: Payload 2.0 or 1.0.

    Raises:
        RequestError: It cannot be read.
        TooLarge: It becomes too large.
    """
    body = _read_body(event, _read_headers(event))
    if isinstance(body, bytes):
        return body
    return body.encode() if body.isascii() else codecs.BOM_UTF8 + body.removeprefix(_MARK).encode()


def _read_headers(event: Mapping[str, Any]) -> dict[str, str]:
    return {str(n).lower(): str(v) for n, v in (event.get("headers") or {}).items()}


def _read_cookies(event: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the cookies: of their own in payload 2.0, of the header in payload 1.0."""
    return (*event.get("cookies", ()), *filter(None, headers.get("cookie", "").split(";")))


def _address_of(context: Mapping[str, Any]) -> str:
    """Return the address of the caller; what a caller writes into forwarding headers is not looked at."""
    return str((context.get("http") or context.get("identity") or {}).get("sourceIp") or "")


def _root_of(context: Mapping[str, Any]) -> str:
    stage = context.get("stage", "$default")
    prefix = "" if stage == "$default" else f"/{stage}"
    return f"https://{context.get('domainName', 'localhost')}{prefix}{SITE}"


def _split_path(path: str, encoded: bool, stage: str) -> tuple[str, ...]:
    if encoded:
        try:
            path = unquote(path, errors="strict")
        except UnicodeDecodeError:
            raise RequestError("The path is not encoded as UTF-8.") from None
    segments = tuple(s for s in path.split("/") if s)
    if stage and segments[:1] == (stage,):
        segments = segments[1:]
    for segment in segments:
        if segment in (".", "..") or not segment.isprintable() or _LEFT_OVERS.intersection(segment):
            raise RequestError("The path has characters that no resource has.")
    return segments


def _find_below_site(segments: tuple[str, ...], public_url: str) -> tuple[str, ...]:
    """Return the part of a path behind the site's; there is nothing of "/" itself.

    The path of the public URL counts as well: behind a custom domain, a path arrives with the key of the
    domain's API mapping.
    """
    lowered = [segment.lower() for segment in segments]
    for site in (urlsplit(public_url).path, SITE):
        above = [segment.lower() for segment in site.split("/") if segment]
        if above and lowered[: len(above)] == above:
            return segments[len(above) :]
    if segments:
        raise NotFound(f"Resources are found below {SITE}.")
    return ()


def _read_form(
    event: Mapping[str, Any], headers: Mapping[str, str]
) -> tuple[Fields, tuple[UploadedFile, ...]]:
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
