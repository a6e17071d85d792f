"""The aspect of a surface."""

from typing import Annotated, Literal

from gpserverless import Field, Keywords, Raster, Run, ToolError, tool
from gpserverless.analysis.terrain import measure_aspects
from toolboxes.raster._height_units import HeightUnit, check_method
from toolboxes.raster._surface import read_surface, warn_of_degrees, write_surface

Aspects = Annotated[Raster, Field(alias="out_raster", description="The directions, as 32-bit floats.")]


@tool
def aspect(
    in_raster: Raster,
    run: Run,
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
    zunit: HeightUnit = "METER",
    project_geodesic_azimuths: Annotated[
        bool, Keywords("PROJECT_GEODESIC_AZIMUTHS", "GEODESIC_AZIMUTHS")
    ] = False,
) -> Aspects:
    """Find the direction to which each cell of a raster of heights slopes down.

    Directions are in degrees clockwise from north, from 0 to 360; a flat cell has -1. The gradient is that of
    Horn over the eight neighbours. A cell with fewer than seven neighbours, such as those of the outer rows
    and columns, has none. Of several bands the first is read. Rasters that are turned, or of more than
    50,000,000 cells, are refused.

    Args:
        in_raster: The heights.
        method: In the plane of the coordinates, or, for longitudes and latitudes alone, on the ellipsoid,
            with the sizes of cells in metres at the latitude of each row.
        zunit: The unit of the heights; the aspect does not depend on it.
        project_geodesic_azimuths: Directions are not projected; only false is possible.
    """
    if project_geodesic_azimuths:
        raise ToolError("Only GEODESIC_AZIMUTHS is possible.")
    surface = read_surface(in_raster, run)
    geodesic = check_method(surface, method)
    if not geodesic:
        warn_of_degrees(surface, run, "Take GEODESIC.")
    values = measure_aspects(surface, run, geodesic=geodesic)
    return write_surface(values, surface.grid, surface.reference, "aspect")
