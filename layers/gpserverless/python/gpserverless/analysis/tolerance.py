"""The XY tolerance of an overlay."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import DEGREES, UNKNOWN, LinearUnit

_METRES = 0.001
"""The tolerance of ArcGIS where none is given (Esri, ISpatialReferenceTolerance)."""

_METRES_PER_DEGREE = 111_319.490_793  # at the equator of WGS84: 6378137 * pi / 180


@dataclass(frozen=True)
class Tolerance:
    """Lengths in the unit of the coordinates below which two places are one."""

    #: Step of the grid that coordinates are rounded to; 0 for no rounding.
    grid: float
    #: Parts that are shorter, or smaller than its square, are left out.
    least: float


def read_tolerance(
    given: LinearUnit | None, reference: SpatialReference | None, parameter: str = "cluster_tolerance"
) -> Tolerance:
    """Return the tolerance of an overlay.

    Args:
        given: The tolerance that the caller gives; None or zero for no rounding.
        reference: Spatial reference of the overlay.
        parameter: Name of the parameter, for errors.

    Raises:
        InvalidParameter: It is negative, or of a unit that does not suit the spatial reference.
    """
    least = _to_units(LinearUnit(_METRES), reference)
    if given is None or given.distance == 0:
        return Tolerance(0.0, least)
    if given.distance < 0:
        raise InvalidParameter(parameter, f"{given.distance:g} is negative", "zero or a positive distance")
    try:
        grid = _to_units(given, reference)
    except InvalidValue as error:
        raise InvalidParameter(parameter, error.problem, error.accepted) from None
    return Tolerance(grid, max(grid, least))


def _to_units(length: LinearUnit, reference: SpatialReference | None) -> float:
    """Return a length in the unit of the coordinates; metres if the reference is unknown."""
    if length.units == UNKNOWN:
        return length.distance
    if reference is None:
        return length.metres
    if not reference.is_geographic:
        return length.metres / reference.metres_per_unit
    return length.distance if length.units == DEGREES else length.metres / _METRES_PER_DEGREE
