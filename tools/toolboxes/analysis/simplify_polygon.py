"""Polygons with fewer vertices."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from shapely import Point, Polygon

from gpserverless import ArealUnit, FeatureSet, Field, Keywords, LinearUnit, Run, ToolError, tool
from gpserverless.analysis.barriers import refuse_barriers
from gpserverless.analysis.lengths import read_length
from gpserverless.analysis.simplify import drop_small, simplify_coverage, simplify_polygons


@dataclass(frozen=True)
class SimplifyPolygonOutputs:
    """The outputs of SimplifyPolygon."""

    out_feature_class: Annotated[FeatureSet[Polygon], Field(description="The polygons.")]
    out_point_feature_class: Annotated[
        FeatureSet[Point] | None, Field(description="A point for each polygon that collapsed.")
    ]


@tool
def simplify_polygon(
    in_features: FeatureSet[Polygon],
    *,
    algorithm: Literal["POINT_REMOVE", "EFFECTIVE_AREA"] = "POINT_REMOVE",
    tolerance: LinearUnit,
    run: Run,
    minimum_area: ArealUnit | None = None,
    error_option: Literal["NO_CHECK", "FLAG_ERRORS", "RESOLVE_ERRORS"] = "RESOLVE_ERRORS",
    collapsed_point_option: Annotated[bool, Keywords("KEEP_COLLAPSED_POINTS", "NO_KEEP")] = True,
    in_barriers: list[FeatureSet[Any]] | None = None,
) -> SimplifyPolygonOutputs:
    """Draw polygons with fewer vertices.

    POINT_REMOVE takes each polygon alone: a vertex goes if it lies within the tolerance of the chord between
    two that stay (Douglas and Peucker 1973); borders that two polygons share may part. EFFECTIVE_AREA takes
    all polygons together, and shared borders stay shared: a vertex goes while its triangle with its
    neighbours is smaller than the square of the tolerance (Visvalingam and Whyatt 1993). Polygons keep their
    attributes and get InPoly_FID, the object id of their feature. Tolerances on longitudes and latitudes are
    lengths in a plane that is true to scale at a middle latitude. Invalid polygons are repaired.
    BEND_SIMPLIFY and WEIGHTED_AREA are not there: their last steps and weights are not published.

    Args:
        in_features: Polygons.
        algorithm: By distance from the chord, or by area.
        tolerance: The greatest distance, or the root of the greatest area, above 0.
        minimum_area: Smaller polygons are left out of the result.
        error_option: Whether POINT_REMOVE changes outlines less that would cross themselves, flags them in
            SimPgnFlag, or does not look; what is invalid is repaired.
        collapsed_point_option: Whether a polygon of which nothing is left becomes a point.
        in_barriers: Shapes that must not be crossed; they are not read, so none may be given.
    """
    refuse_barriers(in_barriers)
    length = read_length(in_features, tolerance, "tolerance")
    if algorithm == "EFFECTIVE_AREA":
        found = simplify_coverage(in_features, length, run)
    else:
        found = simplify_polygons(in_features, length, error_option, run)
    polygons = found.features
    if minimum_area is not None and minimum_area.area > 0:
        polygons = drop_small(polygons, _read_area(in_features, minimum_area), run)
    return SimplifyPolygonOutputs(polygons, found.collapsed if collapsed_point_option else None)


def _read_area(features: FeatureSet[Any], area: ArealUnit) -> float:
    """Return an area in square metres; one in unknown units is in those of the map."""
    if area.units != "esriUnknownAreaUnits":
        return area.square_metres
    if features.is_geographic:
        raise ToolError("minimum_area needs a unit, because the polygons are on longitudes and latitudes.")
    reference = features.spatial_reference
    return area.area * (1.0 if reference is None else reference.metres_per_unit**2)
