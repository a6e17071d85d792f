"""The wish of a caller for a hosted service: the value of `esri_out_feature_service_name`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.members import read_members
from gpserverless.datatypes.scalars import read_truth
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.items.names import ACCEPTED_NAME, check_name, is_service_id, name_in_url
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.values.quotation import quoted

MOST_TEXT = 10_000
"""Characters of a description."""

MOST_SNIPPET = 2_048
MOST_TAGS = 100
MOST_TAG = 128

_EXAMPLE = '{"serviceProperties": {"name": "parcels"}, "itemProperties": {"overwrite": true}}'
_ACCEPTED = f"{ACCEPTED_NAME}; or {_EXAMPLE}"
_PARTS = {name: (name,) for name in ("serviceProperties", "itemProperties")}
_SERVICE = {name: (name,) for name in ("name", "serviceUrl")}
_ITEM = {
    name: (name,)
    for name in ("overwrite", "itemId", "tags", "description", "snippet", "newFeatureServiceOnOverwriteFail")
}


@dataclass(frozen=True)
class ServiceRequest:
    """The service that a caller wants.

    Attributes:
        name: Its name, "" if it is found by its id.
        service_id: Its id, "" if it is found by its name.
        must_exist: Whether the caller names a service that is there, by its id or URL.
        overwrite: Whether a service of this name may be replaced.
        renames: Whether another name may be taken if it cannot be replaced.
        description: Its description; None for no change.
        snippet: Its summary; None for no change.
        tags: Words to find it by.
    """

    name: str = ""
    service_id: str = ""
    must_exist: bool = False
    overwrite: bool = False
    renames: bool = False
    description: str | None = None
    snippet: str | None = None
    tags: tuple[str, ...] = ()


def read_request(text: str, root: str) -> ServiceRequest | None:
    """Return the wish that a value expresses; None if it is empty.

    Args:
        text: A name, or JSON as ArcGIS Enterprise 11.0 takes it.
        root: Public URL of the site, of which a URL in the value must be.

    Raises:
        InvalidParameter: It is neither.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return _read_object(text, root) if text.startswith("{") else ServiceRequest(check_name(text))
    except InvalidValue as problem:
        raise InvalidParameter(SERVICE_NAME, problem.problem, problem.accepted or _ACCEPTED) from None


def _read_object(text: str, root: str) -> ServiceRequest:
    parts = read_members(json_text.parse_object(text, _ACCEPTED), _PARTS, _ACCEPTED)
    service = read_members(_read_part(parts, "serviceProperties"), _SERVICE, _ACCEPTED)
    item = read_members(_read_part(parts, "itemProperties"), _ITEM, _ACCEPTED)
    name, service_id = _identify(service, item, root)
    return ServiceRequest(
        name,
        service_id,
        bool(service_id or "serviceUrl" in service),
        _read_flag(item, "overwrite"),
        _read_flag(item, "newFeatureServiceOnOverwriteFail"),
        _read_text(item, "description", MOST_TEXT),
        _read_text(item, "snippet", MOST_SNIPPET),
        _read_tags(item.get("tags", ())),
    )


def _identify(service: Mapping[str, Any], item: Mapping[str, Any], root: str) -> tuple[str, str]:
    """Return the name and the id: an id comes before a URL, and a URL before a name."""
    name = _read_text(service, "name", 1_000) or ""
    if name:
        check_name(name)
    if service_id := _read_text(item, "itemId", 1_000):
        if not is_service_id(service_id):
            raise InvalidValue(
                f"itemId {quoted(service_id)} is no id of a hosted service", "32 hexadecimal digits"
            )
        return name, service_id
    if url := _read_text(service, "serviceUrl", 4_000):
        return name_in_url(url, root), ""
    if not name:
        raise InvalidValue("it names no service", _ACCEPTED)
    return name, ""


def _read_part(parts: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = parts.get(name, {})
    if not isinstance(part, dict):
        raise InvalidValue(f"{name} is not an object", _ACCEPTED)
    return part


def _read_flag(part: Mapping[str, Any], name: str) -> bool:
    value = read_truth(part.get(name, False))
    if value is None:
        raise InvalidValue(f"{name} {quoted(part[name])} is not a truth value", "true, false")
    return value


def _read_text(part: Mapping[str, Any], name: str, most: int) -> str | None:
    value = part.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > most:
        raise InvalidValue(f"{name} is not a text of at most {most:,} characters", _ACCEPTED)
    return value


def _read_tags(raw: Any) -> tuple[str, ...]:
    """Return tags, which come as a list or as a text with commas."""
    words = raw.split(",") if isinstance(raw, str) else raw
    accepted = f"at most {MOST_TAGS} texts of at most {MOST_TAG} characters"
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise InvalidValue("tags are no list of texts", accepted)
    tags = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(tags) > MOST_TAGS or any(len(tag) > MOST_TAG for tag in tags):
        raise InvalidValue("there are too many tags, or one is too long", accepted)
    return tags
