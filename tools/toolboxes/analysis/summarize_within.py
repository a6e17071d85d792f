"""What lies inside polygons."""

from dataclasses import dataclass
from typing import Annotated

from shapely import LineString, MultiPoint, Point, Polygon

from gpserverless import FeatureSet, Field, Keywords, Run, Table, tool, write_count
from gpserverless.analysis.field_statistics import read_statistics
from gpserverless.analysis.inputs import align, repair
from gpserverless.analysis.pairs import find_pairs
from gpserverless.analysis.summarize import SummaryStyle, summarize


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
    style = SummaryStyle(
        keep_all_polygons, statistics, sum_shape, shape_unit, group_field, add_min_maj, add_group_percent
    )
    style.check("add_min_maj", "add_group_percent", "group_field")
    polygons, features = repair(in_polygons, run), repair(in_sum_features, run)
    features = align(features, polygons, run).cut_at_antimeridian()
    sought = write_count(len(features), "feature", "features")
    run.progress(f"Looking for {sought} in {write_count(len(polygons), 'polygon', 'polygons')}")
    pairs = find_pairs(polygons.cut_at_antimeridian(), features, run)
    run.progress("Summarizing")
    return SummarizeWithinOutputs(*summarize(polygons, features, pairs, style))
