"""The most central feature."""

from typing import Annotated, Any, Literal

import numpy as np

from gpserverless import FeatureSet, Field, Run, tool
from gpserverless.analysis.centres import find_central_features, read_cases

Central = Annotated[
    FeatureSet[Any], Field(alias="Output_Feature_Class", description="The central feature of each group.")
]


@tool
def central_feature(
    Input_Feature_Class: FeatureSet[Any],
    run: Run,
    Distance_Method: Literal["EUCLIDEAN_DISTANCE", "MANHATTAN_DISTANCE"] = "EUCLIDEAN_DISTANCE",
    Weight_Field: str | None = None,
    Self_Potential_Weight_Field: str | None = None,
    Case_Field: str | None = None,
) -> Central:
    """Find the feature with the least sum of distances to all others.

    Lines and polygons stand at their centroids. The feature keeps its shape and attributes. Every pair of
    features is measured, so time grows with the square of their number. Of several features as central the
    one with the smaller x, then y is taken. Degrees are measured as they are, with a warning.

    Args:
        Input_Feature_Class: Points, lines or polygons.
        Distance_Method: Along a straight line, or along x and then y.
        Weight_Field: A field of weights from 0; without it all features count the same.
        Self_Potential_Weight_Field: A field of the distance that each feature has to itself; 0 without it.
        Case_Field: A field: each of its values gets a central feature of its own.
    """
    cases = read_cases(Input_Feature_Class, Weight_Field, Case_Field, run)
    own = np.zeros(len(cases.xy))
    if Self_Potential_Weight_Field is not None:
        own = np.nan_to_num(cases.features.numbers(Self_Potential_Weight_Field))
    return find_central_features(cases, Distance_Method, own, run)
