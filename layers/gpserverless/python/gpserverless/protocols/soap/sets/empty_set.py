"""Feature sets without features, read without a library of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gpserverless.features.fields import GEOMETRY, OID, Field, find_free_name
from gpserverless.geometry.geometry_types import GEOMETRY_TYPES, POINT
from gpserverless.protocols.soap.sets.write_fields import Shape, adapt_field

_SMALL = 100_000  # bytes of JSON that are parsed to see whether there are features


@dataclass(frozen=True)
class EmptySet:
    """The schema of a feature set or table.

    Attributes:
        header: The members beside the features; those of a layer's definition too.
        fields: Its fields, one of object ids among them, without that of the geometries.
    """

    header: Mapping[str, Any]
    fields: list[Field]

    @property
    def shape(self) -> Shape:
        """The geometries that it has none of; points where it names no type."""
        header = self.header
        flags = header.get("hasZ") is True, header.get("hasM") is True
        return Shape(header.get("geometryType", POINT), header.get("spatialReference"), *flags)


def read_empty_set(value: bytes | Mapping[str, Any]) -> EmptySet | None:
    """Read a feature set without features; None for one with some, or for something else.

    Args:
        value: Esri JSON of a feature set or of a layer object, as bytes or parsed.

    Raises:
        InvalidValue: The description of a field is wrong.
    """
    header = _read_header(value)
    if header is None or header.get("geometryType", POINT) not in GEOMETRY_TYPES:
        return None
    described = header.get("fields") or []
    if not isinstance(described, list):
        return None
    fields = [Field.from_json(field) for field in described]
    kept = [adapt_field(field) for field in fields if field.type != GEOMETRY]
    if all(field.type != OID for field in kept):
        name = find_free_name("OBJECTID", (field.name for field in kept))
        kept.insert(0, Field(name, OID))
    return EmptySet(header, kept)


def _read_header(value: bytes | Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        root = value if isinstance(value, Mapping) else orjson.loads(value) if len(value) < _SMALL else None
    except orjson.JSONDecodeError:
        return None
    if not isinstance(root, Mapping):
        return None
    inner, definition = root.get("featureSet", root), root.get("layerDefinition")
    if not isinstance(inner, Mapping) or inner.get("features") != [] or "type" in inner:
        return None
    known = {name: member for name, member in inner.items() if member not in (None, "", [])}
    return {**(definition if isinstance(definition, Mapping) and inner is not root else {}), **known}
