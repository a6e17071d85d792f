"""The places that several polygons cover."""

from dataclasses import dataclass
from typing import Annotated

from shapely import Polygon

from gpserverless import FeatureSet, Field, GraduatedColors, Run, Table, tool
from gpserverless.analysis.overlap_counts import count_overlaps


@dataclass(frozen=True)
class CountOverlappingFeaturesOutputs:
    """The outputs of CountOverlappingFeatures."""

    out_feature_class: Annotated[
        FeatureSet[Polygon], GraduatedColors("COUNT_"), Field(description="The parts and their counts.")
    ]
    out_overlap_table: Annotated[
        Table, Field(description="One row for each part and each polygon that covers it.")
    ]


@tool
def count_overlapping_features(
    in_features: list[FeatureSet[Polygon]],
    run: Run,
    min_overlap_count: Annotated[int, Field(ge=1)] = 1,
) -> CountOverlappingFeaturesOutputs:
    """Divide polygons by each other, and count the polygons that cover each part.

    A part has COUNT_, the number of polygons that cover it, and COUNT_FC, the number of layers that they are
    from. The table has OVERLAP_OID, the number of the part; ORIG_OID and ORIG_NAME, the object id of the
    polygon and its layer: in_features, in_features_1 and so on. Parts do not overlap; those smaller than a
    square of 1 mm are left out. The result is in the spatial reference of the first layer. Invalid polygons
    are repaired, features without a shape are left out, and a warning counts both.

    Args:
        in_features: One or more layers of polygons.
        min_overlap_count: Least number of polygons that cover a part of the result.
    """
    parts, table = count_overlaps("in_features", in_features, min_overlap_count, run)
    return CountOverlappingFeaturesOutputs(parts, table)
