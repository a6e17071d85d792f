"""Attributes of other features by their place."""

from typing import Annotated, Any, Literal

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.field_mapping import read_mapping
from gpserverless.analysis.matching import Matching
from gpserverless.analysis.spatial_join import JoinStyle, join_attributes

Joined = Annotated[
    FeatureSet[Any],
    Field(alias="out_feature_class", description="The targets with attributes of the joined features."),
]

MatchOption = Literal[
    "INTERSECT",
    "CONTAINS",
    "COMPLETELY_CONTAINS",
    "CONTAINS_CLEMENTINI",
    "WITHIN",
    "COMPLETELY_WITHIN",
    "WITHIN_CLEMENTINI",
    "ARE_IDENTICAL_TO",
    "BOUNDARY_TOUCHES",
    "SHARE_A_LINE_SEGMENT_WITH",
    "CROSSED_BY_THE_OUTLINE_OF",
    "HAVE_THEIR_CENTER_IN",
    "WITHIN_A_DISTANCE",
    "WITHIN_A_DISTANCE_GEODESIC",
    "CLOSEST",
    "CLOSEST_GEODESIC",
    "LARGEST_OVERLAP",
]


@tool
def spatial_join(
    target_features: FeatureSet[Any],
    join_features: FeatureSet[Any],
    run: Run,
    join_operation: Literal["JOIN_ONE_TO_ONE", "JOIN_ONE_TO_MANY"] = "JOIN_ONE_TO_ONE",
    join_type: Annotated[bool, Keywords("KEEP_ALL", "KEEP_COMMON")] = True,
    field_mapping: str | None = None,
    match_option: MatchOption = "INTERSECT",
    search_radius: LinearUnit | None = None,
    distance_field_name: str | None = None,
) -> Joined:
    """Give features the attributes of others that lie in, about or near them.

    The targets get Join_Count, the number of matches, and TARGET_FID, their object id. One to one, the values
    of the match of the lowest object id are taken, or merged by field_mapping; one to many, each match is a
    row with JOIN_FID, -1 for none. A field of a name that is there already gets a number: NAME_1.

    The options are seen from the targets: CONTAINS and WITHIN count borders, COMPLETELY_ ones do not, and
    those of CLEMENTINI leave out what lies on the border only. BOUNDARY_TOUCHES: they meet at the border
    only. HAVE_THEIR_CENTER_IN: the centroid of the target lies in the other. Polygons stand for their
    outlines in SHARE_A_LINE_SEGMENT_WITH and CROSSED_BY_THE_OUTLINE_OF. LARGEST_OVERLAP takes the one with
    the largest common area or length. Of equally close or large ones the lowest object id is taken. Invalid
    polygons are repaired.

    Args:
        target_features: The features that get attributes.
        join_features: The features that give them, in any spatial reference.
        join_operation: One row a target, or one row a match.
        join_type: Whether targets without a match are kept.
        field_mapping: Merge rules of joined fields, POP Sum;NAME First or the same as a JSON array of pairs,
            or a whole field mapping as ArcGIS writes it. Rules: First, Last, Join, Sum, Mean, Median, Mode,
            Min, Max, Stddev, Variance, Range, Count. Nulls count in First and Last only.
        match_option: How a target and another feature must lie.
        search_radius: Longest distance, of WITHIN_A_DISTANCE, CLOSEST and INTERSECT. A length on longitudes
            and latitudes is measured on the ellipsoid.
        distance_field_name: Name of a field with the distance of the match, -1 for none, as Near measures it.
    """
    matching = Matching(match_option, "match_option", search_radius, "search_radius")
    distance = (distance_field_name or "").strip()
    if distance and not matching.has_distance:
        run.warn(f"distance_field_name is not used: {match_option} measures no distance.")
        distance = ""
    mapping = read_mapping(field_mapping, "field_mapping")
    matches = matching.find(target_features, join_features, run)
    many = join_operation == "JOIN_ONE_TO_MANY"
    style = JoinStyle(many, join_type, mapping, distance)
    run.progress("Joining attributes")
    return join_attributes(target_features, join_features, matches, style)
