"""Hot spots and cold spots of a field."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from gpserverless import DataFile, FeatureSet, Field, Keywords, Run, ToolError, UniqueValues, tool
from gpserverless.analysis.hot_spots import score_features
from gpserverless.analysis.inputs import drop_shapeless, repair
from gpserverless.analysis.spatial_weights import Relationship, Weighting, sum_weights
from toolboxes.analysis._examples import PLACES

SOURCE_ID, SCORE, PROBABILITY = "SOURCE_ID", "GiZScore", "GiPValue"
BINS = UniqueValues(
    "Gi_Bin",
    {
        "3": "#b2182b",
        "2": "#e26952",
        "1": "#f9c0a5",
        "0": "#e6e6e0",
        "-1": "#b7d5e8",
        "-2": "#5c9fc9",
        "-3": "#2166ac",
    },
    {
        "3": "Hot spot, 99 % of confidence",
        "2": "Hot spot, 95 % of confidence",
        "1": "Hot spot, 90 % of confidence",
        "0": "Not significant",
        "-1": "Cold spot, 90 % of confidence",
        "-2": "Cold spot, 95 % of confidence",
        "-3": "Cold spot, 99 % of confidence",
    },
)


@dataclass(frozen=True)
class HotSpotsOutputs:
    """The outputs of HotSpots."""

    Output_Feature_Class: Annotated[
        FeatureSet[Any], BINS, Field(description="The features and their statistics.")
    ]
    Results_Field: Annotated[str, Field(description="Name of the field of Gi*.")] = SCORE
    Probability_Field: Annotated[str, Field(description="Name of the field of probabilities.")] = PROBABILITY
    Source_ID: Annotated[str, Field(description="Name of the field of object ids.")] = SOURCE_ID


@tool
def hot_spots(
    Input_Feature_Class: Annotated[FeatureSet[Any], Field(examples=[PLACES])],
    Input_Field: Annotated[str, Field(examples=["POP"])],
    run: Run,
    Conceptualization_of_Spatial_Relationships: Annotated[
        Relationship, Field(examples=["K_NEAREST_NEIGHBORS"])
    ] = "FIXED_DISTANCE_BAND",
    Distance_Method: Literal["EUCLIDEAN_DISTANCE", "MANHATTAN_DISTANCE"] = "EUCLIDEAN_DISTANCE",
    Standardization: Literal["NONE", "ROW"] = "ROW",
    Distance_Band_or_Threshold_Distance: Annotated[float, Field(ge=0)] | None = None,
    Self_Potential_Field: str | None = None,
    Weights_Matrix_File: DataFile | None = None,
    Apply_False_Discovery_Rate__FDR__Correction: Annotated[bool, Keywords("APPLY_FDR", "NO_FDR")] = False,
    number_of_neighbors: Annotated[int, Field(ge=1, le=1000, examples=[2])] = 8,
) -> HotSpotsOutputs:
    """Find where high values cluster, and where low ones do.

    Each feature gets the statistic Gi* of Getis and Ord: GiZScore, GiPValue (two-sided, of the normal
    distribution), NNeighbors, and Gi_Bin: 3, 2 or 1 for a hot spot with 99, 95 or 90 percent of confidence,
    negative for a cold spot, else 0. SOURCE_ID is the object id, and the analysed field is kept. Each feature
    is its own neighbour with weight 1. Lines and polygons stand at their centroids, except for contiguity.
    Distances on longitudes and latitudes are geodesic, in metres, and MANHATTAN_DISTANCE is refused. Features
    without a shape or a value are left out. ZONE_OF_INDIFFERENCE and files of weights are refused.

    Args:
        Input_Feature_Class: The features, at least 3; fewer than 30 are seldom enough to tell.
        Input_Field: A field of numbers whose values differ.
        Conceptualization_of_Spatial_Relationships: The neighbours of a feature: those within the band, the
            nearest ones, or polygons that touch; weights of inverse distances fall within the threshold.
        Distance_Method: Along a straight line, or along x and then y.
        Standardization: Whether the weights of a feature are divided by their sum; Gi* is the same.
        Distance_Band_or_Threshold_Distance: In the unit of the coordinates, in metres for longitudes and
            latitudes. Without it every feature gets a neighbour; 0 means no threshold, all are neighbours.
        Self_Potential_Field: A field of the weight of each feature for itself.
        Weights_Matrix_File: Not read.
        Apply_False_Discovery_Rate__FDR__Correction: Whether bins are set by the false discovery rate.
        number_of_neighbors: Neighbours for K_NEAREST_NEIGHBORS.
    """
    if Weights_Matrix_File is not None:
        raise ToolError("Weights_Matrix_File is not read; name a relationship instead.")
    features = repair(drop_shapeless(Input_Feature_Class, run), run)
    if features.is_geographic and Distance_Method == "MANHATTAN_DISTANCE":
        raise ToolError("MANHATTAN_DISTANCE needs projected features; project them first.")
    features = _take_known(features, Input_Field, run)
    if 0 < len(features) < 30:
        run.warn(f"Only {len(features)} features: z-scores of fewer than 30 are not reliable.")
    values = features.numbers(Input_Field)
    own = np.ones(len(features))
    if Self_Potential_Field is not None:
        own = np.nan_to_num(features.numbers(Self_Potential_Field))
    weighting = Weighting(
        Conceptualization_of_Spatial_Relationships,
        Distance_Method,
        Distance_Band_or_Threshold_Distance,
        number_of_neighbors,
    )
    if not len(features):
        nothing = _describe(features, Input_Field, (np.empty(0),) * 2, (np.empty(0, int),) * 2)
        return HotSpotsOutputs(nothing)
    sums, numbers = sum_weights(features, values, own, weighting, run)
    spots = score_features(values, sums, correct=Apply_False_Discovery_Rate__FDR__Correction)
    found = (spots.score, spots.probability)
    return HotSpotsOutputs(_describe(features, Input_Field, found, (numbers, spots.confidence)))


def _take_known(features: FeatureSet[Any], field: str, run: Run) -> FeatureSet[Any]:
    """Return the features that have a value; a warning counts the others."""
    known = np.isfinite(features.numbers(field))
    if lost := int(np.count_nonzero(~known)):
        run.warn(f"Features without a value of {field}: {lost:,}; they were left out.")
    return features.take(known)


def _describe(
    features: FeatureSet[Any], field: str, floats: tuple[Any, ...], wholes: tuple[Any, ...]
) -> FeatureSet[Any]:
    names = (SOURCE_ID, SCORE, PROBABILITY, "NNeighbors", "Gi_Bin")
    columns = (features.object_ids, *floats, *wholes)
    return features.only(field).with_columns(dict(zip(names, columns, strict=True)))
