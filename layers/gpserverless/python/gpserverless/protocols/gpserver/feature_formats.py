"""Results in the formats of features: GeoJSON and KMZ."""

from __future__ import annotations

from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import InvalidValue
from gpserverless.http.answer_format import KMZ, unsupported_format
from gpserverless.outputs.rewrite import encode_result_as_geojson, encode_result_as_kmz


def encode_features(name: str, body: bytes, options: DumpOptions) -> bytes:
    """Write a feature result in a format of features.

    Args:
        name: "geojson" or "kmz".
        body: The result: JSON of paramName, dataType and value.
        options: Whether Z ordinates stay, and the decimals of coordinates.

    Raises:
        UnsupportedFormat: The features cannot be brought to WGS 84.
    """
    encode = encode_result_as_kmz if name == KMZ else encode_result_as_geojson
    try:
        return encode(body, options)
    except InvalidValue as problem:
        raise unsupported_format(f"{name} is on WGS 84, and {problem.problem}") from None
