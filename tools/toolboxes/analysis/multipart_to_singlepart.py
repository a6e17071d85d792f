"""Parts as features of their own."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.parts import divide_parts

Parts = Annotated[FeatureSet[Any], Field(alias="out_feature_class", description="One feature a part.")]


@tool
def multipart_to_singlepart(in_features: FeatureSet[Any], run: Run) -> Parts:
    """Make a feature of each part of each feature.

    Parts keep the attributes of their feature and get ORIG_FID, its object id. Points of multipoints become
    point features; a polygon keeps its holes. Features without a shape are left out, and a warning counts
    them.

    Args:
        in_features: Features of any kind.
    """
    return divide_parts(in_features, run)
