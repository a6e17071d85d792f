"""The parts of features inside an area, under the other name of the same tool."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.clip import Area, clip

Clipped = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts of the features inside.")
]


@tool
def pairwise_clip(
    in_features: FeatureSet[Any],
    clip_features: FeatureSet[Any],
    run: Run,
    cluster_tolerance: LinearUnit | None = None,
) -> Clipped:
    """Cut out the parts of points, lines or polygons that lie inside an area, as Clip does.

    Args:
        in_features: The features to cut.
        clip_features: The area: polygons, that may overlap; for lines also lines, for points any features.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
    """
    return clip(in_features, Area("clip_features", clip_features, cluster_tolerance), run)
