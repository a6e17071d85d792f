"""The shade of a surface."""

from typing import Annotated

import numpy as np

from gpserverless import Field, Keywords, Raster, Run, tool
from gpserverless.analysis.shadows import find_shadows
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
    and columns, has none. With model_shadows a cell has 0 too if the way from its centre to the sun meets
    higher ground, interpolated between the centres of cells; the Earth is flat. Of several bands the first is
    read. Rasters that are turned, or of more than 50,000,000 cells, are refused.

    Args:
        in_raster: The heights.
        azimuth: The direction of the light, in degrees clockwise from north.
        altitude: The height of the light above the horizon, in degrees.
        model_shadows: Whether ground casts shadows on other cells.
        zfactor: Units of the coordinates in one unit of the heights.
    """
    surface = read_surface(in_raster, run)
    if zfactor == 1:
        warn_of_degrees(surface, run, "Give a zfactor.")
    values = shade(surface, run, azimuth=azimuth, altitude=altitude, factor=zfactor)
    if model_shadows:
        shadows = find_shadows(surface, run, azimuth=azimuth, altitude=altitude, factor=zfactor)
        values[shadows & ~np.isnan(values)] = 0
    return write_surface(values, surface.grid, surface.reference, "hillshade", np.int16)
