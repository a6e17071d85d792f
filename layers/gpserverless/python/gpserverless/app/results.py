"""Stored results in another form than the one they were stored in: projected, or without Z and M.

A job's results lie in the store in their final wire form, with every ordinate they have. What is asked of
them beyond that is made on demand, and only then is a geometry library loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from gpserverless.datatypes.base import Writing
from gpserverless.protocol import answers


def rewritten(body: bytes, out_sr: Mapping[str, Any] | None, return_z: bool, return_m: bool) -> bytes:
    """Return a stored feature result, projected and reduced to the ordinates asked for.

    Args:
        body: The stored result: paramName, dataType and value.
        out_sr: Spatial reference as Esri JSON, or None for the one it has.
        return_z: Whether Z ordinates stay.
        return_m: Whether M ordinates stay.
    """
    from gpserverless.datatypes.features import GPFeatureRecordSetLayer
    from gpserverless.features.esri_json import FeatureLimits, decode_features

    result = orjson.loads(body)
    value = result["value"]
    if not value["features"]:
        return body
    anything = FeatureLimits(len(value["features"]), 2**62)
    features = decode_features(orjson.dumps(value), accepted=frozenset(), limits=anything)
    writing = Writing(out_sr, return_z, return_m, max_records=len(features))
    wire = GPFeatureRecordSetLayer().dump(features, writing)
    return orjson.dumps(answers.value(result["paramName"], result["dataType"], wire))
