"""The token that comes with a request: a field, a header, or the cookie of the sign-in page.

    token=…                             field of the form or the query
    X-Esri-Authorization: Bearer …      header; the ArcGIS API for Python sends it
    Authorization: Bearer …             header
    Cookie: agstoken=…                  read where none of the others came

A token is never logged, and no answer holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from gpserverless.errors import InvalidToken
from gpserverless.http.request import Request

MAX_TOKEN = 4_096
"""Characters of the longest token that is looked at."""

TOKEN = "token"  # noqa: S105 - the name of the field
COOKIE = "agstoken"
_HEADERS = ("x-esri-authorization", "authorization")
_BEARER = "bearer"
_PORTS = {"http": 80, "https": 443}


def read_token(request: Request) -> str:
    """Return the token of a request's fields and headers, "" if none came.

    Args:
        request: The request.

    Raises:
        InvalidToken: There are several that differ, or it is too long.
    """
    tokens = {token for token in _sent_tokens(request) if token}
    if len(tokens) > 1 or any(len(token) > MAX_TOKEN for token in tokens):
        raise InvalidToken
    return next(iter(tokens), "")


def _sent_tokens(request: Request) -> Iterator[str]:
    for fields in (request.form, request.query):
        yield from map(str.strip, fields.all(TOKEN))
    for name in _HEADERS:
        scheme, _, token = request.headers.get(name, "").strip().partition(" ")
        if scheme.lower() == _BEARER:
            yield token.strip()


def read_cookie(request: Request, *, changes: bool) -> str:
    """Return the token of the cookie, "" if there is none or a page of another site may have sent it.

    A browser adds the cookie to requests that other sites cause. They cannot read the answers, but for those
    in JSONP. A request that changes something must not look like one of theirs: browsers say whose it is
    (developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site), other clients say nothing.

    Args:
        request: The request.
        changes: Whether the request changes something if its token counts.
    """
    if request.answer_format.callback or (changes and _is_foreign(request)):
        return ""
    pairs = (cookie.partition("=") for cookie in request.cookies)
    tokens = {value.strip().strip('"') for name, _, value in pairs if name.strip() == COOKIE}
    token = next(iter(tokens), "")
    return token if len(tokens) == 1 and len(token) <= MAX_TOKEN else ""


def _is_foreign(request: Request) -> bool:
    """Return whether a request shows that a page of another site sent it."""
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    return site not in ("", "same-origin") or (bool(origin) and _origin(origin) != _origin(request.root))


def _origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of a URL; nonsense is like no other origin's."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return url, "", None
