"""The style of all pages: one file, which browsers keep under a name that changes with it.

static/style-<digest>.css
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route

STATIC = "static"
"""First segment of the path of every file that is the same for all callers, below the site."""

STYLE = "style"
"""Key of the route of the style."""

_NAME = re.compile(r"style-[0-9a-f]{12}\.css", re.ASCII)
_KEPT = "public, max-age=31536000, immutable"


class Style(NamedTuple):
    """The style.

    Attributes:
        name: File name on the wire.
        text: The file.
    """

    name: str
    text: bytes


@cache
def read_style() -> Style:
    """Return the style, read from the file beside this module."""
    import hashlib  # OpenSSL, which most requests have no need of

    text = Path(__file__).with_name("style.css").read_bytes()
    return Style(f"style-{hashlib.sha256(text).hexdigest()[:12]}.css", text)


def style_path() -> str:
    """Return the path of the style below the site, with a slash before it."""
    return f"/{STATIC}/{read_style().name}"


def find_style_route(segments: tuple[str, ...]) -> Route | None:
    """Return the route of the style, None for any other path.

    A page of an older deployment names an older style; it gets the one that there is.

    Args:
        segments: Decoded segments of a path below the site.
    """
    match segments:
        case (first, name) if first == STATIC and _NAME.fullmatch(name):
            return Route(STYLE, {"name": name})
    return None


@dataclass(frozen=True)
class StyleHandlers:
    """Handler of the style."""

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {STYLE: self.get_style}

    def get_style(self, request: Request, name: str) -> Response:
        """Return the style; browsers keep it for good if its name is today's.

        Args:
            request: The request.
            name: The name by which it is asked for.
        """
        style = read_style()
        headers = {"cache-control": _KEPT} if name == style.name else {}
        return Response(style.text, "text/css; charset=utf-8", headers=headers)
