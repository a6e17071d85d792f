"""References: where features, a file or a raster lie that a call does not carry itself.

    {"url": …, "filter": …, "time": …, "token": …}   a layer, a query, a JSON file; a file; a raster
    {"itemID": "i…"}                                  an item of this service's uploads
    {"portalItemID": …}                               a file in the configured portal
    https://…                                         the same as {"url": …}

Nothing is fetched here. `referable` finds the references in the values of a type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from gpserverless.datatypes import json_text
from gpserverless.datatypes.members import check_reference_members
from gpserverless.errors import InvalidValue
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.secrets import blank_members

Kind = Literal["features", "table", "file", "raster"]

ACCEPTED = '{"url": "https://…"} or {"itemID": "…"}'
MAX_REFERENCE = 100_000
"""Characters of the longest reference; a longer value carries its features itself."""

ITEM_ID = re.compile(r"i[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
"""The id of an uploaded item."""

PLACES = frozenset({"url", "itemid", "portalitemid"})
"""Members that name a place, in small letters."""

_PORTAL_ITEM_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_URL = re.compile(r"https?://", re.ASCII | re.IGNORECASE)
_SECRET_KEYS = ("token", "serviceToken")


@dataclass(frozen=True)
class Reference:
    """Where a value lies; just one of `url`, `item_id` and `portal_item_id` is set."""

    #: The kind of value that is expected there.
    kind: Kind
    #: URL of a layer, a query or a file.
    url: str = ""
    #: Id of an uploaded item.
    item_id: str = ""
    #: Id of an item in the portal.
    portal_item_id: str = ""
    #: SQL clause that features must satisfy, in the dialect of the server at `url`.
    where: str = ""
    #: Instant or `from,to` in milliseconds since 1970 UTC, as the query protocol has it.
    time: str = ""
    #: Token for the server at `url`, and for no other.
    token: str = field(default="", repr=False)
    #: Format of a raster as the caller names it.
    format: str = ""


@dataclass(frozen=True)
class LocalFile:
    """A value that was fetched from a reference.

    Attributes:
        path: File on this machine; its name is as near as can be to the one on the other server.
    """

    path: Path


def find_reference(raw: Any, kind: Kind) -> Reference | None:
    """Read a value as a reference; return None if it carries its data itself.

    Args:
        raw: Text as the caller sent it, or the JSON value inside an array or object.
        kind: The kind of value that is expected at the reference.

    Raises:
        InvalidValue: It is a malformed reference.
    """
    if isinstance(raw, str):
        raw = _parse(raw)
    if not isinstance(raw, Mapping) or "features" in raw or "featureSet" in raw:
        return None
    raw = _drop_empty_places(raw)
    if "url" in raw or "itemID" in raw or "portalItemID" in raw:
        check_reference_members(raw, ACCEPTED)
    if "url" in raw:
        return _read_url(raw, kind)
    if "itemID" in raw:
        item = _read_id(raw["itemID"], ITEM_ID, "the id of an uploaded item")
        return Reference(kind, item_id=item, **_read_selection(raw))
    if kind == "file" and "portalItemID" in raw:
        item = _read_id(raw["portalItemID"], _PORTAL_ITEM_ID, "the id of a portal item")
        return Reference(kind, portal_item_id=item, **_read_selection(raw))
    return None


def _drop_empty_places(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a reference without its empty places, as in `{"url": "", "itemID": …}`, if one is filled."""
    filled = {
        key: value
        for key, value in raw.items()
        if str(key).lower() not in PLACES or (value is not None and str(value).strip())
    }
    return filled if any(str(key).lower() in PLACES for key in filled) else raw


def echo_reference(raw: Any, accepted: str) -> Any:
    """Return a value as the inputs resource shows it: as it was sent, but without its tokens and secrets.

    Args:
        raw: Text as the caller sent it, or the JSON value inside an array or object.
        accepted: The forms that the type accepts, for the error.

    Raises:
        InvalidValue: It is not JSON.
    """
    if isinstance(raw, str):
        raw = {"url": raw.strip()} if _URL.match(raw.strip()) else json_text.parse(raw, accepted)
    return _drop_secrets(raw)


def _drop_secrets(raw: Any) -> Any:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("url"), str):
        return raw
    shown_url = _drop_token(raw["url"])
    shown = {key: value for key, value in raw.items() if key not in _SECRET_KEYS} | {"url": shown_url}
    return blank_members(shown, in_reference=True)


def _drop_token(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if "token" not in parts.query.lower():
        return url
    fields = parse_qsl(parts.query, keep_blank_values=True)
    kept = urlencode([(name, value) for name, value in fields if name.lower() != "token"])
    return urlunsplit(parts._replace(query=kept))


def _read_url(raw: Mapping[str, Any], kind: Kind) -> Reference:
    url = raw["url"]
    if not isinstance(url, str) or not _URL.match(url) or not _has_host(url):
        raise InvalidValue(f"{quoted(url)} is not the URL of a web resource", ACCEPTED)
    return Reference(
        kind,
        url=url,
        token=_read_text(raw, "token") or _read_text(raw, "serviceToken"),
        format=_read_text(raw, "format"),
        **_read_selection(raw),
    )


def _has_host(url: str) -> bool:
    """Return whether a URL has a host that can be told, unlike "https://[a"."""
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _read_selection(raw: Mapping[str, Any]) -> dict[str, str]:
    return {"where": _read_text(raw, "filter"), "time": _read_time(raw.get("time"))}


def _read_text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not all(c.isprintable() or c in "\t\n" for c in value):
        raise InvalidValue(f"its '{name}' is not a text", ACCEPTED)
    return value


def _read_time(value: Any) -> str:
    """Return a time as the query protocol has it: an instant, or from and to, each perhaps null."""
    if value in (None, ""):
        return ""
    parts = value if isinstance(value, list) else str(value).split(",")
    wholes = [part if read_whole(part) is None else read_whole(part) for part in parts]
    words = ["null" if part is None else str(part).strip() for part in wholes]
    if len(words) > 2 or not all(re.fullmatch(r"-?[0-9]{1,15}|null", w, re.ASCII) for w in words):
        raise InvalidValue(
            f"{quoted(value)} is not a time", "milliseconds since 1970 UTC, or two with a comma"
        )
    return ",".join(words)


def _read_id(value: Any, pattern: re.Pattern[str], noun: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value.strip().lower()):
        raise InvalidValue(f"{quoted(value)} is not {noun}", ACCEPTED)
    return value.strip().lower()


def _parse(raw: str) -> Any:
    text = raw.strip() if len(raw) <= MAX_REFERENCE else ""
    if _URL.match(text):
        return {"url": text}
    if not text.startswith("{"):
        return None
    try:
        return json_text.parse(text, ACCEPTED)
    except InvalidValue:
        return None  # the type itself refuses it, with better words
