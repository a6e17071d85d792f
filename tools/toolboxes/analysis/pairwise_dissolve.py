"""Features united by the values of fields, under the name of the pairwise tool."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, Keywords, Run, tool
from gpserverless.analysis import dissolve as engine
from gpserverless.analysis.summary_statistics import read_statistics

Dissolved = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="One feature for each case.")
]


@tool
def pairwise_dissolve(
    in_features: FeatureSet[Any],
    run: Run,
    dissolve_field: list[str] | None = None,
    statistics_fields: str | None = None,
    multi_part: Annotated[bool, Keywords("MULTI_PART", "SINGLE_PART")] = True,
    concatenation_separator: str | None = None,
) -> Dissolved:
    """Unite features that have the same values of some fields.

    The features have these fields and a column for each statistic, such as SUM_POP; null is a value too.
    Points become multipoints. Features without a shape are left out and counted in a warning; invalid
    polygons are repaired. Null values do not count in statistics; STD and VARIANCE are those of a sample. A
    feature with parts in several single parts counts in each. Features have no z and m. The features are
    sorted by the fields.

    Args:
        in_features: Points, lines or polygons.
        dissolve_field: Names of fields; without any, all features are united.
        statistics_fields: Fields and statistics, as JSON [["POP", "SUM"]] or as POP SUM;POP MEAN. Statistics
            are SUM, MEAN, MIN, MAX, RANGE, STD, COUNT, FIRST, LAST, MEDIAN, VARIANCE, UNIQUE and CONCATENATE.
        multi_part: Whether parts that do not meet stay one feature.
        concatenation_separator: The text between the values of CONCATENATE; none if not given.
    """
    statistics = read_statistics(statistics_fields, in_features)
    fields, separator = dissolve_field or [], concatenation_separator or ""
    options = engine.DissolveOptions(fields, statistics, multi_part, separator=separator)
    return engine.dissolve(in_features, options, run)
