"""Points at the coordinates in the fields of a table."""

from typing import Annotated

from shapely import Point

from gpserverless import FeatureSet, Field, Run, SpatialReference, Table, tool
from gpserverless.analysis.points_of_table import make_points
from toolboxes.analysis._examples import ROWS

Points = Annotated[FeatureSet[Point], Field(alias="out_feature_class", description="One point for each row.")]


@tool(name="XYTableToPoint")
def xy_table_to_point(
    in_table: Annotated[Table, Field(examples=[ROWS])],
    xfield: Annotated[str, Field(examples=["LON"])],
    yfield: Annotated[str, Field(examples=["LAT"])],
    run: Run,
    zfield: str | None = None,
    coordinate_system: SpatialReference | None = None,
) -> Points:
    """Make a point of each row of a table from the coordinates in its fields.

    The points keep all fields. A row without both coordinates has no shape, and a warning counts such rows.

    Args:
        in_table: The rows.
        xfield: Name of the field of x, or longitudes; it holds numbers.
        yfield: Name of the field of y, or latitudes.
        zfield: Name of the field of heights; none if not given.
        coordinate_system: Spatial reference of x and y: a WKID, WKT or JSON; WGS84 (4326) if not given.
    """
    run.progress("Making points")
    reference = coordinate_system or SpatialReference(4326)
    return make_points(in_table, (xfield, yfield, zfield), reference, run)
