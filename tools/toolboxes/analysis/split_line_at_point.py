"""Lines cut at points."""

from typing import Annotated

from shapely import LineString, MultiPoint, Point

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.lengths import read_length
from gpserverless.analysis.split_lines import split_at_points

Pieces = Annotated[FeatureSet[LineString], Field(alias="out_feature_class", description="The pieces.")]


@tool
def split_line_at_point(
    in_features: FeatureSet[LineString],
    point_features: FeatureSet[Point | MultiPoint],
    run: Run,
    search_radius: LinearUnit | None = None,
) -> Pieces:
    """Cut lines at the places nearest to points.

    Pieces keep the attributes and get ORIG_FID, the object id of their line, and ORIG_SEQ, their number along
    it; heights and measures are those of the place. A line that is cut falls into single parts; one that is
    not stays whole. Distances on longitudes and latitudes are lengths in a plane that is true to scale at the
    middle latitude of the lines. A point at the end of a line cuts nothing.

    Args:
        in_features: Lines.
        point_features: Points, in any spatial reference.
        search_radius: Every line within this distance of a point is cut; without it the nearest line alone,
            at any distance.
    """
    radius = None if search_radius is None else read_length(in_features, search_radius, "search_radius")
    return split_at_points(in_features, point_features, radius, run)
