"""Results in the formats of features: GeoJSON and KMZ."""

from __future__ import annotations

from gpserverless.errors import InvalidValue
from gpserverless.outputs.rewrite import encode_result_as_geojson, encode_result_as_kmz
from gpserverless.protocols.gpserver.answer_format import KMZ, unsupported_format


def encode_features(name: str, body: bytes, return_z: bool) -> bytes:
    """Write a feature result in a format of features.

    Args:
        name: "geojson" or "kmz".
        body: The result: JSON of paramName, dataType and value.
        return_z: Whether Z ordinates stay.

    Raises:
        UnsupportedFormat: The features cannot be brought to WGS 84.
    """
    encode = encode_result_as_kmz if name == KMZ else encode_result_as_geojson
    try:
        return encode(body, return_z)
    except InvalidValue as problem:
        raise unsupported_format(f"{name} is on WGS 84, and {problem.problem}") from None
