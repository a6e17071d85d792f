"""The properties of a layer that decide how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidValue

DEFAULT_PAGE = 1_000
"""Features asked for at a time where the layer does not say how many it gives."""

_LARGEST_PAGE = 100_000
_GROUP = "Group Layer"


@dataclass(frozen=True)
class LayerDescription:
    """How a layer is read.

    Attributes:
        pages: Whether its server says that it pages.
        page_size: Features asked for at a time; the server may give fewer.
        order: Field by which pages are ordered, or "".
        options: Fields of every query.
        geometry_type: Esri geometry type, "" for a table.
        object_id: Name of the field of object ids, or "".
        fields: The fields in Esri JSON.
    """

    pages: bool
    page_size: int
    order: str
    options: Mapping[str, str]
    geometry_type: str
    object_id: str
    fields: list[Any]

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> LayerDescription:
        """Read the layer resource of a server.

        Args:
            about: JSON of the layer resource.

        Raises:
            InvalidValue: It is a group of layers.
        """
        _check_is_no_group(about)
        advanced = about.get("advancedQueryCapabilities")
        advanced = advanced if isinstance(advanced, dict) else {}
        fields = about["fields"] if isinstance(about.get("fields"), list) else []
        object_id = about.get("objectIdField") or _find_object_id(fields)
        object_id = object_id if isinstance(object_id, str) else ""
        located = isinstance(about.get("geometryType"), str) and about.get("type") != "Table"
        options = {"returnGeometry": "true" if located else "false"}
        options |= {f"return{o}": "true" for o in "ZM" if located and about.get(f"has{o}")}
        return cls(
            pages=bool(advanced.get("supportsPagination", about.get("supportsPagination"))),
            page_size=_read_page_size(about.get("maxRecordCount")),
            order=object_id if advanced.get("supportsOrderBy") else "",
            options=options,
            geometry_type=about["geometryType"] if located else "",
            object_id=object_id,
            fields=fields,
        )


def _check_is_no_group(about: Mapping[str, Any]) -> None:
    if about.get("type") != _GROUP:
        return
    below = about.get("subLayers")
    members = [layer for layer in below if isinstance(layer, dict)] if isinstance(below, list) else []
    names = ", ".join(f"{layer.get('id')} ({layer.get('name')})" for layer in members[:20])
    raise InvalidValue(
        "the layer is a group of layers", f"one of its layers: {names}" if names else "a layer"
    )


def _read_page_size(most: Any) -> int:
    is_number = isinstance(most, int | float) and not isinstance(most, bool)
    return int(most) if is_number and 1 <= most <= _LARGEST_PAGE else DEFAULT_PAGE


def _find_object_id(fields: list[Any]) -> str | None:
    names = (f.get("name") for f in fields if isinstance(f, dict) and f.get("type") == "esriFieldTypeOID")
    return next(names, None)
