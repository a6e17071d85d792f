"""Features and rows written as records, in columns."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import OID, Field
from gpserverless.formats.esri_json.attributes import read_attributes
from gpserverless.formats.esri_json.document import Document, read_document
from gpserverless.formats.esri_json.encode import ensure_object_ids
from gpserverless.formats.esri_json.geometries import read_geometries
from gpserverless.formats.feature_json import decode_features, decode_table
from gpserverless.formats.limits import FeatureLimits
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, flatten
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.geometry.ring_directions import orient_rings
from gpserverless.protocols.soap.schema.node import Node, Piece
from gpserverless.protocols.soap.sets.geometry_text import rewrite_features
from gpserverless.protocols.soap.sets.markup import GeometryCell
from gpserverless.protocols.soap.sets.record_set import make_record_set_node
from gpserverless.protocols.soap.sets.write_cells import CellColumn, write_column
from gpserverless.protocols.soap.sets.write_fields import Shape
from gpserverless.protocols.soap.sets.write_geometry import write_geometries
from gpserverless.values.spatial_reference import SpatialReference

_NO_LIMITS = FeatureLimits(features=sys.maxsize, vertices=sys.maxsize)  # they are those of inputs
_START = b'<Record xsi:type="tns:Record"><Values xsi:type="tns:ArrayOfValue">'
_END = b"</Values></Record>"


def write_features(value: bytes | Mapping[str, Any]) -> Node:
    """Return features as a value of type GPFeatureRecordSetLayer.

    Args:
        value: Esri JSON of a feature set or of a layer object, or GeoJSON.

    Raises:
        InvalidValue: It is no feature set, or it holds a value that cannot be written.
    """
    rewritten = rewrite_features(value) if isinstance(value, bytes) else None
    if rewritten is None:
        return _write_located(read_document(value))
    header, cells = rewritten.header, rewritten.cells
    rows = [{"attributes": attributes} for attributes in rewritten.attributes]
    table = _make_table(*read_attributes(header, rows), len(cells))
    shape = Shape(header["geometryType"], header.get("spatialReference"), *rewritten.flags)
    return _make_node(table, shape, cells, header)


def _write_located(document: Document) -> Node:
    table, shapes = _read_features(document)
    flat = shapes.flat
    shape = Shape(flat.geometry_type, _describe_reference(document, shapes), flat.has_z, flat.has_m)
    return _make_node(table, shape, write_geometries(flat), document.header)


def _make_node(
    table: Table, shape: Shape | None, cells: list[GeometryCell], header: Mapping[str, Any]
) -> Node:
    columns = _write_columns(table)
    fields = [column.field for column in columns]
    records = _join([column.cells for column in columns], cells if shape else [()] * len(table))
    return make_record_set_node(fields, shape, records, header)


def write_table(value: bytes | Mapping[str, Any]) -> Node:
    """Return a table as a value of type GPRecordSet.

    Args:
        value: Esri JSON of a record set, or GeoJSON.

    Raises:
        InvalidValue: It is no record set, or it holds a value that cannot be written.
    """
    document = read_document(value)
    return _make_node(decode_table(document, limits=_NO_LIMITS), None, [], document.header)


@dataclass(frozen=True)
class _Shapes:
    flat: CoordinateArrays
    spatial_reference: SpatialReference | None


def _read_features(document: Document) -> tuple[Table, _Shapes]:
    """Read the vertices as they are; those of GeoJSON and of true curves only by way of geometries."""
    if not document.is_geojson:
        try:
            located = read_geometries(document, frozenset(), _NO_LIMITS.vertices)
        except InvalidValue:
            return _read_shapes(document)
        rows = _make_table(*read_attributes(document.header, document.features), len(document.features))
        return rows, _Shapes(located.flat, located.spatial_reference)
    return _read_shapes(document)


def _read_shapes(document: Document) -> tuple[Table, _Shapes]:
    found: FeatureSet[Any] = decode_features(document, limits=_NO_LIMITS)
    flat = flatten(found.geometries, found.geometry_type, z=found.has_z, m=found.has_m)
    if found.geometry_type == POLYGON:
        flat = orient_rings(flat, found.geometries)
    return _make_table(found.fields, found.columns, len(found)), _Shapes(flat, found.spatial_reference)


def _make_table(fields: Sequence[Field], columns: Mapping[str, Any], count: int) -> Table:
    if not fields:
        return Table((Field("OBJECTID", OID),), {"OBJECTID": np.arange(1, count + 1)})
    return Table(tuple(fields), columns)


def _describe_reference(document: Document, shapes: _Shapes) -> Any:
    """Return the spatial reference as it is named, which can say more than the resolved one."""
    named = document.header.get("spatialReference")
    if isinstance(named, Mapping) and named.get("wkid") is not None:
        return named
    return None if shapes.spatial_reference is None else shapes.spatial_reference.to_json()


def _write_columns(table: Table) -> list[CellColumn]:
    fields, columns = ensure_object_ids(table)
    written = [write_column(field, columns[field.name]) for field in fields]
    if any(column.field.type == OID for column in written):
        return written
    return _write_columns(Table(tuple(c.field for c in written), {f.name: columns[f.name] for f in fields}))


def _join(columns: Sequence[list[bytes]], shapes: Sequence[GeometryCell]) -> list[tuple[Piece, ...]]:
    """Return the cells of each record, between its tags."""
    return [(_START, *row, *shape, _END) for *row, shape in zip(*columns, shapes, strict=True)]
