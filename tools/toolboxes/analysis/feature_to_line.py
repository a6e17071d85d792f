"""Lines and outlines cut where they meet."""

from typing import Annotated

from shapely import LineString, Polygon

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.feature_lines import make_lines
from toolboxes.analysis._examples import AREAS, ZONES

Lines = Annotated[
    FeatureSet[LineString], Field(alias="out_feature_class", description="The pieces, each of one part.")
]


@tool
def feature_to_line(
    in_features: Annotated[list[FeatureSet[LineString | Polygon]], Field(examples=[[ZONES, AREAS]])],
    run: Run,
    cluster_tolerance: LinearUnit | None = None,
    attributes: Annotated[bool, Keywords("ATTRIBUTES", "NO_ATTRIBUTES")] = True,
) -> Lines:
    """Cut lines and the outlines of polygons where they touch, cross or overlap.

    A piece has the attributes of its feature of each layer, and for each layer a column of object ids:
    FID_in_features, FID_in_features_1 and so on. Where it is outside a layer, the object id is -1 and the
    attributes are null. A name that occurs twice gets a number: NAME, NAME_1. Columns of lengths and areas
    (Shape_Length, Shape_Area) are left out. A piece that lies on features of two layers is there once, with
    the attributes of both; on two features of one layer, such as the border of two polygons, once for each.
    With NO_ATTRIBUTES each piece is there once, without columns. A line that meets no other stays whole, and
    its parts become features. Pieces run in the direction of their first feature; polygons have their
    outlines cut at ±180 degrees if they cross it. The result is in the spatial reference of the first layer,
    without heights and measures. Invalid polygons are repaired, features without a shape are left out, and a
    warning counts both. The names of the parameters are those of ArcGIS' reference, from memory.

    Args:
        in_features: One or more layers of lines or polygons.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
        attributes: Whether pieces have the attributes of their features.
    """
    return make_lines(in_features, cluster_tolerance, run, attributes=attributes)
