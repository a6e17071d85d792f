"""The parts of features inside an area."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.clip import Area
from gpserverless.analysis.clip import clip as clip_features_to

Clipped = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts of the features inside.")
]


@tool
def clip(
    in_features: FeatureSet[Any],
    clip_features: FeatureSet[Any],
    run: Run,
    cluster_tolerance: LinearUnit | None = None,
) -> Clipped:
    """Cut out the parts of points, lines or polygons that lie inside an area.

    The parts keep the attributes of their features; a feature in several parts stays one feature. Columns of
    lengths and areas (Shape_Length, Shape_Area) are left out, since they told those of the whole. Points on
    the border are inside. Parts that only touch the area, and parts smaller than a square of 1 mm (by
    default), are left out. The result is in the spatial reference of in_features; edges are straight there.
    Invalid polygons are repaired, features without a shape are left out, and a warning counts both.

    Args:
        in_features: The features to cut.
        clip_features: The area: polygons, that may overlap; for lines also lines, for points any features.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
    """
    return clip_features_to(in_features, Area("clip_features", clip_features, cluster_tolerance), run)
