"""Vertices as points."""

from typing import Annotated, Literal

from shapely import LineString, MultiPoint, Point, Polygon

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.vertices import make_vertex_points

Points = Annotated[FeatureSet[Point], Field(alias="out_feature_class", description="The points.")]


@tool
def feature_vertices_to_points(
    in_features: FeatureSet[LineString | Polygon | MultiPoint],
    run: Run,
    point_location: Literal["ALL", "MID", "START", "END", "BOTH_ENDS", "DANGLE"] = "ALL",
) -> Points:
    """Make points at the vertices of lines and polygons.

    The points keep the attributes, heights and measures, and get ORIG_FID, the object id of their feature.
    A ring of a polygon gives its first vertex a second time where it closes. START and END are the first and
    the last vertex of a feature. MID is the place at half of the length of all its parts; on longitudes and
    latitudes the length is measured on the ellipsoid. DANGLE finds the ends of lines that meet no line.
    Features without a shape are left out, and a warning counts them.

    Args:
        in_features: Lines, polygons or multipoints.
        point_location: The vertices wanted; DANGLE is for lines alone.
    """
    return make_vertex_points(in_features, point_location, run)
