"""The slope of a surface."""

from typing import Annotated, Literal

from gpserverless import Field, Raster, Run, tool
from gpserverless.analysis.terrain import measure_slopes
from toolboxes.raster._height_units import HeightUnit, check_method, to_metres
from toolboxes.raster._surface import read_surface, warn_of_degrees, write_surface

Slopes = Annotated[Raster, Field(alias="out_raster", description="The slopes, as 32-bit floats.")]


@tool
def slope(
    in_raster: Raster,
    run: Run,
    output_measurement: Literal["DEGREE", "PERCENT_RISE"] = "DEGREE",
    zfactor: Annotated[float, Field(gt=0)] = 1.0,
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
    zunit: HeightUnit = "METER",
) -> Slopes:
    """Measure how steep each cell of a raster of heights is.

    The slope is that of Horn over the eight neighbours. A cell with fewer than seven neighbours, such as
    those of the outer rows and columns, has none. Of several bands the first is read. Rasters that are
    turned, or of more than 50,000,000 cells, are refused.

    Args:
        in_raster: The heights.
        output_measurement: In degrees from 0 to 90, or in percent of rise.
        zfactor: Units of the coordinates in one unit of the heights, for PLANAR.
        method: In the plane of the coordinates, or, for longitudes and latitudes alone, on the ellipsoid,
            with the sizes of cells in metres at the latitude of each row.
        zunit: The unit of the heights, for GEODESIC: feet, yards and inches are international, a US mile is
            that of the survey, a nautical mile has 1852 m.
    """
    surface = read_surface(in_raster, run)
    geodesic = check_method(surface, method)
    if not geodesic and zfactor == 1:
        warn_of_degrees(surface, run, "Take GEODESIC, or give a zfactor.")
    factor = to_metres(zunit) if geodesic else zfactor
    percent = output_measurement == "PERCENT_RISE"
    values = measure_slopes(surface, run, percent=percent, factor=factor, geodesic=geodesic)
    return write_surface(values, surface.grid, surface.reference, "slope")
