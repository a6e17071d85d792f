"""Points along lines."""

from typing import Annotated, Literal

from shapely import LineString, Point, Polygon

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, ToolError, tool
from gpserverless.analysis.lengths import read_length
from gpserverless.analysis.points_along_lines import place_points

Points = Annotated[FeatureSet[Point], Field(alias="Output_Feature_Class", description="The points.")]


@tool
def generate_points_along_lines(
    features: Annotated[FeatureSet[LineString | Polygon], Field(alias="Input_Features")],
    run: Run,
    placement: Annotated[Literal["PERCENTAGE", "DISTANCE"], Field(alias="Point_Placement")] = "DISTANCE",
    distance: Annotated[LinearUnit | None, Field(alias="Distance", examples=["1 Kilometers"])] = None,
    percentage: Annotated[float | None, Field(alias="Percentage", gt=0, le=100)] = None,
    ends: Annotated[bool, Keywords("END_POINTS", "NO_END_POINTS"), Field(alias="Include_End_Points")] = False,
) -> Points:
    """Make points along lines or along the outlines of polygons, at equal distances.

    Each path of a line and each ring of a polygon begins anew. A distance of 30 places points at 30, 60 and
    so on, as long as the end is not reached. The points keep the attributes and get ORIG_FID, the object id
    of their feature; heights and measures are those of the place. On longitudes and latitudes distances are
    measured on the ellipsoid.

    Args:
        features: Lines or polygons.
        placement: By a distance, or by a share of the length of each path.
        distance: The distance, above 0; needed for DISTANCE.
        percentage: The share in percent; needed for PERCENTAGE.
        ends: Whether the beginning and the end of each path get a point too; a ring gets one.
    """
    if placement == "PERCENTAGE":
        if percentage is None:
            raise ToolError("Point_Placement PERCENTAGE needs Percentage.")
        return place_points(features, run, percentage=percentage, ends=ends)
    if distance is None:
        raise ToolError("Point_Placement DISTANCE needs Distance.")
    return place_points(features, run, distance=read_length(features, distance, "Distance"), ends=ends)
