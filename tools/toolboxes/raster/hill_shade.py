"""The shade of a surface."""

from typing import Annotated

import numpy as np

from gpserverless import Field, Keywords, Raster, Run, ToolError, tool
from gpserverless.analysis.terrain import shade
from toolboxes.raster._surface import read_surface, warn_of_degrees, write_surface

Shades = Annotated[Raster, Field(alias="out_raster", description="The light, as 16-bit integers.")]


@tool
def hill_shade(
    in_raster: Raster,
    run: Run,
    azimuth: Annotated[float, Field(ge=0, le=360)] = 315.0,
    altitude: Annotated[float, Field(ge=0, le=90)] = 45.0,
    model_shadows: Annotated[bool, Keywords("SHADOWS", "NO_SHADOWS")] = False,
    zfactor: Annotated[float, Field(gt=0)] = 1.0,
) -> Shades:
    """Show a raster of heights in the light of the sun.

    Cells get whole numbers from 0, no light, to 255; cells without a value have -1. The gradient is that of
    Horn over the eight neighbours. A cell with fewer than seven neighbours, such as those of the outer rows
    and columns, has none. Of several bands the first is read. Rasters that are turned, or of more than
    50,000,000 cells, are refused.

    Args:
        in_raster: The heights.
        azimuth: The direction of the light, in degrees clockwise from north.
        altitude: The height of the light above the horizon, in degrees.
        model_shadows: Shadows that fall on other cells are not drawn; only false is possible.
        zfactor: Units of the coordinates in one unit of the heights.
    """
    if model_shadows:
        raise ToolError("Shadows that fall on other cells are not drawn: only NO_SHADOWS is possible.")
    surface = read_surface(in_raster, run)
    if zfactor == 1:
        warn_of_degrees(surface, run, "Give a zfactor.")
    values = shade(surface, run, azimuth=azimuth, altitude=altitude, factor=zfactor)
    return write_surface(values, surface.grid, surface.reference, "hillshade", np.int16)
