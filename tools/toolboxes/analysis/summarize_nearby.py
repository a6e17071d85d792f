"""What lies within distances of features."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from shapely import Polygon

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, Table, ToolError, tool
from gpserverless.analysis.field_statistics import read_statistics
from gpserverless.analysis.inputs import align, drop_shapeless, repair
from gpserverless.analysis.nearby import draw_all_zones, find_nearby
from gpserverless.analysis.summarize import SummaryStyle, summarize

Units = Literal["METERS", "KILOMETERS", "FEET", "YARDS", "MILES", "SECONDS", "MINUTES", "HOURS"]
DistanceType = Literal[
    "DRIVING_DISTANCE",
    "DRIVING_TIME",
    "STRAIGHT_LINE",
    "TRUCKING_DISTANCE",
    "TRUCKING_TIME",
    "WALKING_DISTANCE",
    "WALKING_TIME",
]


@dataclass(frozen=True)
class SummarizeNearbyOutputs:
    """The outputs of SummarizeNearby."""

    out_feature_class: Annotated[FeatureSet[Polygon], Field(description="The zones and their summaries.")]
    output_grouped_table: Annotated[
        Table | None, Field(description="One row for each zone and group, joined by Join_ID.")
    ]


@tool
def summarize_nearby(
    in_features: FeatureSet[Any],
    in_sum_features: FeatureSet[Any],
    distance_type: Annotated[DistanceType, Field(examples=["STRAIGHT_LINE"])],
    distances: Annotated[list[float], Field(examples=[[10]])],
    distance_units: Annotated[Units, Field(examples=["KILOMETERS"])],
    run: Run,
    time_of_day: datetime | None = None,
    time_zone: Literal["UTC", "GEOLOCAL"] = "GEOLOCAL",
    keep_all_polygons: Annotated[bool, Keywords("KEEP_ALL", "ONLY_INTERSECTING")] = True,
    sum_fields: str | None = None,
    sum_shape: Annotated[bool, Keywords("ADD_SHAPE_SUM", "NO_SHAPE_SUM")] = True,
    shape_unit: str | None = None,
    group_field: str | None = None,
    add_min_maj: Annotated[bool, Keywords("ADD_MIN_MAJ", "NO_MIN_MAJ")] = False,
    add_group_percent: Annotated[bool, Keywords("ADD_PERCENT", "NO_PERCENT")] = False,
) -> SummarizeNearbyOutputs:
    """Count and add up the points, lines or polygons within distances of features.

    Each feature gets a zone for each distance, with its attributes, BUFF_DIST, ORIG_FID and the summaries
    that SummarizeWithin makes. Points are counted by their exact distance; of lines and polygons the part in
    the zone counts, whose outline is right to 0.1 % of its area. Distances on longitudes and latitudes are
    measured on the ellipsoid. There is no network of streets: only straight lines are measured.

    Args:
        in_features: The features about which to look.
        in_sum_features: What to summarize: points, lines or polygons, in any spatial reference.
        distance_type: STRAIGHT_LINE; the others are refused.
        distances: The distances, each above 0.
        distance_units: Their unit; units of time are refused.
        time_of_day: For traffic; it is not used.
        time_zone: Of that time; it is not used.
        keep_all_polygons: Whether zones without anything inside are kept.
        sum_fields: Fields and statistics (Sum, Mean, Min, Max, Stddev), as JSON [["POP", "Sum"]] or as
            POP Sum;POP Mean. A column is called sum_POP.
        sum_shape: Whether lengths or areas are added up.
        shape_unit: Unit of these sums, such as KILOMETERS or SQUAREMILES; kilometres if not given.
        group_field: A field of the summarized features: the summaries are also made for each of its values.
        add_min_maj: Whether each zone gets its least and most frequent group.
        add_group_percent: Whether the shares of the groups are given in percent.
    """
    if distance_type != "STRAIGHT_LINE" or distance_units in ("SECONDS", "MINUTES", "HOURS"):
        raise ToolError(
            "There is no network of streets: distance_type must be STRAIGHT_LINE and distance_units a length."
        )
    if time_of_day is not None:
        run.warn("time_of_day and time_zone are not used.")
    if not distances or min(distances) <= 0:
        raise ToolError("distances must be one or several numbers above 0.")
    style = SummaryStyle(
        keep_all_polygons,
        read_statistics(sum_fields),
        sum_shape,
        shape_unit,
        group_field,
        add_min_maj,
        add_group_percent,
    )
    style.check("add_min_maj", "add_group_percent", "group_field")
    features = repair(drop_shapeless(in_features, run), run)
    others = repair(drop_shapeless(align(in_sum_features, features, run), run), run)
    reaches = [LinearUnit(distance, distance_units) for distance in sorted(set(distances))]
    zones = draw_all_zones(features, reaches, run)
    pairs = find_nearby(features, zones, others, reaches, run)
    return SummarizeNearbyOutputs(*summarize(zones, others, pairs, style))
