"""The parts of polygons of several layers."""

from typing import Annotated, Literal

from shapely import Polygon

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.overlay import Options, name_layers, unite_layers

United = Annotated[
    FeatureSet[Polygon], Field(alias="out_feature_class", description="The parts of all polygons.")
]


@tool
def union(
    in_features: list[FeatureSet[Polygon]],
    run: Run,
    join_attributes: Literal["ALL", "NO_FID", "ONLY_FID"] = "ALL",
    cluster_tolerance: LinearUnit | None = None,
    gaps: Annotated[bool, Keywords("GAPS", "NO_GAPS")] = True,
) -> United:
    """Divide the polygons of several layers by each other, and keep all parts.

    A part has the attributes of its polygon of each layer, and for each layer a column of object ids:
    FID_in_features, FID_in_features_1 and so on. Where it is outside a layer, the object id is -1 and the
    attributes are null. A name that occurs twice gets a number: NAME, NAME_1. Columns of lengths and areas
    (Shape_Length, Shape_Area) are left out. A polygon is not divided by others of its own layer, unless one
    layer is given: then a part that two polygons cover is there twice. Parts smaller than a square of 1 mm
    (by default) are left out. The result is in the spatial reference of the first layer; edges are straight
    there. Invalid polygons are repaired, features without a shape are left out, and a warning counts both.

    Args:
        in_features: One or more layers of polygons.
        join_attributes: All attributes, all but the columns FID_in_features, or these alone.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
        gaps: Whether gaps stay gaps. With NO_GAPS, an area that polygons enclose becomes a part outside all
            layers.
    """
    options = Options(join_attributes, cluster_tolerance)
    return unite_layers(name_layers("in_features", in_features), options, run, fill_gaps=not gaps)
