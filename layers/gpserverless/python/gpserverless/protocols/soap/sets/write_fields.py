"""Fields of record sets written as those of the schema; no library of columns is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.features.fields import (
    BIG_INTEGER,
    DATE_ONLY,
    DOUBLE,
    OID,
    STRING,
    TIME_ONLY,
    TIMESTAMP_OFFSET,
    Field,
    find_free_name,
)
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write_reference import make_reference_node

_PREFIX = "esriFieldType"
_STAND_INS = {
    BIG_INTEGER: DOUBLE,
    DATE_ONLY: STRING,
    TIME_ONLY: STRING,
    TIMESTAMP_OFFSET: STRING,
    _PREFIX + "Raster": STRING,
}
"""Types that stand for those of REST for which the schema has no word."""

_LENGTHS = {
    _PREFIX + kind: length
    for kind, length in {
        "OID": 4,
        "Integer": 4,
        "SmallInteger": 2,
        "Double": 8,
        "Single": 4,
        "Date": 8,
        "GUID": 38,
        "GlobalID": 38,
    }.items()
}
_TEXT_LENGTH = 255
_LONGEST = 2**31 - 1


@dataclass(frozen=True)
class Shape:
    """The geometries of a record set.

    Attributes:
        geometry_type: Esri name of the type.
        spatial_reference: Esri JSON, or None.
        has_z: Whether geometries have heights.
        has_m: Whether geometries have measures.
    """

    geometry_type: str
    spatial_reference: Any = None
    has_z: bool = False
    has_m: bool = False


def adapt_field(field: Field) -> Field:
    """Return a field with a type of the schema.

    Args:
        field: A field of any type.
    """
    return replace(field, type=_STAND_INS.get(field.type, field.type))


def find_shape_name(fields: Iterable[Field]) -> str:
    """Return a name for the field of the geometries.

    Args:
        fields: The other fields.
    """
    return find_free_name("Shape", (field.name for field in fields))


def make_shape_node(name: str, shape: Shape) -> Node:
    """Return the field of the geometries as a node.

    Args:
        name: Its name.
        shape: The geometries.

    Raises:
        InvalidValue: The spatial reference cannot be written.
    """
    geometry = Node(
        "GeometryDef",
        {
            "AvgNumPoints": 0,
            "GeometryType": shape.geometry_type,
            "HasM": shape.has_m,
            "HasZ": shape.has_z,
            "SpatialReference": make_reference_node(shape.spatial_reference),
        },
    )
    members = _describe(name, _PREFIX + "Geometry", 0) | {"Required": True, "GeometryDef": geometry}
    return Node("Field", members | {"AliasName": name, "ModelName": name})


def make_field_node(field: Field) -> Node:
    """Return a field as a node.

    Args:
        field: A field with a type of the schema.
    """
    length = _LENGTHS.get(field.type)
    if length is None:
        length = (_TEXT_LENGTH if field.length is None else field.length) if field.type == STRING else 0
    members = _describe(field.name, field.type, min(length, _LONGEST))
    if field.type == OID:
        members |= {"IsNullable": False, "Required": True, "Editable": False, "ModelName": field.name}
    elif field.nullable is False:
        members["IsNullable"] = False
    return Node("Field", members | {"AliasName": field.alias or field.name})


def _describe(name: str, kind: str, length: int) -> dict[str, Any]:
    numbers = {"Length": length, "Precision": 0, "Scale": 0}
    return {"Name": name, "Type": kind, "IsNullable": True, **numbers}
