"""Stored results in another form than the stored one.

A job's results lie in the store in their final wire form, with every ordinate. Another form is made on
demand, and only then is a geometry library loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from gpserverless.datatypes.base import DataType, DumpOptions
from gpserverless.datatypes.value_table import GPValueTable
from gpserverless.errors import TooLarge
from gpserverless.formats.warnings import make_warnings
from gpserverless.toolkit.layers import LAYER_TYPES

if TYPE_CHECKING:
    from gpserverless.features.feature_set import FeatureSet, Table
    from gpserverless.formats.placemark_styles import PlacemarkStyles

FEATURES = "GPFeatureRecordSetLayer"
"""Data type of the results that have feature formats."""

TABLES = (FEATURES, "GPRecordSet", "GPValueTable")
"""Data types of the results that are rows, which CSV can hold."""

_TAGS = {"dataType", "value"}
_POINTER_BYTES = 10_000  # of a result that is the URL of a layer, at most


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
    result, warnings = _rewrite_document(body, data_type, options)
    if warnings:
        result["messages"] = make_warnings(warnings)
    return orjson.dumps(result)


def rewrite_with_warnings(
    body: bytes, data_type: DataType, options: DumpOptions
) -> tuple[bytes, Sequence[str]]:
    """Rewrite a stored result; losses are told apart from it, for answers that have messages.

    Args:
        body: The stored result, as for `rewrite_result`.
        data_type: Data type of the output parameter.
        options: As for `rewrite_result`.
    """
    result, warnings = _rewrite_document(body, data_type, options)
    return orjson.dumps(result), warnings


def _rewrite_document(
    body: bytes, data_type: DataType, options: DumpOptions
) -> tuple[dict[str, Any], list[str]]:
    result: dict[str, Any] = orjson.loads(body)
    warnings: list[str] = []
    if isinstance(data_type, GPValueTable):
        rows = result["value"]
        result["value"] = rows if rows and isinstance(rows[0], dict) else data_type.name_cells(rows)
    else:
        result["value"] = _rewrite(result["value"], replace(options, warn=warnings.append))
    return result, warnings


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
        written = GPFeatureRecordSetLayer().dump(_decode(value), options)
        return _mark_exceeded(written) if _is_exceeded(value) else written
    return make_layer_object(value, options.title) if options.as_collection and not is_collection else value


def find_service_url(body: bytes) -> str:
    """Return the URL of the layer that keeps the features of a stored result; "" if they are in the result.

    Args:
        body: The result: JSON of paramName, dataType and value.
    """
    if len(body) > _POINTER_BYTES:
        return ""
    document = orjson.loads(body)
    value = document.get("value")
    is_pointer = isinstance(value, dict) and value.keys() == {"url"} and document["dataType"] in LAYER_TYPES
    return str(value["url"]) if is_pointer else ""


def encode_result(name: str, body: bytes, data_type: DataType, options: DumpOptions) -> bytes:
    """Write a result of features, a table or a value table in a format of features.

    Args:
        name: "geojson", "kmz" or "csv"; only the last has room for tables.
        body: The result: JSON of paramName, dataType and value.
        data_type: Data type of the parameter.
        options: Whether Z ordinates stay, and the decimals of coordinates.

    Raises:
        InvalidValue: The features have no spatial reference that leads to WGS 84.
        TooLarge: The result lacks features because there are too many, and CSV cannot say so.
    """
    value = orjson.loads(body)["value"]
    if isinstance(data_type, GPValueTable):
        return encode_value_table(data_type, value)
    if "geometryType" in value.get("featureSet", value):
        return encode_feature_set(name, _decode(value), options, exceeded=_is_exceeded(value))
    if _is_exceeded(value):
        raise _too_many()
    from gpserverless.formats.esri_json import FeatureLimits, decode_table

    return encode_table(decode_table(value, limits=FeatureLimits(2**62, 2**62)))


def encode_feature_set(
    name: str,
    features: FeatureSet[Any],
    options: DumpOptions,
    *,
    exceeded: bool = False,
    styles: PlacemarkStyles | None = None,
) -> bytes:
    """Write features in a format of features.

    Args:
        name: "geojson", "kmz" or "csv".
        features: The features.
        options: Whether Z ordinates stay, and the decimals of coordinates.
        exceeded: Whether features were left out because there are too many.
        styles: How a KMZ draws the features, None for as the program that opens it does.

    Raises:
        InvalidValue: The features have no spatial reference that leads to WGS 84.
        TooLarge: Features were left out, and CSV cannot say so.
    """
    z, precision = options.return_z, options.geometry_precision
    if name == "csv":
        if exceeded:
            raise _too_many()
        from gpserverless.formats.csv_text import encode_csv

        return encode_csv(features, z=z, precision=precision)
    if name == "kmz":
        from gpserverless.formats.kml import encode_kmz

        return encode_kmz(features, z=z, exceeded=exceeded, styles=styles)
    from gpserverless.formats.geojson import encode_geojson

    return encode_geojson(features, z=z, exceeded=exceeded, precision=precision)


def encode_table(table: Table) -> bytes:
    """Write a table as CSV.

    Args:
        table: The table.
    """
    from gpserverless.formats.csv_text import encode_table_csv

    return encode_table_csv(table)


def encode_value_table(data_type: GPValueTable, rows: Sequence[Any]) -> bytes:
    """Write the rows of a value table as CSV.

    Args:
        data_type: The data type, whose columns are named in the first line.
        rows: The rows as JSON, by position or by column name.
    """
    from gpserverless.formats.csv_cells import write_moment
    from gpserverless.formats.csv_text import encode_rows_csv

    dates = [column.data_type.name == "GPDate" for column in data_type.columns]
    cells = [
        [
            write_moment(cell) if is_date and isinstance(cell, int) else cell
            for cell, is_date in zip(row.values() if isinstance(row, dict) else row, dates, strict=True)
        ]
        for row in rows
    ]
    return encode_rows_csv([column.name for column in data_type.columns], cells)


def _is_exceeded(value: dict[str, Any]) -> bool:
    """Return whether a feature set or a layer object lacks features because there are too many."""
    return bool(value.get("featureSet", value)["exceededTransferLimit"])


def _mark_exceeded(written: Any) -> dict[str, Any]:
    """Return features that say that there are more, which those at hand do not tell."""
    document: dict[str, Any] = orjson.loads(orjson.dumps(written))
    document.get("featureSet", document)["exceededTransferLimit"] = True
    return document


def _too_many() -> TooLarge:
    return TooLarge("There are more rows than the service sends in one answer, and CSV cannot say so.")


def _decode(value: dict[str, Any]) -> FeatureSet[Any]:
    from gpserverless.formats.esri_json import FeatureLimits, decode_features

    return decode_features(orjson.dumps(value), limits=FeatureLimits(2**62, 2**62))
