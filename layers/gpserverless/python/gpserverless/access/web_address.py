"""Addresses of pages: parts that are compared, never fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_MARKS = "._~:/?#[]@!$&'()*+,;=%-"  # RFC 3986, section 2
_ALLOWED = re.compile(rf"[A-Za-z0-9{re.escape(_MARKS)}]+")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that are this machine, on any machine."""

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class WebAddress:
    """An address with the scheme http or https.

    Attributes:
        scheme: In small letters.
        host: In small letters.
        port: Its number, also if it is the scheme's own.
        segments: The segments of its path, without empty ones.
        has_path: Whether there is a path, be it "/".
        has_more: Whether there is a query or a fragment.
    """

    scheme: str
    host: str
    port: int
    segments: tuple[str, ...]
    has_path: bool
    has_more: bool

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port


def read_web_address(text: str) -> WebAddress | None:
    """Return the parts of a web address; None if it is none, or one that is read in two ways.

    Args:
        text: Any text.
    """
    if not _ALLOWED.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    segments = tuple(segment for segment in parts.path.split("/") if segment)
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or any(map(_climbs, segments)):
        return None
    has_more = "?" in text or "#" in text
    return WebAddress(
        parts.scheme,
        host,
        _PORTS[parts.scheme] if port is None else port,
        segments,
        bool(parts.path),
        has_more,
    )


def read_page(text: str) -> WebAddress | None:
    """Return the parts of an address as browsers send it, which may have characters that no address has.

    Args:
        text: Any text.
    """
    return read_web_address(quote(text, safe=_MARKS, errors="replace"))


def _climbs(segment: str) -> bool:
    """Tell whether browsers take a segment for this folder or the one above."""
    return segment.lower().replace("%2e", ".") in (".", "..")
