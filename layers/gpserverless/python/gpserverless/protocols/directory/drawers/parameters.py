"""The parameters of a task as its page lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gpserverless.protocols.directory.labels import (
    DIRECTIONS,
    GEOMETRY_TYPES,
    PARAMETER_TYPES,
    data_type_labels,
)
from gpserverless.protocols.directory.shown_text import show_text

_LONGEST_DEFAULT = 400


@dataclass(frozen=True)
class ShownParameter:
    """A parameter of a task.

    Attributes:
        name: Its name on the wire.
        title: Its name for people.
        description: Its description.
        data_type: Name of its data type.
        label: The data type for people, None if it has no other name.
        is_list: Whether it takes several values.
        direction: Label of its direction.
        kind: Label of its parameter type.
        is_input: Whether it is an input.
        is_required: Whether a value must be given.
        dependency: Name of the parameter that it depends on, "" for none.
        category: Its category, "" for none.
        default: Its default as text, "" for none.
        geometry: Label of its geometry type, None for none.
        choices: The values of its choice list, as texts.
        bounds: Least and greatest number, None for no range.
        members: Names and data types of its columns or members.
    """

    name: str
    title: str
    description: str
    data_type: str
    label: str | None
    is_list: bool
    direction: str
    kind: str
    is_input: bool
    is_required: bool
    dependency: str
    category: str
    default: str
    geometry: str | None
    choices: tuple[str, ...]
    bounds: tuple[Any, Any] | None
    members: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> ShownParameter:
        """Return a parameter as a page shows it.

        Args:
            document: Its description in the document of the task.
        """
        label, is_list = data_type_labels(document["dataType"])
        default = document["defaultValue"]
        return cls(
            name=document["name"],
            title=document["displayName"],
            description=document["description"],
            data_type=document["dataType"],
            label=label,
            is_list=is_list,
            direction=DIRECTIONS[document["direction"]],
            kind=PARAMETER_TYPES[document["parameterType"]],
            is_input=document["direction"] == "esriGPParameterDirectionInput",
            is_required=document["parameterType"] == "esriGPParameterTypeRequired",
            dependency=document.get("dependency", ""),
            category=document["category"],
            default=_show_default(default, document["dataType"]),
            geometry=GEOMETRY_TYPES.get(_geometry_type(default)),
            choices=_list_choices(document),
            bounds=_find_bounds(document),
            members=tuple((m["name"], m["dataType"]) for m in document.get("parameterInfos") or ()),
        )


def _show_default(value: Any, data_type: str) -> str:
    if value is None or value == "" or value in ([], {}):
        return ""
    if isinstance(value, dict) and value.get("features") == []:
        return ""
    text = show_text(value, data_type)
    text = orjson.dumps(value).decode() if text is None else text
    return text if len(text) <= _LONGEST_DEFAULT else text[:_LONGEST_DEFAULT] + " …"


def _geometry_type(value: Any) -> str:
    return str(value.get("geometryType", "")) if isinstance(value, dict) else ""


def _list_choices(document: Mapping[str, Any]) -> tuple[str, ...]:
    found = document.get("filter") or {}
    if document.get("choiceList"):
        return tuple(map(str, document["choiceList"]))
    if found.get("type") != "codedValue":
        return ()
    return tuple(
        str(each["value"]) if isinstance(each, dict) else str(each) for each in found.get("list", ())
    )


def _find_bounds(document: Mapping[str, Any]) -> tuple[Any, Any] | None:
    found = document.get("filter") or {}
    return (found.get("minimum"), found.get("maximum")) if found.get("type") == "range" else None
