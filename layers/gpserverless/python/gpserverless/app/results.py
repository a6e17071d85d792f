"""Stored results in another form than the one they were stored in.

A job's results lie in the store in their final wire form, with every ordinate they have. What is asked of
them beyond that is made on demand, and only then is a geometry library loaded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from gpserverless.datatypes.base import DataType, DumpOptions
from gpserverless.datatypes.value_table import GPValueTable
from gpserverless.errors import InvalidValue
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.formats import KMZ, unsupported_format

if TYPE_CHECKING:
    from gpserverless.features.feature_set import FeatureSet

FEATURES = "GPFeatureRecordSetLayer"
_TAGS = {"dataType", "value"}


def rewritten(body: bytes, data_type: DataType, writing: DumpOptions) -> bytes:
    """Return a stored result as it is asked for.

    Args:
        body: The stored result: paramName, dataType and value.
        data_type: The data type of the output parameter.
        writing: Of features, the spatial reference and the ordinates that stay, and whether they become
            layer objects; of value tables, whether rows become objects by column name.
    """
    result = orjson.loads(body)
    if isinstance(data_type, GPValueTable):
        rows = result["value"]
        value = rows if rows and isinstance(rows[0], dict) else data_type.by_name(rows)
    else:
        value = _rewritten(result["value"], writing)
    return orjson.dumps(answers.value(result["paramName"], result["dataType"], value))


def _rewritten(value: Any, writing: DumpOptions) -> Any:
    """Return a value with the features in it rewritten: a feature set, or a list, perhaps of tagged ones."""
    if isinstance(value, list):
        return [_rewritten(element, writing) for element in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _TAGS:
        return {**value, "value": _rewritten(value["value"], writing)}
    inner, is_collection = value.get("featureSet", value), "featureSet" in value
    if "features" not in inner or "geometryType" not in inner:
        return value
    from gpserverless.datatypes.features import GPFeatureRecordSetLayer
    from gpserverless.formats.feature_collection import make_layer_object

    if inner["features"]:
        wanted = replace(writing, as_collection=writing.as_collection or is_collection)
        return GPFeatureRecordSetLayer().dump(_decoded(value), wanted)
    return make_layer_object(value, writing.title) if writing.as_collection and not is_collection else value


def in_feature_format(name: str, body: bytes, return_z: bool) -> bytes:
    """Return a feature result as GeoJSON or KMZ.

    Args:
        name: "geojson" or "kmz".
        body: The result: paramName, dataType and value.
        return_z: Whether Z ordinates stay.

    Raises:
        UnsupportedFormat: It cannot be told where on Earth the features are.
    """
    from gpserverless.formats.geojson import encode_geojson
    from gpserverless.formats.kml import encode_kmz

    value = orjson.loads(body)["value"]
    try:
        if name == KMZ:
            return encode_kmz(_decoded(value), z=return_z)
        exceeded = value.get("featureSet", value)["exceededTransferLimit"]
        return encode_geojson(_decoded(value), z=return_z, exceeded=exceeded)
    except InvalidValue as problem:
        raise unsupported_format(f"{name} is on WGS 84, and {problem.problem}") from None


def _decoded(value: dict[str, Any]) -> FeatureSet[Any]:
    from gpserverless.formats.esri_json import FeatureLimits, decode_features

    return decode_features(orjson.dumps(value), limits=FeatureLimits(2**62, 2**62))
