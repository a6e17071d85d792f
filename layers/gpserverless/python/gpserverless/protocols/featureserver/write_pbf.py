"""Answers to queries as PBF: protocol buffers in the schema of Esri's arcgis-pbf.

What says how features are read is written before the first of them: a reader takes the message as it comes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import (
    BIG_INTEGER,
    BLOB,
    DATE,
    DATE_ONLY,
    DOUBLE,
    GEOMETRY,
    INTEGER,
    OID,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    TIME_ONLY,
    TIMESTAMP_OFFSET,
    Field,
)
from gpserverless.geometry.coordinate_arrays import CoordinateArrays
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.protocols.featureserver.answers import (
    Answer,
    CountAnswer,
    ExtentAnswer,
    IdsAnswer,
    RowsAnswer,
)
from gpserverless.protocols.featureserver.fields import find_sql_type
from gpserverless.protocols.featureserver.missing_ordinates import leave_out_missing
from gpserverless.protocols.featureserver.pbf_columns import encode_attributes, encode_shapes
from gpserverless.protocols.featureserver.quantization import (
    ORDINATE_SCALE,
    Grid,
    OriginPosition,
    quantize,
)
from gpserverless.protocols.featureserver.read_query import Shaping
from gpserverless.protocols.featureserver.wire_messages import (
    bytes_field,
    double_field,
    encode_varints,
    join_texts,
    put_in_fields,
    whole_field,
)
from gpserverless.protocols.featureserver.write_json import orient_shapes
from gpserverless.values.resolution import GEOGRAPHIC_DECIMALS, count_decimals
from gpserverless.values.spatial_reference import SpatialReference

_GEOMETRY_TYPES = {POINT: 0, MULTIPOINT: 1, POLYLINE: 2, POLYGON: 3}
_NO_GEOMETRY = 127
_FIELD_TYPES: Mapping[str, int] = {
    SMALL_INTEGER: 0, INTEGER: 1, SINGLE: 2, DOUBLE: 3, STRING: 4, DATE: 5, OID: 6, GEOMETRY: 7, BLOB: 8,
    "esriFieldTypeGUID": 10, "esriFieldTypeGlobalID": 11, "esriFieldTypeXML": 12, BIG_INTEGER: 13,
    DATE_ONLY: 14, TIME_ONLY: 15, TIMESTAMP_OFFSET: 16,
}  # fmt: skip
_SQL_TYPES: Mapping[str, int] = {
    "sqlTypeBigInt": 0, "sqlTypeDouble": 6, "sqlTypeInteger": 10, "sqlTypeNVarchar": 15, "sqlTypeOther": 16,
    "sqlTypeReal": 17, "sqlTypeSmallInt": 18, "sqlTypeTimestamp2": 22,
}  # fmt: skip
_FEATURES = 15
_WHOLE_DIGITS = 16  # of a floating-point number


def encode_pbf(answer: Answer) -> bytes:
    """Return an answer as the bytes of a FeatureCollectionPBuffer.

    Args:
        answer: The answer.
    """
    match answer:
        case CountAnswer(count):
            result = bytes_field(2, whole_field(1, count))
        case IdsAnswer(field, ids):
            result = bytes_field(3, _text(1, field) + bytes_field(3, encode_varints(ids).data.tobytes()))
        case ExtentAnswer():
            result = bytes_field(4, _encode_extent(answer))
        case RowsAnswer():
            result = bytes_field(1, _encode_rows(answer))
    return bytes_field(1, b"") + bytes_field(2, result)


def _text(number: int, text: str) -> bytes:
    return bytes_field(number, text.encode("utf-8", "replace"))


def _encode_extent(answer: ExtentAnswer) -> bytes:
    sides = answer.extent or (float("nan"),) * 4
    box = b"".join(double_field(number, side) for number, side in enumerate(sides, 1))
    box += bytes_field(5, _encode_reference(answer.reference))
    return bytes_field(1, box) + (b"" if answer.count is None else whole_field(2, answer.count))


def _encode_reference(reference: SpatialReference | None) -> bytes:
    document = {} if reference is None else reference.to_json()
    numbers = {"wkid": 1, "latestWkid": 2, "vcsWkid": 3}
    written = b"".join(whole_field(n, document[name]) for name, n in numbers.items() if document.get(name))
    return written + (_text(5, document["wkt"]) if document.get("wkt") else b"")


def _encode_rows(answer: RowsAnswer) -> bytes:
    answer = leave_out_missing(answer)
    rows, shaping = answer.rows, answer.shaping
    pieces = [_encode_header(answer)]
    flat = None
    if isinstance(rows, FeatureSet):
        flat, grid = _place_shapes(rows, shaping)
        pieces.append(bytes_field(12, _encode_transform(grid)))
    pieces.append(_encode_fields(rows.fields))
    if len(rows) and rows.fields:
        pieces.append(_encode_features(answer, flat))
    return b"".join(pieces)


def _encode_header(answer: RowsAnswer) -> bytes:
    shaping, name = answer.shaping, answer.object_id_field
    header = _text(1, name) + _text(3, "")
    if name:
        header += bytes_field(2, _text(1, name) + whole_field(2, 1))
    header += whole_field(7, _GEOMETRY_TYPES.get(answer.geometry_type, _NO_GEOMETRY))
    if answer.geometry_type:
        header += bytes_field(8, _encode_reference(shaping.reference))
    header += whole_field(9, answer.exceeded)
    return header + whole_field(10, shaping.z) + whole_field(11, shaping.m)


def _place_shapes(rows: FeatureSet[Any], shaping: Shaping) -> tuple[CoordinateArrays, Grid]:
    """Return shapes on the grid of the query, or on that of their resolution with all vertices."""
    flat = orient_shapes(rows, shaping)
    if shaping.grid is not None:
        return quantize(flat, shaping.grid), shaping.grid
    decimals = count_decimals(shaping.reference) if shaping.decimals is None else shaping.decimals
    if decimals is None:
        decimals = GEOGRAPHIC_DECIMALS if np.abs(flat.coordinates).max(initial=0) < 1e6 else 4
    decimals = min(decimals, _count_whole_decimals(flat))
    position: OriginPosition = "upperLeft"  # the only place of y = 0 that some decoders know
    grid = Grid(position, 10.0**-decimals, keeps_vertices=True)
    return quantize(flat, grid), grid


def _count_whole_decimals(flat: CoordinateArrays) -> int:
    """Return how many decimals all vertices may have, so that they are exact as whole numbers."""
    finite = np.abs(flat.coordinates[:, :2])
    largest = float(finite[np.isfinite(finite)].max(initial=1.0))
    return _WHOLE_DIGITS - math.ceil(math.log10(largest))


def _encode_transform(grid: Grid) -> bytes:
    scale = double_field(1, grid.scale) + double_field(2, grid.scale)
    scale += double_field(3, ORDINATE_SCALE) + double_field(4, ORDINATE_SCALE)
    x, y = grid.origin
    translate = double_field(1, x) + double_field(2, y) + double_field(3, 0.0) + double_field(4, 0.0)
    position = whole_field(1, 1 if grid.position == "lowerLeft" else 0)
    return position + bytes_field(2, scale) + bytes_field(3, translate)


def _encode_fields(fields: Sequence[Field]) -> bytes:
    return b"".join(bytes_field(13, _encode_field(field)) for field in fields)


def _encode_field(field: Field) -> bytes:
    kind = _FIELD_TYPES.get(field.type, _FIELD_TYPES[STRING])
    described = _text(1, field.name) + whole_field(2, kind) + _text(3, field.alias or field.name)
    return described + whole_field(4, _SQL_TYPES[find_sql_type(field)])


def _encode_features(answer: RowsAnswer, flat: CoordinateArrays | None) -> bytes:
    rows = answer.rows
    attributes = encode_attributes(rows.fields, [rows.columns[field.name] for field in rows.fields])
    features = attributes if flat is None else join_texts([attributes, encode_shapes(flat)])
    return put_in_fields(_FEATURES, features).data.tobytes()
