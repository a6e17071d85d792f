"""The median centre of features."""

from typing import Annotated, Any

from shapely import Point

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.centres import find_median_centres, read_cases

Centres = Annotated[FeatureSet[Point], Field(alias="Output_Feature_Class", description="The median centres.")]


@tool
def median_center(
    Input_Feature_Class: FeatureSet[Any],
    run: Run,
    Weight_Field: str | None = None,
    Case_Field: str | None = None,
    Attribute_Field: list[str] | None = None,
) -> Centres:
    """Find the place with the least sum of distances to features.

    Lines and polygons stand at their centroids. Distances are straight, in the plane of the coordinates. The
    centres have XCoord and YCoord in the unit of the coordinates, the case field, and medians of attribute
    fields under their names. Features without a shape or a weight are left out. Where several places are as
    near, such as between two features, one is found. Degrees are measured as they are, with a warning.

    Args:
        Input_Feature_Class: Points, lines or polygons.
        Weight_Field: A field of weights from 0; without it all features count the same.
        Case_Field: A field: each of its values gets a centre of its own.
        Attribute_Field: Fields of numbers whose medians are added, without weights.
    """
    cases = read_cases(Input_Feature_Class, Weight_Field, Case_Field, run)
    return find_median_centres(cases, Attribute_Field or [], run)
