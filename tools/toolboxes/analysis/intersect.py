"""The parts common to layers."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.overlay import Options, intersect_layers, name_layers
from toolboxes.analysis._examples import AREAS, ZONES

Common = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts common to all layers.")
]


@tool
def intersect(
    in_features: Annotated[list[FeatureSet[Any]], Field(examples=[[ZONES, AREAS]])],
    run: Run,
    join_attributes: Literal["ALL", "NO_FID", "ONLY_FID"] = "ALL",
    cluster_tolerance: LinearUnit | None = None,
    output_type: Literal["INPUT", "LINE", "POINT"] = "INPUT",
) -> Common:
    """Find the parts where features of all layers meet, one for each combination of them.

    The parts are of the lowest dimension among the layers: of lines and polygons, the lines inside polygons.
    They have the attributes of all their features, and for each layer a column of object ids:
    FID_in_features, FID_in_features_1 and so on. A name that occurs twice gets a number: NAME, NAME_1.
    Columns of lengths and areas (Shape_Length, Shape_Area) are left out. A feature is not cut by others of
    its own layer, unless one layer of polygons is given: then the parts are those that several of its
    polygons cover, one for each of these. Parts smaller than a square of 1 mm (by default) are left out. The
    result is in the spatial reference of the first layer; edges are straight there. Invalid polygons are
    repaired, features without a shape are left out, and a warning counts both.

    Args:
        in_features: One or more layers of points, lines or polygons.
        join_attributes: All attributes, all but the columns FID_in_features, or these alone.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
        output_type: Parts of the lowest dimension, or lines or points only: if all layers are of a higher
            dimension, these are the lines or points that the outlines of polygons, and lines, have in common.
            POINT is for two layers then.
    """
    options = Options(join_attributes, cluster_tolerance)
    return intersect_layers(name_layers("in_features", in_features), options, run, output_type)
