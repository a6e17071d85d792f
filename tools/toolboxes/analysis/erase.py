"""The parts of features outside an area."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.clip import Area
from gpserverless.analysis.clip import erase as erase_area

Erased = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts of the features outside.")
]


@tool
def erase(
    in_features: FeatureSet[Any],
    erase_features: FeatureSet[Any],
    run: Run,
    cluster_tolerance: LinearUnit | None = None,
) -> Erased:
    """Take away the parts of points, lines or polygons that lie inside an area.

    The parts left keep the attributes of their features; a feature in several parts stays one feature.
    Columns of lengths and areas (Shape_Length, Shape_Area) are left out, since they told those of the whole.
    Points on the border are taken away. Parts smaller than a square of 1 mm (by default) are left out. The
    result is in the spatial reference of in_features; edges are straight there. Invalid polygons are
    repaired, features without a shape are left out, and a warning counts both.

    Args:
        in_features: The features to cut.
        erase_features: The area: polygons, that may overlap; for lines also lines, for points any features.
            Lines and points take nothing away from features of a higher dimension.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
    """
    return erase_area(in_features, Area("erase_features", erase_features, cluster_tolerance), run)
