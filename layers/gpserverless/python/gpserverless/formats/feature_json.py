"""Features and tables in JSON: Esri JSON, or GeoJSON, which says so in its `type`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.formats import esri_json
from gpserverless.formats.esri_json.decode import Source, read_within_limits
from gpserverless.formats.limits import FeatureLimits
from gpserverless.formats.read_geojson import decode_geojson, decode_geojson_table


def decode_features(
    source: Source,
    *,
    accepted: frozenset[str] = frozenset(),
    limits: FeatureLimits | None = None,
    warn: Callable[[str], None] | None = None,
) -> FeatureSet[Any]:
    """Decode a feature set of Esri JSON, or a FeatureCollection, Feature or geometry of GeoJSON.

    Args:
        source: JSON, as text or parsed.
        accepted: Accepted Esri geometry types; empty for any.
        limits: Limits of the feature set.
        warn: Takes a sentence about how a value was read.

    Raises:
        InvalidValue: It is neither, over a limit, or a feature is malformed, which is named.
    """
    limits = limits or FeatureLimits()
    document = read_within_limits(source, limits)
    if document.is_geojson:
        return decode_geojson(document, accepted, limits, warn)
    return esri_json.decode_features(document, accepted=accepted, limits=limits, warn=warn)


def decode_table(
    source: Source, *, limits: FeatureLimits | None = None, warn: Callable[[str], None] | None = None
) -> Table:
    """Decode a record set of Esri JSON, or the properties of GeoJSON.

    Args:
        source: JSON, as text or parsed.
        limits: Limits of the record set; only that of features counts.
        warn: Takes a sentence about how a value was read.

    Raises:
        InvalidValue: It is neither, over the limit, or a value does not fit its field.
    """
    document = read_within_limits(source, limits or FeatureLimits())
    if document.is_geojson:
        return decode_geojson_table(document, warn)
    return esri_json.decode_table(document, limits=limits, warn=warn)
