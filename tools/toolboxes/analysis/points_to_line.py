"""Lines through points."""

from typing import Annotated

from shapely import LineString, Point

from gpserverless import FeatureSet, Field, Keywords, Run, tool
from gpserverless.analysis.point_lines import join_points

Lines = Annotated[FeatureSet[LineString], Field(alias="Output_Feature_Class", description="The lines.")]


@tool
def points_to_line(
    features: Annotated[FeatureSet[Point], Field(alias="Input_Features")],
    run: Run,
    line_field: Annotated[str | None, Field(alias="Line_Field")] = None,
    sort_field: Annotated[str | None, Field(alias="Sort_Field")] = None,
    close: Annotated[bool, Keywords("CLOSE", "NO_CLOSE"), Field(alias="Close_Line")] = False,
) -> Lines:
    """Draw lines through points.

    Each value of the line field makes a line, which keeps this value; heights and measures are those of the
    points. A value with one point alone makes no line, and a warning counts such values. Points without a
    shape are left out.

    Args:
        features: The points.
        line_field: The field whose values make lines; without it all points make one.
        sort_field: The field by which the points of a line are put in order, numbers before texts and nulls
            last; without it they come in the order of the features.
        close: Whether a line ends where it began.
    """
    return join_points(features, line_field, sort_field, run, close=close)
