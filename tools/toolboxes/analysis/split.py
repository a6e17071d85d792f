"""Features divided by zones."""

from typing import Annotated, Any

from shapely import Polygon

from gpserverless import FeatureSet, Field, LinearUnit, Run, tool
from gpserverless.analysis.split import Zones
from gpserverless.analysis.split import split as split_features_by

Parts = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The parts, with the value of their zone.")
]


@tool
def split(
    in_features: FeatureSet[Any],
    split_features: FeatureSet[Polygon],
    split_field: str,
    run: Run,
    cluster_tolerance: LinearUnit | None = None,
) -> Parts:
    """Divide points, lines or polygons by zones, and keep the parts inside.

    ArcGIS writes a feature class for each zone; this tool returns all parts as one, and each has the value of
    its zone. It keeps the attributes of its feature. Columns of lengths and areas (Shape_Length, Shape_Area)
    are left out. What lies in two zones that overlap is there twice, so is a point on the border of two.
    Parts smaller than a square of 1 mm (by default) are left out. The result is in the spatial reference of
    in_features; edges are straight there. Invalid polygons are repaired, features without a shape are left
    out, and a warning counts both.

    Args:
        in_features: The features to divide.
        split_features: The zones: polygons.
        split_field: The field of the zones whose value the parts get.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
    """
    zones = Zones("split_features", split_features, "split_field", split_field, cluster_tolerance)
    return split_features_by(in_features, zones, run)
