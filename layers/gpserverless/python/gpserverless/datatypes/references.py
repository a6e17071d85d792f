"""Values that lie elsewhere: what a call may send instead of features, a file or a raster.

    {"url": …, "filter": …, "time": …, "token": …}   a layer, a query, a JSON file; a file; a raster
    {"itemID": "i…"}                                  an item of this service's uploads
    {"portalItemID": …}                               a file in the configured portal
    https://…                                         the same as {"url": …}

Nothing is fetched here. A type finds references in a value (`fetch_references`); the sandbox
fetches them and puts a `LocalFile` in their place, which no JSON can stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from gpserverless.datatypes import json_text
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue

Kind = Literal["features", "table", "file", "raster"]

ACCEPTED = '{"url": "https://…"} or {"itemID": "…"}'
MAX_REFERENCE = 100_000
"""Characters up to which a value is looked at as a reference; a longer one carries its features itself."""

ITEM_ID = re.compile(r"i[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
"""What the id of an uploaded item looks like."""

_PORTAL_ITEM_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_URL = re.compile(r"https?://", re.ASCII | re.IGNORECASE)
_SECRET_KEYS = ("token", "serviceToken")


@dataclass(frozen=True)
class Reference:
    """Where a value lies; just one of `url`, `item_id` and `portal_item_id` is set.

    Attributes:
        kind: What is expected there.
        url: URL of a layer, a query or a file.
        item_id: Id of an uploaded item.
        portal_item_id: Id of an item in the portal.
        where: SQL clause that features must satisfy, in the dialect of the server at `url`.
        time: Instant or `from,to` in milliseconds since 1970 UTC, as the query protocol has it.
        token: Token for the server at `url`, and for no other.
        format: Format of a raster as the caller names it.
    """

    kind: Kind
    url: str = ""
    item_id: str = ""
    portal_item_id: str = ""
    where: str = ""
    time: str = ""
    token: str = ""
    format: str = ""


@dataclass(frozen=True)
class LocalFile:
    """A value that was fetched from where a reference pointed.

    Attributes:
        path: Where it lies on this machine; its name is as near as can be to the one on the far side.
    """

    path: Path


Fetch = Callable[[Reference], Any]
"""Takes a reference, and returns what stands in its place."""


def find_reference(raw: Any, kind: Kind) -> Reference | None:
    """Return the reference that a value is, or None if it carries its data itself.

    Args:
        raw: Text as the caller sent it, or the JSON value inside an array or object.
        kind: What is expected where the reference points.

    Raises:
        InvalidValue: It is a reference, but not a right one.
    """
    if isinstance(raw, str):
        raw = _parsed(raw)
    if not isinstance(raw, Mapping) or "features" in raw or "featureSet" in raw:
        return None
    if "url" in raw:
        return _at_url(raw, kind)
    if "itemID" in raw:
        return Reference(kind, item_id=_matching(raw["itemID"], ITEM_ID, "the id of an uploaded item"))
    if kind == "file" and "portalItemID" in raw:
        item = _matching(raw["portalItemID"], _PORTAL_ITEM_ID, "the id of a portal item")
        return Reference(kind, portal_item_id=item)
    return None


def echo_reference(raw: Any, accepted: str) -> Any:
    """Return the JSON of a value as the inputs resource shows it: as it was sent, but without its tokens.

    Args:
        raw: Text as the caller sent it, or the JSON value inside an array or object.
        accepted: What the type accepts, for the error.

    Raises:
        InvalidValue: It is no JSON.
    """
    if isinstance(raw, str):
        raw = {"url": raw.strip()} if _URL.match(raw.strip()) else json_text.parse(raw, accepted)
    return _without_secrets(raw)


def _without_secrets(raw: Any) -> Any:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("url"), str):
        return raw
    shown_url = _without_token(raw["url"])
    return {key: value for key, value in raw.items() if key not in _SECRET_KEYS} | {"url": shown_url}


def _without_token(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if "token" not in parts.query.lower():
        return url
    fields = parse_qsl(parts.query, keep_blank_values=True)
    kept = urlencode([(name, value) for name, value in fields if name.lower() != "token"])
    return urlunsplit(parts._replace(query=kept))


def _at_url(raw: Mapping[str, Any], kind: Kind) -> Reference:
    url = raw["url"]
    if not isinstance(url, str) or not _URL.match(url):
        raise InvalidValue(f"{quoted(url)} is not the URL of a web resource", ACCEPTED)
    return Reference(
        kind,
        url=url,
        where=_text(raw, "filter"),
        time=_time(raw.get("time")),
        token=_text(raw, "token") or _text(raw, "serviceToken"),
        format=_text(raw, "format"),
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not all(c.isprintable() or c in "\t\n" for c in value):
        raise InvalidValue(f"its '{name}' is not a text", ACCEPTED)
    return value


def _time(value: Any) -> str:
    """Return a time as the query protocol has it: an instant, or from and to, each perhaps null."""
    if value in (None, ""):
        return ""
    parts = value if isinstance(value, list) else str(value).split(",")
    words = ["null" if part is None else str(part).strip() for part in parts]
    if len(words) > 2 or not all(re.fullmatch(r"-?[0-9]{1,15}|null", w, re.ASCII) for w in words):
        raise InvalidValue(
            f"{quoted(value)} is not a time", "milliseconds since 1970 UTC, or two with a comma"
        )
    return ",".join(words)


def _matching(value: Any, pattern: re.Pattern[str], what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value.strip().lower()):
        raise InvalidValue(f"{quoted(value)} is not {what}", ACCEPTED)
    return value.strip().lower()


def _parsed(raw: str) -> Any:
    text = raw.strip() if len(raw) <= MAX_REFERENCE else ""
    if _URL.match(text):
        return {"url": text}
    if not text.startswith("{"):
        return None
    try:
        return json_text.parse(text, ACCEPTED)
    except InvalidValue:
        return None  # the type itself says what is wrong with it
