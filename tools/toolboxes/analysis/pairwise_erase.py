"""The parts of features outside an area, under the other name of the same tool."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.clip import Area, erase

Erased = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts of the features outside.")
]


@tool
def pairwise_erase(
    in_features: FeatureSet[Any],
    erase_features: FeatureSet[Any],
    run: Run,
    cluster_tolerance: LinearUnit | None = None,
) -> Erased:
    """Take away the parts of points, lines or polygons that lie inside an area, as Erase does.

    Args:
        in_features: The features to cut.
        erase_features: The area: polygons, that may overlap; for lines also lines, for points any features.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
    """
    return erase(in_features, Area("erase_features", erase_features, cluster_tolerance), run)
