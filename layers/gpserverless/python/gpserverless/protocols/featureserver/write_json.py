"""Answers to queries as Esri JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import Field
from gpserverless.formats.esri_json.encode import list_attributes, list_geometries
from gpserverless.formats.warnings import make_warnings
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, flatten, round_coordinates
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.geometry.ring_directions import orient_rings
from gpserverless.protocols.featureserver.answers import (
    Answer,
    CountAnswer,
    ExtentAnswer,
    IdsAnswer,
    RowsAnswer,
)
from gpserverless.protocols.featureserver.extents import write_extent
from gpserverless.protocols.featureserver.fields import describe_field
from gpserverless.protocols.featureserver.missing_ordinates import leave_out_missing
from gpserverless.protocols.featureserver.quantization import compute_differences, quantize
from gpserverless.protocols.featureserver.read_query import Shaping
from gpserverless.values.resolution import ORDINATE_DECIMALS, count_decimals

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def dump(document: Any) -> bytes:
    """Write a document that may hold arrays of numpy.

    Args:
        document: The document.
    """
    return orjson.dumps(document, option=_OPTIONS)


def make_document(answer: Answer) -> dict[str, Any]:
    """Return an answer as a document, with arrays of numpy in it.

    Args:
        answer: The answer.
    """
    match answer:
        case CountAnswer(count):
            return {"count": count}
        case IdsAnswer(field, ids):
            return {"objectIdFieldName": field, "objectIds": ids}
        case ExtentAnswer(extent, reference, count):
            document: dict[str, Any] = {"extent": write_extent(extent, reference)}
            return document if count is None else {**document, "count": count}
    return _make_rows(answer)


def _make_rows(answer: RowsAnswer) -> dict[str, Any]:
    if answer.shaping.grid is not None:
        answer = leave_out_missing(answer)
    fields = answer.rows.fields
    attributes = list_attributes(fields, answer.rows.columns, slice(None))
    features: list[dict[str, Any]] = [{"attributes": each} for each in attributes]
    header = _make_header(answer)
    if isinstance(answer.rows, FeatureSet):
        shapes = list_geometries(arrange_shapes(answer.rows, answer.shaping))
        for feature, shape in zip(features, shapes, strict=True):
            feature["geometry"] = shape
    return {
        **header,
        "fields": describe_fields(fields),
        "features": features,
        "exceededTransferLimit": answer.exceeded,
        **write_warnings(answer),
    }


def write_warnings(answer: RowsAnswer) -> dict[str, Any]:
    """Return the member `messages` of an answer; none if there is nothing to warn of.

    Args:
        answer: The answer.
    """
    return {"messages": make_warnings(answer.warnings)} if answer.warnings else {}


def describe_fields(fields: Sequence[Field]) -> list[dict[str, Any]]:
    """Return the fields of an answer as Esri JSON.

    Args:
        fields: The fields.
    """
    return [describe_field(field) for field in fields]


def _make_header(answer: RowsAnswer) -> dict[str, Any]:
    """Return the members before the features; rows that stand for several have no object id."""
    if not answer.object_id_field:
        return {"displayFieldName": ""}
    header: dict[str, Any] = {
        "objectIdFieldName": answer.object_id_field,
        "uniqueIdField": {"name": answer.object_id_field, "isSystemMaintained": True},
        "globalIdFieldName": "",
    }
    if not answer.geometry_type:
        return header
    shaping = answer.shaping
    header["geometryType"] = answer.geometry_type
    header["spatialReference"] = {} if shaping.reference is None else shaping.reference.to_json()
    header |= ({"hasZ": True} if shaping.z else {}) | ({"hasM": True} if shaping.m else {})
    if shaping.grid is not None and isinstance(answer.rows, FeatureSet):
        header["transform"] = shaping.grid.to_json(ordinates=shaping.z + shaping.m)
    return header


def arrange_shapes(rows: FeatureSet[Any], shaping: Shaping) -> CoordinateArrays:
    """Return shapes with the directions of Esri JSON, rounded, or quantized with differences.

    Args:
        rows: The features.
        shaping: How they are written.
    """
    flat = orient_shapes(rows, shaping)
    if shaping.grid is None:
        decimals = count_decimals(shaping.reference) if shaping.decimals is None else shaping.decimals
        return round_coordinates(flat, decimals, ORDINATE_DECIMALS)
    placed = quantize(flat, shaping.grid)
    return replace(placed, coordinates=compute_differences(placed))


def orient_shapes(rows: FeatureSet[Any], shaping: Shaping) -> CoordinateArrays:
    """Return shapes as flat arrays, outer rings clockwise.

    Args:
        rows: The features.
        shaping: Which ordinates are wanted.
    """
    flat = flatten(rows.geometries, rows.geometry_type, z=shaping.z, m=shaping.m)
    return orient_rings(flat, rows.geometries) if rows.geometry_type == POLYGON else flat
