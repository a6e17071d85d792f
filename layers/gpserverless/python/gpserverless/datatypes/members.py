"""Members of value objects: found in any spelling that clients use, and refused where they are unknown.

A member that is passed over is a wrong answer without a word: `{"distance": 5, "unitz": "esriMiles"}` is not
five metres.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.values.quotation import quoted

UNIT_MEMBERS = ("units", "unit", "uom")
"""The members under which clients send the unit of a quantity."""

_REFERENCE_MEMBERS = frozenset(
    {"url", "itemID", "portalItemID", "filter", "time", "token", "serviceToken", "format"}
)
_LAYER_MEMBERS = frozenset(
    {
        "capabilities", "contenttype", "datatype", "description", "filename", "geometrytype", "id", "itemid",
        "layerid", "layertype", "name", "opacity", "popupinfo", "serviceitemid", "size", "snippet", "title",
        "type", "visibility",
    }
)  # fmt: skip
"""Members of layers, items and files as clients hand them on; they do not change the value that is read."""


def read_members(
    document: Mapping[str, Any],
    members: Mapping[str, Iterable[str]],
    accepted: str,
    idle: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the members of a value object by their own names, in any letter case; empty ones are left out.

    Args:
        document: The object.
        members: The spellings of each member.
        accepted: The accepted forms, for the error.
        idle: Members that clients send too, and that do not change the value.

    Raises:
        InvalidValue: A member is unknown, or two spellings of one member hold different values.
    """
    names = {spelling.lower(): name for name, spellings in members.items() for spelling in spellings}
    passed = {name.lower() for name in idle}
    found: dict[str, tuple[str, Any]] = {}
    for key, value in document.items():
        name = names.get(str(key).lower())
        if name is None and str(key).lower() not in passed:
            raise InvalidValue(f"it has an unknown member {quoted(str(key))}", accepted)
        if name is None or value is None or value == "":
            continue
        other, earlier = found.setdefault(name, (key, value))
        if earlier != value:
            raise InvalidValue(f"{quoted(other)} and {quoted(key)} contradict each other", accepted)
    return {name: value for name, (_, value) in found.items()}


def check_reference_members(reference: Mapping[str, Any], accepted: str) -> None:
    """Refuse a reference with a member that asks for something that is not done.

    Args:
        reference: An object with `url`, `itemID` or `portalItemID`.
        accepted: The accepted forms, for the error.

    Raises:
        InvalidValue: A member is unknown and neither empty nor one that layers and files carry.
    """
    for key, value in reference.items():
        is_known = key in _REFERENCE_MEMBERS or str(key).lower() in _LAYER_MEMBERS
        if not is_known and value not in (None, "", {}, []):
            raise InvalidValue(f"its member {quoted(str(key))} is not known for a reference", accepted)
