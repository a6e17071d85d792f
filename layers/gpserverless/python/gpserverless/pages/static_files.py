"""Files that are the same for all callers: scripts, styles and data of the pages.

static/<name>-<digest>.<extension>

`make pages` builds them into the folder beside this module, each under a name with a digest of its content,
so that browsers keep it for good. `manifest.json` has these names by those without a digest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from gpserverless.errors import NotFound, SettingsError
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.outputs.compression import GZIP

STATIC = "static"
"""First segment of the path of a static file, below the site; and the key of its route."""

FOLDER = Path(__file__).with_name("static")

_NAME = re.compile(r"([a-z0-9-]{1,40})-[0-9A-Za-z]{8,12}(\.[a-z]{2,4})", re.ASCII)
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
}
_KEPT = "public, max-age=31536000, immutable"


def static_path(name: str) -> str:
    """Return the path of a static file below the site, with a slash before it.

    Args:
        name: Its name without a digest: "form.js".

    Raises:
        SettingsError: No such file is built.
    """
    try:
        return f"/{STATIC}/{_read_manifest()[name]}"
    except KeyError:
        raise SettingsError(f"There is no static file '{name}': run `make pages`.") from None


def find_static_route(segments: tuple[str, ...]) -> Route | None:
    """Return the route of a static file, None for any other path.

    Args:
        segments: Decoded segments of a path below the site.
    """
    match segments:
        case (first, name) if first == STATIC and _NAME.fullmatch(name):
            return Route(STATIC, {"name": name}, is_for_programs=True)  # data among them is no page
    return None


@dataclass(frozen=True)
class StaticHandlers:
    """Handler of the static files."""

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {STATIC: self.get_static_file}

    def get_static_file(self, request: Request, name: str) -> Response:
        """Return a file; browsers keep it for good if its name is today's.

        A page of an older deployment names an older file; it gets the one that there is.

        Args:
            request: The request.
            name: The name by which it is asked for.

        Raises:
            NotFound: There is none of this name, neither with this digest nor with another.
        """
        today = _find_today(name)
        headers = {"vary": "accept-encoding"} | ({"cache-control": _KEPT} if today == name else {})
        path = FOLDER / today
        if request.accepts_gzip:
            path = path.with_name(f"{today}.gz")
            headers["content-encoding"] = GZIP
        return Response(path.read_bytes(), _TYPES[Path(today).suffix], headers=headers)


def _find_today(name: str) -> str:
    manifest = _read_manifest()
    if name in manifest.values():
        return name
    found = _NAME.fullmatch(name)
    today = manifest.get("".join(found.groups())) if found else None
    if today is None:
        raise NotFound("There is no such file.")
    return today


@cache
def _read_manifest() -> Mapping[str, str]:
    try:
        names: Mapping[str, str] = orjson.loads((FOLDER / "manifest.json").read_bytes())
    except FileNotFoundError:
        raise SettingsError("The static files of the pages are not built: run `make pages`.") from None
    return names
