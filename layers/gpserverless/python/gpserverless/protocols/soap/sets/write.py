"""Feature sets and tables written as record sets.

The libraries of columns and geometries are imported where a set has records: an empty one is a schema, which
the description of every tool holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.empty_set import read_empty_set
from gpserverless.protocols.soap.sets.record_set import make_record_set_node


def make_features_node(value: bytes | Mapping[str, Any]) -> Node:
    """Return features as a value of type GPFeatureRecordSetLayer, with all heights and measures.

    Args:
        value: Esri JSON of a feature set or of a layer object, or GeoJSON; as bytes, or parsed (slower).

    Raises:
        InvalidValue: It is no feature set, or it holds a value that cannot be written.
    """
    empty = read_empty_set(value)
    if empty is None:
        from gpserverless.protocols.soap.sets.write_records import write_features

        return write_features(value)
    return make_record_set_node(empty.fields, empty.shape, (), empty.header)


def make_table_node(value: bytes | Mapping[str, Any]) -> Node:
    """Return a table as a value of type GPRecordSet.

    Args:
        value: Esri JSON of a record set, or GeoJSON; as bytes, or parsed (slower).

    Raises:
        InvalidValue: It is no record set, or it holds a value that cannot be written.
    """
    empty = read_empty_set(value)
    if empty is None:
        from gpserverless.protocols.soap.sets.write_records import write_table

        return write_table(value)
    return make_record_set_node(empty.fields, None, (), empty.header)
