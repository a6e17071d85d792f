"""Feature sets and tables encoded as Esri JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import OID, STRING, Field, find_free_name
from gpserverless.features.rows import Column, Rows
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, flatten, round_coordinates
from gpserverless.geometry.geometry_types import MEMBERS, MULTIPOINT, POINT, POLYGON
from gpserverless.geometry.ring_directions import orient_rings
from gpserverless.values.resolution import EXACT, ORDINATE_DECIMALS, count_decimals

_BLOCK = 20_000  # features with a few vertices each: some megabytes of JSON
_VERTICES_LIKE_A_FEATURE = 10
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def encode_features(
    feature_set: FeatureSet[Any],
    *,
    z: bool = False,
    m: bool = False,
    maximum: int | None = None,
    precision: int | None = None,
) -> bytes:
    """Encode a feature set: outer rings clockwise, always with an object id, null for a missing shape.

    Coordinates are rounded to the resolution of their spatial reference; see `values.resolution`.

    Args:
        feature_set: The features.
        z: Whether to write the z of features that have one.
        m: Whether to write the m of features that have one.
        maximum: Most features; of more than these only the schema is written, and exceededTransferLimit.
        precision: Decimals of x and y; None for those of the resolution, or all if the reference is unknown.
            `EXACT` rounds nothing.
    """
    return b"".join(stream_features(feature_set, z=z, m=m, maximum=maximum, precision=precision))


def stream_features(
    feature_set: FeatureSet[Any],
    *,
    z: bool = False,
    m: bool = False,
    maximum: int | None = None,
    precision: int | None = None,
) -> Iterator[bytes]:
    """Yield the bytes of `encode_features` in blocks, so that they are never in memory as a whole.

    Args:
        feature_set: As for `encode_features`.
        z: As for `encode_features`.
        m: As for `encode_features`.
        maximum: As for `encode_features`.
        precision: As for `encode_features`.
    """
    z, m = z and feature_set.has_z, m and feature_set.has_m
    reference = feature_set.spatial_reference
    header: dict[str, Any] = {
        "displayFieldName": "",
        "geometryType": feature_set.geometry_type,
        "spatialReference": {} if reference is None else reference.to_json(),
    }
    header |= ({"hasZ": True} if z else {}) | ({"hasM": True} if m else {})
    fields, columns = ensure_object_ids(feature_set)
    decimals = count_decimals(reference) if precision is None else precision
    decimals = None if decimals == EXACT else decimals

    def features(some: slice) -> list[Any]:
        flat = flatten(feature_set.geometries[some], feature_set.geometry_type, z=z, m=m)
        if feature_set.geometry_type == POLYGON:
            flat = orient_rings(flat, feature_set.geometries[some])
        shapes = list_geometries(round_coordinates(flat, decimals, ORDINATE_DECIMALS))
        rows = list_attributes(fields, columns, some)
        return [{"attributes": a, "geometry": g} for a, g in zip(rows, shapes, strict=True)]

    counts = shapely.get_num_coordinates(feature_set.geometries).astype(np.int64)
    yield from _encode_document(header, fields, features, 1 + counts // _VERTICES_LIKE_A_FEATURE, maximum)


def encode_table(table: Table, *, maximum: int | None = None) -> bytes:
    """Encode a table as a record set.

    Args:
        table: The rows.
        maximum: Most rows; of more than these only the schema is written, and exceededTransferLimit.
    """
    return b"".join(stream_table(table, maximum=maximum))


def stream_table(table: Table, *, maximum: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of `encode_table` in blocks, so that they are never in memory as a whole.

    Args:
        table: As for `encode_table`.
        maximum: As for `encode_table`.
    """
    fields, columns = ensure_object_ids(table)

    def rows(some: slice) -> list[Any]:
        return [{"attributes": attributes} for attributes in list_attributes(fields, columns, some)]

    weights = np.ones(len(table), np.int64)
    yield from _encode_document({"displayFieldName": ""}, fields, rows, weights, maximum)


