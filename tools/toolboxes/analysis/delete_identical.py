"""Features without those that occurred before."""

from typing import Annotated, Any

from gpserverless import FeatureSet, Field, LinearUnit, Run, ToolError, tool, write_count
from gpserverless.analysis.sort import find_first_rows

Different = Annotated[
    FeatureSet[Any], Field(alias="out_dataset", description="The first feature of each combination.")
]

METRES_PER_DEGREE = 111_319.49
"""Metres in one degree of the equator of WGS84."""


@tool
def delete_identical(
    in_dataset: FeatureSet[Any],
    fields: list[str],
    run: Run,
    xy_tolerance: LinearUnit | None = None,
    ztolerance: float = 0,
) -> Different:
    """Delete features that have the same values and shape as one before them.

    Shapes are equal if they have the same vertices, in any order of parts and from any vertex of a ring on;
    with a tolerance also if none lies farther than this from the other one. Null is equal to null.

    Args:
        in_dataset: The features; rows of a table are features without a shape.
        fields: Names of the fields to compare; Shape means the geometry.
        xy_tolerance: How far equal shapes may lie apart; nothing if not given. In degrees of the equator
            where coordinates are longitude and latitude.
        ztolerance: Heights are compared exactly; only 0 is possible.
    """
    if ztolerance:
        raise ToolError("Heights are compared exactly: ztolerance must be 0.")
    run.progress("Comparing")
    first = find_first_rows(in_dataset, fields, _resolve_tolerance(in_dataset, xy_tolerance), run)
    run.info(f"{write_count(len(first) - int(first.sum()), 'feature', 'features')} deleted.")
    return in_dataset.take(first)


def _resolve_tolerance(features: FeatureSet[Any], tolerance: LinearUnit | None) -> float:
    """Return the tolerance in the unit of the coordinates."""
    if tolerance is None or tolerance.distance == 0:
        return 0.0
    if tolerance.distance < 0:
        raise ToolError("xy_tolerance is negative. Accepted: a distance of 0 or more.")
    if tolerance.units in ("esriUnknownUnits", "esriDecimalDegrees"):
        return tolerance.distance
    reference = features.spatial_reference
    if reference is None:
        return tolerance.metres
    return tolerance.metres / (METRES_PER_DEGREE if reference.is_geographic else reference.metres_per_unit)
