"""The areas that lines and outlines enclose."""

from typing import Annotated

from shapely import LineString, Point, Polygon

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.enclosures import enclose
from toolboxes.analysis._examples import AREAS, PLACES, ZONES

Areas = Annotated[
    FeatureSet[Polygon], Field(alias="out_feature_class", description="The enclosed areas, each once.")
]


@tool
def feature_to_polygon(
    in_features: Annotated[list[FeatureSet[LineString | Polygon]], Field(examples=[[ZONES, AREAS]])],
    run: Run,
    cluster_tolerance: LinearUnit | None = None,
    attributes: Annotated[bool, Keywords("ATTRIBUTES", "NO_ATTRIBUTES")] = True,
    label_features: Annotated[FeatureSet[Point] | None, Field(examples=[PLACES])] = None,
) -> Areas:
    """Make polygons of the areas that lines and the outlines of polygons enclose.

    Lines and outlines of all layers are cut where they meet. Each area that they enclose is a polygon, also
    the hole of a polygon and the gap between several; no two overlap. Ends of lines that enclose nothing are
    left out, so are areas smaller than a square of 1 mm (by default). A polygon has the attributes of the
    point of label_features inside it, null without one; of several points the first counts, and a warning
    counts the others and those inside no polygon. A point on a border is in none. Columns of lengths and
    areas (Shape_Length, Shape_Area) are left out. The result is in the spatial reference of the first layer,
    without heights and measures; edges are straight there. Invalid polygons are repaired, features without a
    shape are left out, and a warning counts both. The names of the parameters are those of ArcGIS'
    reference, from memory.

    Args:
        in_features: One or more layers of lines or polygons.
        cluster_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
        attributes: Taken for old callers and without effect, as in ArcGIS, which no longer supports it.
        label_features: Points, in any spatial reference.
    """
    del attributes  # an area is of no single feature
    return enclose(in_features, cluster_tolerance, run, label_features)
