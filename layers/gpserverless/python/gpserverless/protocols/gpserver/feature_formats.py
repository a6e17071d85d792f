"""Results and inputs in the formats of features: GeoJSON, KMZ, and CSV, which is for tables too."""

from __future__ import annotations

from typing import Any

from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import echo, is_blank
from gpserverless.datatypes.references import find_reference
from gpserverless.datatypes.value_table import GPValueTable
from gpserverless.errors import InvalidValue, TooLarge, UnsupportedFormat
from gpserverless.formats.limits import FeatureLimits
from gpserverless.http.answer_format import CSV, refuse_content, unsupported_format
from gpserverless.http.response import MAX_BODY
from gpserverless.outputs.rewrite import (
    FEATURES,
    TABLES,
    encode_feature_set,
    encode_result,
    encode_table,
    encode_value_table,
    find_service_url,
)


def holds(name: str, data_type: str) -> bool:
    """Return whether a format can hold the values of a data type.

    Args:
        name: "geojson", "kmz" or "csv".
        data_type: Name of the data type.
    """
    return data_type in TABLES if name == CSV else data_type == FEATURES


def encode_features(name: str, body: bytes, data_type: DataType, options: DumpOptions) -> bytes:
    """Write a result in a format of features.

    Args:
        name: "geojson", "kmz" or "csv".
        body: The result: JSON of paramName, dataType and value.
        data_type: Data type of the parameter, which the format holds.
        options: Whether Z ordinates stay, and the decimals of coordinates.

    Raises:
        UnsupportedFormat: The features cannot be brought to WGS 84, or are kept in a service.
        TooLarge: The result lacks features because there are too many, and CSV cannot say so.
    """
    if url := find_service_url(body):
        raise unsupported_format(f"The features are kept in a service, which is asked for them: {url}")
    try:
        return encode_result(name, body, data_type, options)
    except InvalidValue as problem:
        raise _refuse(name, problem) from None


def encode_input(
    name: str, raw: Any, data_type: DataType, limits: FeatureLimits, options: DumpOptions
) -> bytes:
    """Write an input in a format of features, as it was understood.

    How it was read is said in the messages of its job, and not here again.

    Args:
        name: "geojson", "kmz" or "csv".
        raw: The raw value, None if none was given.
        data_type: Data type of the parameter.
        limits: Limits of the features of an input.
        options: Whether Z ordinates stay, and the decimals of coordinates.

    Raises:
        UnsupportedFormat: The input holds no features or rows itself, or they cannot be brought to WGS 84.
        TooLarge: The input is too large to be rewritten, or has curves.
    """
    if not holds(name, data_type.name):
        raise refuse_content(name)
    if isinstance(raw, str) and (len(raw) > MAX_BODY or '"curve' in raw):
        raise TooLarge(f"The input is too large to be rewritten as {name}, or has curves; ask for f=json.")
    given = data_type.empty if is_blank(data_type, raw) else raw
    try:
        if isinstance(data_type, GPValueTable):
            return encode_value_table(data_type, echo(data_type, given))
        rows = None if _is_elsewhere(given) else data_type.load(given, LoadOptions(limits=limits))
    except InvalidValue as problem:
        raise unsupported_format(f"The input cannot be read: {problem.problem}") from None
    if rows is None:
        raise unsupported_format("The input is a name or a reference, and its features are not here")
    return _encode_rows(name, rows, options)


def _is_elsewhere(raw: Any) -> bool:
    """Return whether features or rows are given by the name of a layer or by a reference."""
    is_name = isinstance(raw, str) and not raw.lstrip().startswith("{")
    return is_name or find_reference(raw, "features") is not None


def _encode_rows(name: str, rows: Any, options: DumpOptions) -> bytes:
    from gpserverless.features.feature_set import Table

    if isinstance(rows, Table):
        return encode_table(rows)
    try:
        return encode_feature_set(name, rows, options)
    except InvalidValue as problem:
        raise _refuse(name, problem) from None


def _refuse(name: str, problem: InvalidValue) -> UnsupportedFormat:
    return unsupported_format(f"{name} is on WGS 84, and {problem.problem}")
