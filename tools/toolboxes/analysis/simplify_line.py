"""Lines with fewer vertices."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from shapely import LineString, Point

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.barriers import refuse_barriers
from gpserverless.analysis.crossings import Check
from gpserverless.analysis.lengths import read_length
from gpserverless.analysis.simplify import simplify_lines


@dataclass(frozen=True)
class SimplifyLineOutputs:
    """The outputs of SimplifyLine."""

    out_feature_class: Annotated[FeatureSet[LineString], Field(description="The lines.")]
    out_point_feature_class: Annotated[
        FeatureSet[Point] | None, Field(description="A point for each line that collapsed.")
    ]


@tool
def simplify_line(
    in_features: FeatureSet[LineString],
    *,
    algorithm: Literal["POINT_REMOVE", "EFFECTIVE_AREA"] = "POINT_REMOVE",
    tolerance: LinearUnit,
    run: Run,
    error_resolving_option: Annotated[bool, Keywords("RESOLVE_ERRORS", "FLAG_ERRORS")] = True,
    collapsed_point_option: Annotated[bool, Keywords("KEEP_COLLAPSED_POINTS", "NO_KEEP")] = True,
    error_checking_option: Annotated[bool, Keywords("CHECK", "NO_CHECK")] = True,
    in_barriers: list[FeatureSet[Any]] | None = None,
) -> SimplifyLineOutputs:
    """Draw lines with fewer vertices.

    With POINT_REMOVE a vertex goes if it lies within the tolerance of the chord between two that stay
    (Douglas and Peucker 1973). With EFFECTIVE_AREA the vertex goes whose triangle with its neighbours is the
    least, again and again, while it is smaller than the square of the tolerance (Visvalingam and Whyatt
    1993). Both ends of a path stay. Lines keep their attributes, heights too, and get InLine_FID, the object
    id of their feature. Tolerances on longitudes and latitudes are lengths in a plane that is true to scale
    at the middle latitude of each line. A line that would come to cross itself is simplified with a smaller
    tolerance, or flagged in SimLnFlag; crossings with other lines are not looked for, and there are no
    barriers. BEND_SIMPLIFY and WEIGHTED_AREA are not there: their last steps and weights are not published.

    Args:
        in_features: Lines.
        algorithm: By distance from the chord, or by area.
        tolerance: The greatest distance of a vertex that goes, or the root of the greatest area, above 0.
        error_resolving_option: Whether lines that would cross themselves are changed less, or else flagged.
        collapsed_point_option: Whether a closed line of which nothing is left becomes a point.
        error_checking_option: Whether lines are checked for crossing themselves.
        in_barriers: Shapes that must not be crossed; they are not read, so none may be given.
    """
    refuse_barriers(in_barriers)
    check: Check = "RESOLVE_ERRORS" if error_resolving_option else "FLAG_ERRORS"
    length = read_length(in_features, tolerance, "tolerance")
    check = check if error_checking_option else "NO_CHECK"
    found = simplify_lines(in_features, length, check, run, algorithm)
    return SimplifyLineOutputs(found.features, found.collapsed if collapsed_point_option else None)
