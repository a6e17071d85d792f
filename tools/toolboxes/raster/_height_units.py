"""Units of heights, and the surface on which cells are measured."""

from __future__ import annotations

from typing import Literal

from gpserverless import LinearUnit, ToolError
from gpserverless.analysis.surface import Surface

HeightUnit = Literal[
    "INCH",
    "FOOT",
    "YARD",
    "MILE_US",
    "NAUTICAL_MILE",
    "MILLIMETER",
    "CENTIMETER",
    "METER",
    "KILOMETER",
    "DECIMETER",
]

_TOKENS = {
    "INCH": "esriIntInches",
    "FOOT": "esriIntFeet",
    "YARD": "esriIntYards",
    "MILE_US": "esriMiles",
    "NAUTICAL_MILE": "esriIntNauticalMiles",
    "MILLIMETER": "esriMillimeters",
    "CENTIMETER": "esriCentimeters",
    "METER": "esriMeters",
    "KILOMETER": "esriKilometers",
    "DECIMETER": "esriDecimeters",
}


def to_metres(unit: HeightUnit) -> float:
    """Return the metres in a unit of heights.

    Args:
        unit: The unit.
    """
    return LinearUnit(1, _TOKENS[unit]).metres


def check_method(surface: Surface, method: Literal["PLANAR", "GEODESIC"]) -> bool:
    """Return whether cells are measured on the ellipsoid.

    Args:
        surface: The surface.
        method: The method asked for.

    Raises:
        ToolError: It is the ellipsoid, and the cells are not of longitudes and latitudes.
    """
    if method == "PLANAR":
        return False
    if surface.reference is None or not surface.reference.is_geographic:
        raise ToolError("GEODESIC is for rasters in longitudes and latitudes; take PLANAR for this one.")
    return True
