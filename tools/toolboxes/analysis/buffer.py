"""Zones about features of any kind."""

from typing import Annotated, Any, Literal

from shapely import Polygon

from gpserverless import FeatureSet, Field, LinearUnit, Run, ToolError, tool
from gpserverless.analysis.dissolved_zones import draw_dissolved_zones
from gpserverless.analysis.zones import ZoneStyle, draw_zones

Zones = Annotated[FeatureSet[Polygon], Field(alias="out_feature_class", description="The zones.")]


@tool
def buffer(
    in_features: FeatureSet[Any],
    buffer_distance_or_field: LinearUnit | str,
    run: Run,
    line_side: Literal["FULL", "LEFT", "RIGHT", "OUTSIDE_ONLY"] = "FULL",
    line_end_type: Literal["ROUND", "FLAT"] = "ROUND",
    dissolve_option: Literal["NONE", "ALL", "LIST"] = "NONE",
    dissolve_field: list[str] | None = None,
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
) -> Zones:
    """Draw zones at a distance about points, lines or polygons.

    The zones keep the attributes and get BUFF_DIST, the distance in the linear unit of the features' spatial
    reference (metres if that is geographic), and ORIG_FID, the object id of their feature. Distances on
    longitudes and latitudes are measured on the ellipsoid; zones are cut at 180 degrees. Outlines have 64 to
    128 vertices a full turn, each at the distance itself. A one-sided zone ends flat.

    Args:
        in_features: The features to draw around.
        buffer_distance_or_field: A distance, the same for all, or the name of a field that holds numbers in
            the linear unit of the spatial reference or texts such as "5 Miles".
        line_side: Both sides, of lines the left or right one only, of polygons the outside only.
        line_end_type: How zones about lines end.
        dissolve_option: One zone a feature, all of them united, or united by values of fields.
        dissolve_field: Names of these fields.
        method: In the plane of a projected spatial reference, or on the ellipsoid.
    """
    if dissolve_option == "LIST" and not dissolve_field:
        raise ToolError("dissolve_option LIST needs dissolve_field.")
    style = ZoneStyle(line_side, line_end_type, method == "GEODESIC")
    if dissolve_option == "NONE":
        return draw_zones(in_features, buffer_distance_or_field, style, run)
    fields = dissolve_field or [] if dissolve_option == "LIST" else []
    return draw_dissolved_zones(in_features, buffer_distance_or_field, style, fields, run)
