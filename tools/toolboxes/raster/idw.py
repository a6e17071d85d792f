"""Interpolation of points by inverse distances."""

from typing import Annotated

from shapely import LineString, MultiPoint, Point

from gpserverless import FeatureSet, Field, Raster, Run, ToolError, tool
from gpserverless.analysis.interpolation import Search, interpolate
from gpserverless.analysis.surface import lay_grid
from toolboxes.analysis._examples import PLACES
from toolboxes.raster._points import read_points
from toolboxes.raster._surface import write_surface

Interpolated = Annotated[Raster, Field(alias="out_raster", description="The values, as 32-bit floats.")]


@tool
def idw(
    in_point_features: Annotated[FeatureSet[Point | MultiPoint], Field(examples=[PLACES])],
    zfield: Annotated[str, Field(examples=["POP"])],
    run: Run,
    cell_size: float | None = None,
    power: Annotated[float, Field(ge=0, le=100)] = 2.0,
    search_radius: str = "VARIABLE 12",
    in_barrier_polyline_features: FeatureSet[LineString] | None = None,
) -> Interpolated:
    """Interpolate the values of points over a raster, weighted by inverse distances.

    A cell gets the mean of the points near its centre, each weighted by its distance to the power of -power;
    at a point it gets the value of the point. Points at one place count once, with their mean. The raster
    covers the extent of the points, in their spatial reference. Distances are straight, in the plane of the
    coordinates. Points without a shape or a value are left out. At most 50,000,000 cells are made.

    Args:
        in_point_features: The points.
        zfield: A field of numbers to interpolate.
        cell_size: The size of a cell, in the unit of the coordinates; without it a 250th of the shorter side
            of the extent.
        power: The power; the higher, the more the nearest points count.
        search_radius: The points that count: VARIABLE and a number of nearest points, perhaps with the
            greatest distance, or FIXED and a distance, perhaps with the least number of points.
        in_barrier_polyline_features: Barriers are not respected; leave this out.
    """
    if in_barrier_polyline_features is not None:
        raise ToolError("Barriers are not respected: leave out in_barrier_polyline_features.")
    search = Search.parse(search_radius)
    xy, values = read_points(in_point_features, zfield, run)
    grid = lay_grid(xy, cell_size)
    made = interpolate(xy, values, grid, (power, search), run)
    return write_surface(made, grid, in_point_features.spatial_reference, "idw")
