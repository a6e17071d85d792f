"""The least shapes around features."""

from typing import Annotated, Any, Literal

from shapely import Polygon

from gpserverless import FeatureSet, Field, Keywords, Run, ToolError, tool
from gpserverless.analysis.bounds import bound_features

Bounds = Annotated[FeatureSet[Polygon], Field(alias="out_feature_class", description="The polygons.")]


@tool
def minimum_bounding_geometry(
    in_features: FeatureSet[Any],
    run: Run,
    geometry_type: Literal[
        "RECTANGLE_BY_AREA", "RECTANGLE_BY_WIDTH", "CONVEX_HULL", "CIRCLE", "ENVELOPE"
    ] = "RECTANGLE_BY_AREA",
    group_option: Literal["NONE", "ALL", "LIST"] = "NONE",
    group_field: list[str] | None = None,
    mbg_fields_option: Annotated[bool, Keywords("MBG_FIELDS", "NO_MBG_FIELDS")] = False,
) -> Bounds:
    """Draw the least rectangle, hull, circle or envelope around features.

    All is computed in the plane of the coordinates, and sizes are in their unit. Circles have 84 or 128
    vertices, each on the circle. A feature alone keeps its attributes and gets ORIG_FID; a group of LIST
    keeps the values of its fields. Points and straight lines have no area: they are left out, and a warning
    counts them. Of rectangles of equal size the one is drawn that lies on the first edge in direction from
    east.

    The fields of sizes: MBG_Width and MBG_Length are the shorter and the longer side; of a hull the least
    distance of two parallel lines around it, and the greatest distance of two vertices, which are MBG_APodX1,
    MBG_APodY1 and MBG_APodX2, MBG_APodY2. MBG_Orientation is the direction of the longer side of a rectangle,
    in degrees clockwise from north, 0 to less than 180. A circle has MBG_Diameter.

    Args:
        in_features: Features of any kind.
        geometry_type: The shape: a rectangle of the least area or the least width, the convex hull, the
            least circle, or the box along the axes.
        group_option: One shape for each feature, for all, or for the features of equal values.
        group_field: Names of the fields of these values, for LIST.
        mbg_fields_option: Whether sizes and directions are added as fields.
    """
    if group_option == "LIST" and not group_field:
        raise ToolError("group_option LIST needs group_field.")
    groups = {"NONE": None, "ALL": []}.get(group_option, group_field)
    shapes, columns = bound_features(in_features, geometry_type, groups, run)
    return shapes.with_columns(columns) if mbg_fields_option else shapes
