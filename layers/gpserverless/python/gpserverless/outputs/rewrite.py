"""Stored results in another form than the stored one.

A job's results lie in the store in their final wire form, with every ordinate. Another form is made on
demand, and only then is a geometry library loaded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from gpserverless.datatypes.base import DataType, DumpOptions
from gpserverless.datatypes.value_table import GPValueTable
from gpserverless.formats.warnings import make_warnings

if TYPE_CHECKING:
    from gpserverless.features.feature_set import FeatureSet

FEATURES = "GPFeatureRecordSetLayer"
"""Data type of the results that have feature formats."""

_TAGS = {"dataType", "value"}


def rewrite_result(body: bytes, data_type: DataType, options: DumpOptions) -> bytes:
    """Rewrite a stored result.

    The messages of the job are written when it ends. So a result whose rewriting loses a shape, such as one
    without a place in the other spatial reference, gets a member `messages` of its own.

    Args:
        body: The stored result: JSON of paramName, dataType and value.
        data_type: Data type of the output parameter.
        options: For features, their spatial reference and ordinates, and whether they become layer objects;
            for value tables, whether rows become objects by column name.
    """
    result = orjson.loads(body)
    if isinstance(data_type, GPValueTable):
        rows = result["value"]
        result["value"] = rows if rows and isinstance(rows[0], dict) else data_type.name_cells(rows)
    else:
        warnings: list[str] = []
        result["value"] = _rewrite(result["value"], replace(options, warn=warnings.append))
        if warnings:
            result["messages"] = make_warnings(warnings)
    return orjson.dumps(result)


def _rewrite(value: Any, options: DumpOptions) -> Any:
    """Rewrite the features of a value: a feature set, or a list, perhaps of values tagged by data type."""
    if isinstance(value, list):
        return [_rewrite(element, options) for element in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _TAGS:
        return {**value, "value": _rewrite(value["value"], options)}
    inner, is_collection = value.get("featureSet", value), "featureSet" in value
    if "features" not in inner or "geometryType" not in inner:
        return value
    from gpserverless.datatypes.features import GPFeatureRecordSetLayer
    from gpserverless.formats.feature_collection import make_layer_object

    if inner["features"]:
        options = replace(options, as_collection=options.as_collection or is_collection)
        return GPFeatureRecordSetLayer().dump(_decode(value), options)
    return make_layer_object(value, options.title) if options.as_collection and not is_collection else value


def encode_result_as_geojson(body: bytes, options: DumpOptions) -> bytes:
    """Write a feature result as GeoJSON.

    Args:
        body: The result: JSON of paramName, dataType and value.
        options: Whether Z ordinates stay, and the decimals of coordinates.

    Raises:
        InvalidValue: The features have no spatial reference that leads to WGS 84.
    """
    from gpserverless.formats.geojson import encode_geojson

    value = orjson.loads(body)["value"]
    return encode_geojson(
        _decode(value),
        z=options.return_z,
        exceeded=_is_exceeded(value),
        precision=options.geometry_precision,
    )


def encode_result_as_kmz(body: bytes, options: DumpOptions) -> bytes:
    """Write a feature result as KMZ.

    Args:
        body: The result: JSON of paramName, dataType and value.
        options: Whether Z ordinates stay, and the decimals of coordinates.

    Raises:
        InvalidValue: The features have no spatial reference that leads to WGS 84.
    """
    from gpserverless.formats.kml import encode_kmz

    value = orjson.loads(body)["value"]
    return encode_kmz(_decode(value), z=options.return_z, exceeded=_is_exceeded(value))


def _is_exceeded(value: dict[str, Any]) -> bool:
    """Return whether a feature set or a layer object lacks features because there are too many."""
    return bool(value.get("featureSet", value)["exceededTransferLimit"])


def _decode(value: dict[str, Any]) -> FeatureSet[Any]:
    from gpserverless.formats.esri_json import FeatureLimits, decode_features

    return decode_features(orjson.dumps(value), limits=FeatureLimits(2**62, 2**62))
