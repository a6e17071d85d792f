"""Envelopes of features."""

from typing import Annotated

from shapely import LineString, MultiPoint, Polygon

from gpserverless import FeatureSet, Field, Keywords, Run, tool
from gpserverless.analysis.bounds import bound_by_envelopes

Envelopes = Annotated[FeatureSet[Polygon], Field(alias="out_feature_class", description="The envelopes.")]


@tool
def feature_envelope_to_polygon(
    in_features: FeatureSet[MultiPoint | LineString | Polygon],
    run: Run,
    single_envelope: Annotated[bool, Keywords("MULTIPART", "SINGLEPART")] = False,
) -> Envelopes:
    """Draw the box along the axes around each feature.

    Boxes keep the attributes and get ORIG_FID, the object id of their feature. A feature along one axis has a
    box without an area: it is left out, and a warning counts it.

    Args:
        in_features: Lines, polygons or multipoints.
        single_envelope: One box for the whole feature, or with MULTIPART one for each of its parts, in one
            polygon; where such boxes overlap they are united.
    """
    return bound_by_envelopes(in_features, run, parts=single_envelope)
