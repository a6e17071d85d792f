"""A point for each feature."""

from typing import Annotated, Any

from shapely import Point

from gpserverless import FeatureSet, Field, Keywords, Run, tool
from gpserverless.analysis.centroids import make_centroids

Points = Annotated[FeatureSet[Point], Field(alias="out_feature_class", description="The points.")]


@tool
def feature_to_point(
    in_features: FeatureSet[Any],
    run: Run,
    point_location: Annotated[bool, Keywords("INSIDE", "CENTROID")] = False,
) -> Points:
    """Make a point of each feature: its centroid, or a place that lies on it.

    The points keep the attributes and get ORIG_FID, the object id of their feature. Centroids are those of
    the plane of the coordinates, on longitudes and latitudes too. Features in two parts at both sides of 180
    degrees are joined there first. Features without a shape are left out, and invalid polygons are repaired;
    warnings count both. Heights and measures are not kept.

    Args:
        in_features: Features of any kind.
        point_location: The centroid, which may lie outside of its feature, or a point inside of a polygon, on
            a line, or of a multipoint.
    """
    return make_centroids(in_features, run, inside=point_location)
