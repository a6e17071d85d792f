"""Points counted in polygons or bins."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shapely import MultiPoint, Point, Polygon

from gpserverless import (
    FeatureSet,
    Field,
    GraduatedColors,
    LinearUnit,
    Run,
    Table,
    ToolError,
    tool,
    write_count,
)
from gpserverless.analysis.bins import draw_bins, keep_once
from gpserverless.analysis.field_statistics import read_statistics
from gpserverless.analysis.inputs import align, drop_shapeless, repair
from gpserverless.analysis.pairs import find_pairs
from gpserverless.analysis.summarize import SummaryStyle, summarize
from toolboxes.analysis._examples import ZONES


@dataclass(frozen=True)
class AggregatePointsOutputs:
    """The outputs of AggregatePoints."""

    aggregated_layer: Annotated[
        FeatureSet[Polygon],
        GraduatedColors("Point_Count"),
        Field(alias="aggregatedLayer", description="The polygons or bins, and their summaries."),
    ]
    group_summary: Annotated[
        Table | None,
        Field(alias="groupSummary", description="One row for each polygon and group, joined by Join_ID."),
    ]


@tool
def aggregate_points(
    point_layer: Annotated[FeatureSet[Point | MultiPoint], Field(alias="pointLayer")],
    run: Run,
    polygon_layer: Annotated[
        FeatureSet[Polygon] | None, Field(alias="polygonLayer", examples=[ZONES])
    ] = None,
    bin_type: Annotated[Literal["Square", "Hexagon"] | None, Field(alias="binType")] = None,
    bin_size: Annotated[float | None, Field(alias="binSize")] = None,
    bin_size_unit: Annotated[str, Field(alias="binSizeUnit")] = "Meters",
    keep_empty: Annotated[bool, Field(alias="keepBoundariesWithNoPoints")] = True,
    summary_fields: Annotated[str | None, Field(alias="summaryFields")] = None,
    group_by_field: Annotated[str | None, Field(alias="groupByField")] = None,
    minority_majority: Annotated[bool, Field(alias="minorityMajority")] = False,
    percent_points: Annotated[bool, Field(alias="percentPoints")] = False,
) -> AggregatePointsOutputs:
    """Count points in polygons or in bins, and summarize their fields.

    The polygons get Point_Count and a column such as sum_POP for each statistic. A point on a border counts
    on both sides, but in one bin only. Bins cover the extent of the points from its lower left corner.
    Without a polygon layer a type and a size of bins are needed.

    Args:
        point_layer: The points.
        polygon_layer: The polygons, in any spatial reference.
        bin_type: The form of bins.
        bin_size: Side of a square, or distance of opposite sides of a hexagon. Bins need points in a
            projected spatial reference.
        bin_size_unit: Unit of the size: Meters, Kilometers, Feet, Miles and so on.
        keep_empty: Whether polygons without points are kept.
        summary_fields: Fields and statistics (Sum, Mean, Min, Max, Stddev), as JSON ["POP Sum"] or as
            POP Sum;POP Mean.
        group_by_field: A field of the points: the summaries are also made for each of its values.
        minority_majority: Whether each polygon gets its least and most frequent group.
        percent_points: Whether the shares of the groups are given in percent.
    """
    statistics = read_statistics(summary_fields, "summaryFields")
    style = SummaryStyle(
        keep_empty,
        statistics,
        group_field=group_by_field,
        extremes=minority_majority,
        percent=percent_points,
    )
    style.check("minorityMajority", "percentPoints", "groupByField")
    points = drop_shapeless(point_layer, run)
    if polygon_layer is not None:
        polygons = repair(polygon_layer, run)
        points = align(points, polygons, run)
    elif bin_type is None or bin_size is None:
        raise ToolError("polygonLayer, or binType and binSize, are needed.")
    else:
        polygons = draw_bins(points, bin_type, LinearUnit(bin_size, bin_size_unit))
    sought = write_count(len(points), "point", "points")
    run.progress(f"Counting {sought} in {write_count(len(polygons), 'polygon', 'polygons')}")
    pairs = find_pairs(polygons.cut_at_antimeridian(), points.cut_at_antimeridian(), run)
    if polygon_layer is None and points.geometry_type == "esriGeometryPoint":
        pairs = keep_once(pairs)
    return AggregatePointsOutputs(*summarize(polygons, points, pairs, style))
