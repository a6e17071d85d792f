"""Record sets as nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gpserverless.features.fields import OID, Field
from gpserverless.protocols.soap.schema.node import Fragment, Node, Piece
from gpserverless.protocols.soap.sets.write_fields import (
    Shape,
    find_shape_name,
    make_field_node,
    make_shape_node,
)


def make_record_set_node(
    fields: Sequence[Field],
    shape: Shape | None,
    records: Sequence[Sequence[Piece]],
    header: Mapping[str, Any],
) -> Node:
    """Return a record set as a value: of features, or of a table if there are no geometries.

    Args:
        fields: Its fields but that of the geometries, with types of the schema.
        shape: Its geometries, None for a table.
        records: The XML of each record in pieces of UTF-8.
        header: Members beside the features; `exceededTransferLimit` is read.

    Raises:
        InvalidValue: The spatial reference cannot be written.
    """
    nodes = [make_field_node(field) for field in fields]
    name = None
    if shape is not None:
        name = find_shape_name(fields)
        nodes.append(make_shape_node(name, shape))
    exceeded = header.get("exceededTransferLimit")
    members: dict[str, Any] = {
        "RecordSet": Node(
            "RecordSet", {"Fields": Node("Fields", {"FieldArray": nodes}), "Records": Fragment(records)}
        ),
        "OIDFieldName": next((field.name for field in fields if field.type == OID), None),
        "ExceededTransferLimit": exceeded if isinstance(exceeded, bool) else None,
    }
    if name is None:
        return Node("GPRecordSet", members)
    return Node("GPFeatureRecordSetLayer", {**members, "ShapeFieldName": name})
