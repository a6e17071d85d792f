"""Lambda events of every kind of gateway: their method, headers and path.

They are the events of HTTP APIs and function URLs (payload 2.0) and of REST APIs (payload 1.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from gpserverless.errors import NotFound, RequestError

SITE = "/arcgis"
"""Path of the site at the gateway; clients need "/rest/services" and "/GPServer" literally behind it."""

_LEFT_OVERS = frozenset("\\%#?")


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
    return _find_below_site(_split_path(path_of(event), encoded, context.get("stage", "")), public_url)


def path_of(event: Mapping[str, Any]) -> str:
    """Return the path of a Lambda event as it was received.

    Args:
        event: Payload 2.0 or 1.0.
    """
    return str(event["rawPath"] if "rawPath" in event else event["path"])


def _is_function_url(context: Mapping[str, Any]) -> bool:
    return "lambda-url" in context.get("domainName", "")


def query_of(event: Mapping[str, Any]) -> str:
    """Return the query string of a Lambda event.

    Args:
        event: Payload 2.0 or 1.0.
    """
    if "http" in (event.get("requestContext") or {}):
        return str(event.get("rawQueryString") or "")
    return urlencode(event.get("multiValueQueryStringParameters") or {}, doseq=True)


def read_headers(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a Lambda event by name in small letters.

    Args:
        event: Payload 2.0 or 1.0.
    """
    return {str(n).lower(): str(v) for n, v in (event.get("headers") or {}).items()}


def read_cookies(event: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the cookies of a Lambda event: of their own in payload 2.0, of the header in payload 1.0.

    Args:
        event: Payload 2.0 or 1.0.
        headers: Its headers.
    """
    return (*event.get("cookies", ()), *filter(None, headers.get("cookie", "").split(";")))


def address_of(context: Mapping[str, Any]) -> str:
    """Return the address of the caller; forwarding headers, which a caller can write, are not read.

    Args:
        context: Context of the request in its event.
    """
    return str((context.get("http") or context.get("identity") or {}).get("sourceIp") or "")


def root_of(context: Mapping[str, Any]) -> str:
    """Return the public URL of the site as the gateway knows it.

    Args:
        context: Context of the request in its event.
    """
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
