"""The mean centre of features."""

from typing import Annotated, Any

from shapely import Point

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.centres import find_mean_centres, read_cases

Centres = Annotated[FeatureSet[Point], Field(alias="Output_Feature_Class", description="The mean centres.")]


@tool
def mean_center(
    Input_Feature_Class: FeatureSet[Any],
    run: Run,
    Weight_Field: str | None = None,
    Case_Field: str | None = None,
    Dimension_Field: str | None = None,
) -> Centres:
    """Find the mean of the places of features.

    Lines and polygons stand at their centroids. The centres have XCoord and YCoord in the unit of the
    coordinates, the case field, and the weighted mean of the dimension field under its name. Features without
    a shape or a weight are left out. Longitudes and latitudes are averaged as they are, with a warning.

    Args:
        Input_Feature_Class: Points, lines or polygons.
        Weight_Field: A field of weights from 0; without it all features count the same.
        Case_Field: A field: each of its values gets a centre of its own.
        Dimension_Field: A field of numbers to average too.
    """
    cases = read_cases(Input_Feature_Class, Weight_Field, Case_Field, run)
    return find_mean_centres(cases, Dimension_Field)
