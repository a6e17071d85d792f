"""What lies inside polygons."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from shapely import LineString, MultiPoint, Point, Polygon

from gpserverless import FeatureSet, Field, Keywords, Run, Table, ToolError, tool, write_count
from gpserverless.analysis.field_statistics import read_statistics
from gpserverless.analysis.groups import JOIN, add_extremes, group_pairs, make_group_table
from gpserverless.analysis.pairs import find_pairs
from gpserverless.analysis.summary import Measures, ShapeSum, choose_shape_sum, summarize_features


@dataclass(frozen=True)
class SummarizeWithinOutputs:
    """The outputs of SummarizeWithin."""

    out_feature_class: Annotated[FeatureSet[Polygon], Field(description="The polygons and their summaries.")]
    out_group_table: Annotated[
        Table | None, Field(description="One row for each polygon and group, joined by Join_ID.")
    ]


@tool
def summarize_within(
    in_polygons: FeatureSet[Polygon],
    in_sum_features: FeatureSet[Point | MultiPoint | LineString | Polygon],
    run: Run,
    keep_all_polygons: Annotated[bool, Keywords("KEEP_ALL", "ONLY_INTERSECTING")] = True,
    sum_fields: str | None = None,
    sum_shape: Annotated[bool, Keywords("ADD_SHAPE_SUM", "NO_SHAPE_SUM")] = True,
    shape_unit: str | None = None,
    group_field: str | None = None,
    add_min_maj: Annotated[bool, Keywords("ADD_MIN_MAJ", "NO_MIN_MAJ")] = False,
    add_group_percent: Annotated[bool, Keywords("ADD_PERCENT", "NO_PERCENT")] = False,
) -> SummarizeWithinOutputs:
    """Count and add up the points, lines or polygons inside each polygon.

    Of lines and polygons only the part inside counts: sums, means and deviations are weighted by its share
    of the whole; lengths and areas on longitudes and latitudes are measured on the ellipsoid. A point on a
    border counts on both sides. Invalid polygons are repaired. What is drawn beyond 180 degrees counts on the
    other side.

    Args:
        in_polygons: The polygons to summarize in.
        in_sum_features: What to summarize: points, lines or polygons, in any spatial reference.
        keep_all_polygons: Whether polygons without anything inside are kept.
        sum_fields: Fields and statistics (Sum, Mean, Min, Max, Stddev), as JSON [["POP", "Sum"]] or as
            POP Sum;POP Mean. A column is called sum_POP.
        sum_shape: Whether lengths or areas are added up.
        shape_unit: Unit of these sums, such as KILOMETERS or SQUAREMILES; kilometres if not given.
        group_field: A field of the summarized features: the summaries are also made for each of its values.
        add_min_maj: Whether each polygon gets its least and most frequent group.
        add_group_percent: Whether the shares of the groups are given in percent.
    """
    statistics = read_statistics(sum_fields)
    if group_field is None and (add_min_maj or add_group_percent):
        raise ToolError("add_min_maj and add_group_percent need group_field.")
    polygons, features = _repair(in_polygons, run), _repair(in_sum_features, run)
    if polygons.spatial_reference is not None:
        features = features.project(polygons.spatial_reference, warn=run.warn)
    features = features.cut_at_antimeridian()
    shape = choose_shape_sum(features, shape_unit) if sum_shape else ShapeSum()
    measures = Measures(statistics, shape)
    sought = write_count(len(features), "feature", "features")
    run.progress(f"Looking for {sought} in {write_count(len(polygons), 'polygon', 'polygons')}")
    pairs = find_pairs(polygons.cut_at_antimeridian(), features)
    run.progress("Summarizing")
    columns = summarize_features(features, pairs, pairs.polygon, len(polygons), measures)
    result = polygons.with_columns(columns)
    keep = np.ones(len(polygons), bool)
    if not keep_all_polygons:
        keep = np.bincount(pairs.polygon, minlength=len(polygons)) > 0
    if group_field is None:
        return SummarizeWithinOutputs(result.take(keep), None)
    result = result.with_columns({JOIN: np.arange(1, len(polygons) + 1)})
    groups = group_pairs(features, pairs, group_field)
    if add_min_maj:
        result = add_extremes(result, groups, percent=add_group_percent)
    table = make_group_table(features, groups, measures, percent=add_group_percent)
    return SummarizeWithinOutputs(result.take(keep), table)


def _repair(features: FeatureSet[Any], run: Run) -> FeatureSet[Any]:
    repaired, count = features.repair()
    if count:
        run.warn(write_count(count, "invalid polygon was repaired.", "invalid polygons were repaired."))
    return repaired
