"""Feature sets and tables to Esri JSON."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import OID, Field
from gpserverless.features.flat import FlatGeometries, flatten
from gpserverless.features.geometry_types import MEMBERS, MULTIPOINT, POINT, POLYGON
from gpserverless.features.rows import Column, Rows

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def encode_features(
    feature_set: FeatureSet[Any], *, z: bool = False, m: bool = False, maximum: int | None = None
) -> bytes:
    """Write a feature set: outer rings clockwise, an OBJECTID always, null for no shape.

    Args:
        feature_set: What to write.
        z: Whether to write the z of features that have one.
        m: Whether to write the m.
        maximum: Most features; with more of them the schema alone is written, and exceededTransferLimit.
    """
    z, m = z and feature_set.has_z, m and feature_set.has_m
    reference = feature_set.spatial_reference
    header: dict[str, Any] = {
        "displayFieldName": "",
        "geometryType": feature_set.geometry_type,
        "spatialReference": {} if reference is None else reference.to_json(),
    }
    header |= ({"hasZ": True} if z else {}) | ({"hasM": True} if m else {})
    fields, rows = _rows(feature_set)
    exceeded = maximum is not None and len(feature_set) > maximum
    features: list[Any] = []
    if not exceeded:
        shapes = _geometries(feature_set, z, m)
        features = [{"attributes": a, "geometry": g} for a, g in zip(rows, shapes, strict=True)]
    return _document(header, fields, features, exceeded)


def encode_table(table: Table, *, maximum: int | None = None) -> bytes:
    """Write a record set.

    Args:
        table: What to write.
        maximum: Most rows; with more of them the schema alone is written, and exceededTransferLimit.
    """
    fields, rows = _rows(table)
    exceeded = maximum is not None and len(table) > maximum
    return _document(
        {"displayFieldName": ""}, fields, [] if exceeded else [{"attributes": a} for a in rows], exceeded
    )


def _document(header: dict[str, Any], fields: list[Field], features: list[Any], exceeded: bool) -> bytes:
    described = [field.to_json() for field in fields]
    body = {"fields": described, "features": features, "exceededTransferLimit": exceeded}
    return orjson.dumps(header | body, option=_OPTIONS)


def _rows(rows: Rows) -> tuple[list[Field], list[dict[str, Any]]]:
    """Return fields and attributes, with an object id made up where there is none that is whole."""
    fields, columns = list(rows.fields), dict(rows.columns)
    known = rows.object_id_field
    if known is None or columns[known.name].dtype.kind != "i":
        name = known.name if known else _free_name(fields)
        fields = [Field(name, OID)] + [field for field in fields if field.name != name]
        columns[name] = np.arange(1, len(rows) + 1)
    names = [field.name for field in fields]
    values = (_values(columns[name]) for name in names)
    return fields, [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _free_name(fields: list[Field]) -> str:
    taken = {field.name.upper() for field in fields}
    names = ["OBJECTID", *(f"OBJECTID_{number}" for number in range(1, len(taken) + 2))]
    return next(name for name in names if name not in taken)


def _values(column: Column) -> list[Any]:
    return list(column.tolist())


def _geometries(feature_set: FeatureSet[Any], z: bool, m: bool) -> list[Any]:
    shapes = feature_set.geometries
    if feature_set.geometry_type == POLYGON:
        shapes = np.asarray(shapely.orient_polygons(shapes, exterior_cw=True))
    flat = flatten(shapes, feature_set.geometry_type, z=z, m=m)
    if flat.geometry_type == POINT:
        return _points(flat)
    member, vertices, parts = MEMBERS[flat.geometry_type], flat.coordinates, flat.parts.tolist()
    if flat.geometry_type == MULTIPOINT:
        shapes_of_parts: list[Any] = [{member: vertices[a:b]} for a, b in pairwise(parts)]
        return [shapes_of_parts[a] if a < b else None for a, b in pairwise(flat.features.tolist())]
    rings = [vertices[a:b] for a, b in pairwise(parts)]
    return [{member: rings[a:b]} if a < b else None for a, b in pairwise(flat.features.tolist())]


def _points(flat: FlatGeometries) -> list[Any]:
    names = ("x", "y", *(("z",) if flat.has_z else ()), *(("m",) if flat.has_m else ()))
    rows = flat.coordinates.tolist()
    if len(names) == 2:
        points = [{"x": x, "y": y} for x, y in rows]
    else:
        points = [dict(zip(names, row, strict=True)) for row in rows]
    return [points[a] if a < b else None for a, b in pairwise(flat.features.tolist())]
