"""Several zones about features."""

from typing import Annotated, Any, Literal

from shapely import Polygon

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.rings import RingStyle, draw_rings
from gpserverless.analysis.zones import ZoneStyle

Rings = Annotated[FeatureSet[Polygon], Field(alias="Output_Feature_class", description="The rings or disks.")]


@tool
def multiple_ring_buffer(
    in_features: Annotated[FeatureSet[Any], Field(alias="Input_Features")],
    distances: Annotated[list[float], Field(alias="Distances")],
    run: Run,
    unit: Annotated[str, Field(alias="Buffer_Unit")] = "Default",
    field_name: Annotated[str, Field(alias="Field_Name")] = "distance",
    dissolve_option: Annotated[Literal["ALL", "NONE"], Field(alias="Dissolve_Option")] = "ALL",
    outside_only: Annotated[
        bool, Keywords("OUTSIDE_ONLY", "FULL"), Field(alias="Outside_Polygons_Only")
    ] = False,
    method: Annotated[Literal["PLANAR", "GEODESIC"] | None, Field(alias="Method")] = None,
) -> Rings:
    """Draw zones at several distances about points, lines or polygons.

    With ALL the zones of a distance are united, and each is a ring about those of the smaller distances,
    which do not overlap; with NONE each feature has a disk for each distance, with its attributes. They come
    from the shortest distance to the longest. Lengths on longitudes and latitudes are measured on the
    ellipsoid. Outlines have 64 to 128 vertices a full turn.

    Args:
        in_features: The features to draw around.
        distances: The distances; those of polygons may be below 0.
        unit: Their unit: Meters, Kilometers, Feet, Miles and so on; Default for that of the coordinates.
        field_name: Name of the field with the distance, in that unit.
        dissolve_option: Rings of all features, or disks of each.
        outside_only: Whether the zones of polygons leave out the polygons.
        method: In the plane of a projected spatial reference, or on the ellipsoid.
    """
    outside = outside_only and in_features.geometry_type == "esriGeometryPolygon"
    if outside_only and not outside:
        run.warn("Outside_Polygons_Only is not used: the features are not polygons.")
    token = in_features.unit if unit.strip().lower() in ("", "default") else unit
    zones = ZoneStyle("OUTSIDE_ONLY" if outside else "FULL", geodesic=method == "GEODESIC")
    style = RingStyle(field_name.strip() or "distance", dissolve_option == "ALL", zones)
    return draw_rings(in_features, [LinearUnit(distance, token) for distance in distances], style, run)
