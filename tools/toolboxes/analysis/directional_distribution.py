"""The ellipse of the deviations of features."""

from typing import Annotated, Any

from shapely import Polygon

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.centres import EllipseSize, draw_ellipses, read_cases
from toolboxes.analysis._examples import PLACES

Ellipses = Annotated[
    FeatureSet[Polygon], Field(alias="Output_Ellipse_Feature_Class", description="The ellipses.")
]


@tool
def directional_distribution(
    Input_Feature_Class: Annotated[FeatureSet[Any], Field(examples=[PLACES])],
    run: Run,
    Ellipse_Size: EllipseSize = "1_STANDARD_DEVIATION",
    Weight_Field: str | None = None,
    Case_Field: str | None = None,
) -> Ellipses:
    """Draw the ellipse along which features scatter.

    Lines and polygons stand at their centroids. The ellipses have CenterX and CenterY, the half axes XStdDist
    (across) and YStdDist (along the long axis) in the unit of the coordinates, Rotation (the direction of the
    long axis in degrees clockwise from north, 0 to 180) and the case field. Half axes are the deviations of
    the population times the square root of 2 and the size, as in ArcGIS. The outline has 360 vertices.
    Features without a shape or a weight are left out. Degrees are measured as they are, with a warning.

    Args:
        Input_Feature_Class: Points, lines or polygons; at least three places that are not on one line.
        Ellipse_Size: About 63, 98 or 99.9 percent of the features of a normal scatter.
        Weight_Field: A field of weights from 0; without it all features count the same.
        Case_Field: A field: each of its values gets an ellipse of its own.
    """
    cases = read_cases(Input_Feature_Class, Weight_Field, Case_Field, run)
    return draw_ellipses(cases, Ellipse_Size)
