"""Zones about features of any kind, under the name of the pairwise tool."""

from typing import Annotated, Any, Literal

from shapely import Polygon

from gpserverless import FeatureSet, Field, LinearUnit, Run, ToolError, tool
from gpserverless.analysis.dissolved_zones import draw_dissolved_zones
from gpserverless.analysis.zones import ZoneStyle, draw_zones

Zones = Annotated[FeatureSet[Polygon], Field(alias="out_feature_class", description="The zones.")]


@tool
def pairwise_buffer(
    in_features: FeatureSet[Any],
    buffer_distance_or_field: LinearUnit | str,
    run: Run,
    dissolve_option: Literal["NONE", "ALL", "LIST"] = "NONE",
    dissolve_field: list[str] | None = None,
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
    max_deviation: LinearUnit | None = None,
) -> Zones:
    """Draw zones at a distance about points, lines or polygons.

    The same zones as those of Buffer, with the same fields, on all sides and with round ends.

    Args:
        in_features: The features to draw around.
        buffer_distance_or_field: A distance, the same for all, or the name of a field that holds numbers in
            the linear unit of the spatial reference or texts such as "5 Miles".
        dissolve_option: One zone a feature, all of them united, or united by values of fields.
        dissolve_field: Names of these fields.
        method: In the plane of a projected spatial reference, or on the ellipsoid.
        max_deviation: How far an outline may depart from its arc; one under 0.13 % of the longest distance is
            refused, since outlines have 64 to 128 vertices a full turn. 0 for no limit.
    """
    if dissolve_option == "LIST" and not dissolve_field:
        raise ToolError("dissolve_option LIST needs dissolve_field.")
    style = ZoneStyle(geodesic=method == "GEODESIC", deviation=max_deviation)
    if dissolve_option == "NONE":
        return draw_zones(in_features, buffer_distance_or_field, style, run)
    fields = dissolve_field or [] if dissolve_option == "LIST" else []
    return draw_dissolved_zones(in_features, buffer_distance_or_field, style, fields, run)
