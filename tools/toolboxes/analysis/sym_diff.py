"""The parts of features of two layers that are in one of them alone."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.overlay import Options, differ

Different = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts in one layer alone.")
]


@tool
def sym_diff(
    in_features: FeatureSet[Any],
    update_features: FeatureSet[Any],
    run: Run,
    join_attributes: Literal["ALL", "NO_FID", "ONLY_FID"] = "ALL",
    cluster_tolerance: LinearUnit | None = None,
) -> Different:
    """Find the parts of features of two layers that are in one of the layers alone.

    A part has the attributes of its feature, those of the other layer are null. FID_in_features and
    FID_update_features hold the object id, -1 for the other layer. A name that occurs twice gets a number:
    NAME, NAME_1. Columns of lengths and areas (Shape_Length, Shape_Area) are left out. Parts smaller than a
    square of 1 mm (by default) are left out. The result is in the spatial reference of in_features; edges are
    straight there. Invalid polygons are repaired, features without a shape are left out, and a warning counts
    both.

    Args:
        in_features: Points, lines or polygons.
        update_features: Features of the same type.
        join_attributes: All attributes, all but the columns FID_, or these alone.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
    """
    layers = [("in_features", in_features), ("update_features", update_features)]
    return differ(layers, Options(join_attributes, cluster_tolerance), run)