def _encode_document(
    header: dict[str, Any],
    fields: list[Field],
    features: Callable[[slice], list[Any]],
    weights: NDArray[np.int64],
    maximum: int | None,
) -> Iterator[bytes]:
    exceeded = maximum is not None and len(weights) > maximum
    head = orjson.dumps(header | {"fields": [field.to_json() for field in fields]}, option=_OPTIONS)
    yield head[:-1] + b',"features":['
    for some in () if exceeded else cut_slices(weights):
        comma = b"," if some.start else b""
        yield comma + orjson.dumps(features(some), option=_OPTIONS)[1:-1]
    yield b'],"exceededTransferLimit":%s}' % (b"true" if exceeded else b"false")


def cut_slices(weights: NDArray[np.int64]) -> Iterator[slice]:
    """Yield slices of about equal weight, without a gap.

    Args:
        weights: Shape (N,), of every feature.
    """
    ends = np.flatnonzero(np.diff((np.cumsum(weights) - weights) // _BLOCK)) + 1
    edges = [0, *ends.tolist(), len(weights)]
    yield from (slice(a, b) for a, b in pairwise(edges) if a < b)


def ensure_object_ids(rows: Rows) -> tuple[list[Field], dict[str, Column]]:
    """Return fields and columns, with an object id of 1 to N unless there is one without null.

    A text field is declared as long as its longest text.

    Args:
        rows: The rows.
    """
    fields, columns = (
        [_fit_length(field, rows.columns[field.name]) for field in rows.fields],
        dict(rows.columns),
    )
    known = rows.object_id_field
    if known is None or columns[known.name].dtype.kind != "i":
        name = known.name if known else find_free_name("OBJECTID", (field.name for field in fields))
        fields = [Field(name, OID)] + [field for field in fields if field.name != name]
        columns[name] = np.arange(1, len(rows) + 1)
    return fields, columns


def _fit_length(field: Field, column: Column) -> Field:
    if field.type != STRING or column.dtype.kind != "O":
        return field
    texts = column.tolist()
    try:
        return field.with_room_for(max(map(len, filter(None, texts)), default=0))
    except TypeError:  # a tool's column of other objects
        return field.with_room_for(max(len(str(value)) for value in texts))


def list_attributes(
    fields: Sequence[Field], columns: Mapping[str, Column], some: slice
) -> list[dict[str, Any]]:
    """Return the attributes of some rows, as JSON.

    Args:
        fields: The fields that are wanted, in order.
        columns: The values by field name.
        some: The rows.
    """
    names = [field.name for field in fields]
    values = (columns[name][some].tolist() for name in names)
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def list_geometries(flat: CoordinateArrays) -> list[Any]:
    """Return geometries as Esri JSON, with arrays of numpy as lists of vertices; None for null ones.

    Args:
        flat: The geometries; their rings have the directions of Esri JSON.
    """
    if flat.geometry_type == POINT:
        return _list_points(flat)
    member, vertices, parts = MEMBERS[flat.geometry_type], flat.coordinates, flat.parts.tolist()
    if flat.geometry_type == MULTIPOINT:
        shapes_of_parts: list[Any] = [{member: vertices[a:b]} for a, b in pairwise(parts)]
        return [shapes_of_parts[a] if a < b else None for a, b in pairwise(flat.features.tolist())]
    rings = [vertices[a:b] for a, b in pairwise(parts)]
    return [{member: rings[a:b]} if a < b else None for a, b in pairwise(flat.features.tolist())]


def _list_points(flat: CoordinateArrays) -> list[Any]:
    names = ("x", "y", *(("z",) if flat.has_z else ()), *(("m",) if flat.has_m else ()))
    rows = flat.coordinates.tolist()
    if len(names) == 2:
        points = [{"x": x, "y": y} for x, y in rows]
    else:
        points = [dict(zip(names, row, strict=True)) for row in rows]
    return [points[a] if a < b else None for a, b in pairwise(flat.features.tolist())]
