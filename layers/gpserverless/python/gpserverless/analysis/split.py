"""Features divided by zones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from gpserverless.analysis.inputs import check_types, make_unique
from gpserverless.analysis.layers import OLD_MEASURES, prepare_layers
from gpserverless.analysis.operations import make_multipoints
from gpserverless.analysis.pieces import intersect_pieces, start_pieces
from gpserverless.analysis.tolerance import read_tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import MULTIPOINT, POLYGON
from gpserverless.values.units import LinearUnit


@dataclass(frozen=True)
class Zones:
    """The polygons that features are divided by."""

    #: Name of their parameter.
    name: str
    #: The polygons; they may overlap.
    features: FeatureSet[Any]
    #: Name of the parameter of the field.
    field_name: str
    #: The field whose value each part gets.
    field: str
    #: The tolerance that the caller gives.
    tolerance: LinearUnit | None = None


def split(features: FeatureSet[Any], zones: Zones, watch: Watch) -> FeatureSet[Any]:
    """Return the parts of features in each zone, with the attributes of the feature and the zone's value.

    Args:
        features: Features of any type.
        zones: The zones.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: The zones are no polygons, or have no such field.
    """
    check_types(zones.features, zones.name, [POLYGON])
    try:
        described = zones.features.field(zones.field)
    except InvalidValue as error:
        raise InvalidParameter(zones.field_name, error.problem, error.accepted) from None
    tolerance = read_tolerance(zones.tolerance, features.spatial_reference)
    given = [("in_features", features), (zones.name, zones.features)]
    layer, other = prepare_layers(given, tolerance, watch)
    starts = start_pieces(layer.shapes), start_pieces(other.shapes)
    pieces = intersect_pieces(*starts, layer.dimension, tolerance, watch).pieces.sort()
    shapes = pieces.shapes
    if features.geometry_type == MULTIPOINT:
        shapes = make_multipoints(shapes)
    parts = layer.features.without(*OLD_MEASURES).take(pieces.members[:, 0])
    parts = parts.with_geometries(shapes, features.geometry_type)
    name = make_unique(described.name, parts.columns)
    values = other.features.columns[described.name][pieces.members[:, 1]]
    return parts.with_columns({name: values}, [replace(described, name=name)])
