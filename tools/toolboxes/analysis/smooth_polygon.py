"""Smooth polygons."""

from typing import Annotated, Any, Literal

from shapely import Polygon

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.analysis.barriers import refuse_barriers
from gpserverless.analysis.lengths import Length, read_length
from gpserverless.analysis.smooth import Smoothing, smooth

Smooth = Annotated[FeatureSet[Polygon], Field(alias="out_feature_class", description="The smooth polygons.")]


@tool
def smooth_polygon(
    in_features: FeatureSet[Polygon],
    *,
    algorithm: Literal["PAEK", "BEZIER_INTERPOLATION"] = "PAEK",
    tolerance: LinearUnit,
    run: Run,
    endpoint_option: Annotated[bool, Keywords("FIXED_ENDPOINT", "NO_FIXED")] = True,
    error_option: Literal["NO_CHECK", "FLAG_ERRORS", "RESOLVE_ERRORS"] = "NO_CHECK",
    in_barriers: list[FeatureSet[Any]] | None = None,
) -> Smooth:
    """Draw smooth polygons.

    PAEK replaces each place of an outline by a mean of the places before and behind it, weighted by a
    bell-shaped kernel of the distance along the outline that is as wide as the tolerance. It is the idea of
    ArcGIS' PAEK (Bodansky, Gribov and Pilouk 2002), and near to its result, not the same.
    BEZIER_INTERPOLATION draws cubic curves through all vertices, as chains of ten chords; its handles are our
    own choice. Each polygon is smoothed alone: borders that two share may part. Polygons keep their
    attributes and heights, and get InPoly_FID, the object id of their feature. Outlines that cross themselves
    are repaired. Tolerances on longitudes and latitudes are lengths in a plane that is true to scale at the
    middle latitude of each polygon. There are no barriers.

    Args:
        in_features: Polygons.
        algorithm: By a kernel, or by curves through the vertices.
        tolerance: Width of the kernel along the outline, above 0; 0 for BEZIER_INTERPOLATION, which takes
            none.
        endpoint_option: Whether the first vertex of each ring stays.
        error_option: Whether polygons that would come to cross themselves are flagged in SmoPgnFlag, or
            smoothed less.
        in_barriers: Shapes that must not be crossed; they are not read, so none may be given.
    """
    refuse_barriers(in_barriers)
    bezier = algorithm == "BEZIER_INTERPOLATION"
    length = Length(0.0) if bezier else read_length(in_features, tolerance, "tolerance")
    return smooth(in_features, length, Smoothing(bezier, endpoint_option, error_option), run)
