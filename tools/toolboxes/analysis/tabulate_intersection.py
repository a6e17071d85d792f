"""The parts of classes in zones."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, LinearUnit, Run, Table, tool
from gpserverless.analysis.tabulation import Side, Tabulation, tabulate

Rows = Annotated[Table, Field(alias="out_table", description="One row for each zone and each class in it.")]


@tool
def tabulate_intersection(
    in_zone_features: FeatureSet[Any],
    zone_fields: list[str],
    in_class_features: FeatureSet[Any],
    run: Run,
    class_fields: list[str] | None = None,
    sum_fields: list[str] | None = None,
    xy_tolerance: LinearUnit | None = None,
    out_units: str = "UNKNOWN",
) -> Rows:
    """Add up the area, length or number of features of each class in each zone.

    A row has the fields of the zone and of the class; AREA, LENGTH or PNT_COUNT; and PERCENTAGE: of the
    zone's own area if both are polygons (or length if both are lines), else of all lines or points in the
    zone. Zones without any class have no row. Classes that overlap each count, so that percentages may add up
    to more than 100. Of a feature that lies partly inside, the sums of fields count the share inside. Areas
    and lengths on longitudes and latitudes are measured on the ellipsoid. Invalid polygons are repaired,
    features without a shape are left out, and a warning counts both.

    Args:
        in_zone_features: The zones: polygons, lines or points.
        zone_fields: Fields of the zones; zones of equal values are one.
        in_class_features: The features in them, of the same or a lower dimension.
        class_fields: Their fields; features of equal values are one class. Without any, all are one.
        sum_fields: Fields of numbers of the classes to add up.
        xy_tolerance: Step of the grid that coordinates are rounded to; without it they stay as they are.
        out_units: Unit of areas (SQUARE_KILOMETERS, HECTARES, ACRES and so on) or lengths (KILOMETERS,
            MILES and so on). UNKNOWN is that of the zones' spatial reference, metres if that is geographic.
    """
    zones = Side("in_zone_features", in_zone_features, "zone_fields", zone_fields)
    classes = Side("in_class_features", in_class_features, "class_fields", class_fields or [])
    return tabulate(zones, classes, Tabulation(sum_fields or [], xy_tolerance, out_units), run)
