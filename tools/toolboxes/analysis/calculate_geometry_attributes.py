"""Properties of shapes as attributes."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Run, SpatialReference, tool
from gpserverless.analysis.geometry_attributes import add_properties, read_properties, read_units

Updated = Annotated[
    FeatureSet[Any], Field(alias="updated_features", description="The features with the attributes.")
]
LengthUnit = Literal[
    "KILOMETERS",
    "METERS",
    "NAUTICAL_MILES_INT",
    "MILES_INT",
    "YARDS_INT",
    "FEET_INT",
    "NAUTICAL_MILES",
    "MILES_US",
    "YARDS",
    "FEET_US",
]


@tool
def calculate_geometry_attributes(
    in_features: FeatureSet[Any],
    geometry_property: Annotated[str, Field(examples=['[["X", "CENTROID_X"]]'])],
    run: Run,
    length_unit: LengthUnit | None = None,
    area_unit: str | None = None,
    coordinate_system: SpatialReference | None = None,
    coordinate_format: Literal["SAME_AS_INPUT", "DD"] = "SAME_AS_INPUT",
) -> Updated:
    """Write sizes, positions and counts of shapes into fields.

    Properties of polygons are AREA, PERIMETER_LENGTH and HOLE_COUNT; of lines LENGTH, LENGTH_3D, LINE_BEARING
    (from the first to the last vertex; 0 is north, 90 east), LINE_START_X, LINE_START_Y, LINE_END_X and
    LINE_END_Y; of points POINT_X, POINT_Y, POINT_Z and POINT_M; of all CENTROID_X, CENTROID_Y, INSIDE_X,
    INSIDE_Y, EXTENT_MIN_X, EXTENT_MIN_Y, EXTENT_MAX_X, EXTENT_MAX_Y, POINT_COUNT (vertices, of a ring the
    last too) and PART_COUNT (a hole is no part). AREA_GEODESIC, PERIMETER_LENGTH_GEODESIC and LENGTH_GEODESIC
    are measured on the ellipsoid along the edges as they are drawn; with _EDGES behind, along the geodesics
    from vertex to vertex. AREA and LENGTH on longitudes and latitudes are measured on the ellipsoid too, as a
    message says. A feature without a shape has null. Values that do not fit a field that is there are
    refused.

    Args:
        in_features: The features.
        geometry_property: Fields and properties, as JSON [["SIZE", "AREA"]] or as SIZE AREA;X CENTROID_X. A
            field that is not there is added.
        length_unit: Unit of lengths; that of the spatial reference if not given, metres if it is geographic.
        area_unit: Unit of areas, such as SQUARE_METERS, HECTARES, SQUARE_KILOMETERS, ACRES, SQUARE_MILES_INT
            or SQUARE_FEET_US.
        coordinate_system: Spatial reference to measure in, and of positions; that of the features if not
            given.
        coordinate_format: Positions are numbers in the unit of the spatial reference; DD are decimal degrees.
    """
    properties = read_properties(geometry_property, in_features)
    units = read_units(length_unit, area_unit)
    reference = coordinate_system
    if coordinate_format == "DD" and reference is None and in_features.spatial_reference is not None:
        reference = in_features.spatial_reference.geographic
    return add_properties(in_features, properties, units, reference, run)
