"""The resolution of coordinates: ArcGIS' default grid, on which outputs are written.

The defaults of a geodatabase are 0.0001 metre, or as much in the unit of a projected reference, 0.000000001
degree in a geographic one, and 0.0001 for z and m ("The properties of a spatial reference", ArcGIS Pro).
"""

from __future__ import annotations

import math

from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import SpatialReference, find_size_of_unit

METRES = 0.0001
DEGREES = 1e-9
GEOGRAPHIC_DECIMALS = 9
"""Decimals of longitudes and latitudes in degrees."""
ORDINATE_DECIMALS = 4
"""Decimals of z and m."""
EXACT = 15
"""So many decimals stand for coordinates as they are: a double holds no more."""


def count_decimals(reference: SpatialReference | None) -> int | None:
    """Return the decimals of x and y that hold the resolution; None if the reference is not known.

    A unit whose resolution is no power of ten, such as a foot, gets the next finer one.

    Args:
        reference: Spatial reference of the coordinates.
    """
    if reference is None:
        return None
    try:
        unit = find_size_of_unit(reference)
    except (InvalidValue, IndexError):
        return None
    size = math.degrees(unit) / DEGREES if reference.is_geographic else unit / METRES
    return max(0, math.ceil(math.log10(size) - 1e-6))
