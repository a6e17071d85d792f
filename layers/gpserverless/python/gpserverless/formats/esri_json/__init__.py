"""Feature sets and tables from and to Esri JSON, as arrays: nothing here visits single vertices."""

from gpserverless.formats.esri_json.decode import decode_features, decode_table
from gpserverless.formats.esri_json.encode import (
    encode_features,
    encode_table,
    stream_features,
    stream_table,
)
from gpserverless.formats.limits import FeatureLimits

__all__ = [
    "FeatureLimits",
    "decode_features",
    "decode_table",
    "encode_features",
    "encode_table",
    "stream_features",
    "stream_table",
]
