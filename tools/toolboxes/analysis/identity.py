"""The parts of features inside and outside others."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, ToolError, tool
from gpserverless.analysis.overlay import Options, identify

Identified = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts of the features.")
]


@tool
def identity(
    in_features: FeatureSet[Any],
    identity_features: FeatureSet[Any],
    run: Run,
    join_attributes: Literal["ALL", "NO_FID", "ONLY_FID"] = "ALL",
    cluster_tolerance: LinearUnit | None = None,
    relationship: Annotated[bool, Keywords("KEEP_RELATIONSHIPS", "NO_RELATIONSHIPS")] = False,
) -> Identified:
    """Divide points, lines or polygons by others, and keep the parts inside them and outside them.

    A part has the attributes of its feature and, inside, those of the identity feature. FID_in_features and
    FID_identity_features hold their object ids; outside, the latter is -1 and its attributes are null. A name
    that occurs twice gets a number: NAME, NAME_1. Columns of lengths and areas (Shape_Length, Shape_Area) are
    left out. A feature is not divided by others of its own layer. Parts smaller than a square of 1 mm (by
    default) are left out. The result is in the spatial reference of in_features; edges are straight there.
    Invalid polygons are repaired, features without a shape are left out, and a warning counts both.

    Args:
        in_features: The features to divide.
        identity_features: Polygons, or features of the same type.
        join_attributes: All attributes, all but the columns FID_, or these alone.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
        relationship: Neighbours of lines are not written; only NO_RELATIONSHIPS is possible.
    """
    if relationship:
        raise ToolError("Neighbours of lines are not written: relationship must be NO_RELATIONSHIPS.")
    layers = [("in_features", in_features), ("identity_features", identity_features)]
    return identify(layers, Options(join_attributes, cluster_tolerance), run)
