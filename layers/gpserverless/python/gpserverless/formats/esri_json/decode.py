"""Feature sets and tables decoded from Esri JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import OID, Field
from gpserverless.formats.esri_json.attributes import read_attributes
from gpserverless.formats.esri_json.curves import densify
from gpserverless.formats.esri_json.document import Document, check_unique_names, read_document, to_plain
from gpserverless.formats.esri_json.geometries import read_geometries
from gpserverless.formats.limits import FeatureLimits
from gpserverless.values.counts import write_count
from gpserverless.values.json_members import count_members
from gpserverless.values.spatial_reference import SpatialReference

Source = bytes | str | Mapping[str, Any] | Document


def decode_features(
    source: Source,
    *,
    accepted: frozenset[str] = frozenset(),
    default: SpatialReference | None = None,
    limits: FeatureLimits | None = None,
    warn: Callable[[str], None] | None = None,
) -> FeatureSet[Any]:
    """Decode a feature set or a layer object.

    Every member of the header is optional. Rings may be open, in any order and direction; envelopes
    become polygons; a geometry that is null, missing, without vertices or at x "NaN" becomes None. True
    curves become chains of vertices. Fields that are not declared in `fields` are inferred from the
    attributes.

    Args:
        source: JSON, as text or parsed (slower).
        accepted: Accepted Esri geometry types; empty for any.
        default: Spatial reference of features without one.
        limits: Limits of the feature set.
        warn: Takes a sentence if true curves were replaced.

    Raises:
        InvalidValue: The text is no feature set, it is over a limit, or a feature is malformed, which is
            named.
    """
    limits = limits or FeatureLimits()
    document = read_within_limits(source, limits)
    try:
        located = read_geometries(document, accepted, limits.vertices, warn)
    except InvalidValue:
        # True curves are rare, and a search for them takes as long as parsing.
        straight = _densify_curves(document, limits, warn)
        if straight is document:
            raise
        document, located = straight, read_geometries(straight, accepted, limits.vertices, warn)
    fields, columns = read_attributes(document.header, document.features, warn)
    flat = located.flat
    return FeatureSet(
        fields,
        columns,
        geometries=flat.to_shapely(),
        spatial_reference=located.spatial_reference or default,
        geometry_type=flat.geometry_type,
        has_z=flat.has_z,
        has_m=flat.has_m,
    )


def decode_table(
    source: Source, *, limits: FeatureLimits | None = None, warn: Callable[[str], None] | None = None
) -> Table:
    """Decode a record set: features without geometry.

    Args:
        source: JSON, as text or parsed.
        limits: Limits of the record set; only that of features counts.
        warn: Takes a sentence for every column that is renamed.

    Raises:
        InvalidValue: The text is no record set, it is over the limit, or a value does not fit its field.
    """
    document = read_within_limits(source, limits or FeatureLimits())
    for index, feature in enumerate(document.features):
        check_unique_names(feature, f"features[{index}]")
    fields, columns = read_attributes(document.header, document.features, warn)
    if not fields:
        fields, columns = (Field("OBJECTID", OID),), {"OBJECTID": np.arange(1, len(document.features) + 1)}
    return Table(fields, columns)


def _densify_curves(
    document: Document, limits: FeatureLimits, warn: Callable[[str], None] | None
) -> Document:
    if (
        document.text is not None
        and b"curvePaths" not in document.text
        and b"curveRings" not in document.text
    ):
        return document
    features = [to_plain(feature) for feature in document.features]
    count_members(features)
    straight = densify(features, limits.vertices)
    if not straight.curves:
        return document
    if document.header.get("transform") is not None:
        raise InvalidValue("its true curves are quantized", "features without quantization")
    if warn is not None:
        curves = write_count(straight.curves, "true curve", "true curves")
        warn(f"Densified {curves}: a chord departs by at most 0.03 % of the radius.")
    return replace(document, features=straight.features, text=None)


def read_within_limits(source: Source, limits: FeatureLimits) -> Document:
    """Parse a document, unless it is one already.

    Args:
        source: JSON, as text or parsed.
        limits: Limits of the feature set; only that of features counts here.

    Raises:
        InvalidValue: It is no feature set, or has too many features.
    """
    document = source if isinstance(source, Document) else read_document(source)
    if len(document.features) > limits.features:
        raise InvalidValue(
            f"it holds {len(document.features):,} features", f"at most {limits.features:,} features"
        )
    return document
