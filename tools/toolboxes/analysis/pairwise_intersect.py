"""The parts common to layers, under the other name of the same tool."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.overlay import Options, intersect_layers, name_layers
from toolboxes.analysis._examples import AREAS, ZONES

Common = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts common to all layers.")
]


@tool
def pairwise_intersect(
    in_features: Annotated[list[FeatureSet[Any]], Field(examples=[[ZONES, AREAS]])],
    run: Run,
    join_attributes: Literal["ALL", "NO_FID", "ONLY_FID"] = "ALL",
    cluster_tolerance: LinearUnit | None = None,
    output_type: Literal["INPUT", "LINE", "POINT"] = "INPUT",
) -> Common:
    """Find the parts where features of all layers meet, one for each combination of them, as Intersect does.

    Args:
        in_features: One or more layers of points, lines or polygons.
        join_attributes: All attributes, all but the columns FID_in_features, or these alone.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
        output_type: Parts of the lowest dimension among the layers, or lines or points only; POINT is for
            two layers of lines or polygons.
    """
    options = Options(join_attributes, cluster_tolerance)
    return intersect_layers(name_layers("in_features", in_features), options, run, output_type)
