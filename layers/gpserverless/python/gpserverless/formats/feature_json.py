"""Features and tables in JSON: Esri JSON, or GeoJSON, which says so in its `type`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.formats import esri_json
from gpserverless.formats.esri_json.decode import Source, read_within_limits
from gpserverless.formats.esri_json.document import Document
from gpserverless.formats.limits import FeatureLimits
from gpserverless.formats.read_geojson import decode_geojson, decode_geojson_table
from gpserverless.values.counts import write_count


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
    _warn_of_a_limit(document, warn)
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
    _warn_of_a_limit(document, warn)
    if document.is_geojson:
        return decode_geojson_table(document, warn)
    return esri_json.decode_table(document, limits=limits, warn=warn)


def _warn_of_a_limit(document: Document, warn: Callable[[str], None] | None) -> None:
    """Warn of features of which their server has left out some, as it says itself."""
    if warn is not None and document.header.get("exceededTransferLimit") is True:
        count = write_count(len(document.features), "feature is", "features are")
        warn(f"exceededTransferLimit is true: {count} given, and there are more that are not read.")
