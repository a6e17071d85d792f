"""The density of points."""

from typing import Annotated, Any, Literal

import numpy as np
from shapely import LineString, MultiPoint, Point

from gpserverless import ArealUnit, FeatureSet, Field, Raster, Run, ToolError, tool
from gpserverless.analysis.density import choose_radius, spread_points
from gpserverless.analysis.surface import lay_grid
from toolboxes.analysis._examples import PLACES
from toolboxes.raster._points import read_points
from toolboxes.raster._surface import write_surface

Densities = Annotated[Raster, Field(alias="out_raster", description="The densities, as 32-bit floats.")]

AreaUnit = Literal[
    "SQUARE_MAP_UNITS",
    "SQUARE_MILES",
    "SQUARE_KILOMETERS",
    "ACRES",
    "HECTARES",
    "SQUARE_YARDS",
    "SQUARE_FEET",
    "SQUARE_INCHES",
    "SQUARE_METERS",
    "SQUARE_CENTIMETERS",
    "SQUARE_MILLIMETERS",
]


@tool
def kernel_density(
    in_features: Annotated[FeatureSet[Point | MultiPoint | LineString], Field(examples=[PLACES])],
    population_field: Annotated[str, Field(examples=["NONE"])],
    run: Run,
    cell_size: float | None = None,
    search_radius: Annotated[float, Field(gt=0)] | None = None,
    area_unit_scale_factor: AreaUnit = "SQUARE_MAP_UNITS",
    out_cell_values: Literal["DENSITIES", "EXPECTED_COUNTS"] = "DENSITIES",
    method: Literal["PLANAR", "GEODESIC"] = "PLANAR",
    in_barriers: FeatureSet[Any] | None = None,
) -> Densities:
    """Measure how dense points lie around each cell.

    Each point spreads over the search radius by Silverman's quartic kernel, so that the volume below it is
    its population. The raster covers the extent of the points and the search radius around it, in their
    spatial reference, so that no part of a point is lost. Distances are straight, in the plane of the
    coordinates. Points without a shape or a population are left out. At most 50,000,000 cells are made.
    Lines, barriers and GEODESIC are refused.

    Args:
        in_features: The points.
        population_field: A field of how many each point stands for, from 0; NONE lets each stand for one.
        cell_size: The size of a cell, in the unit of the coordinates; without it a 250th of the shorter side
            of the extent.
        search_radius: In the unit of the coordinates; without it Silverman's rule of thumb for the points.
        area_unit_scale_factor: The unit of area for which densities are told.
        out_cell_values: Densities, or the number of points that a cell is expected to have.
        method: In the plane of the coordinates; the ellipsoid is refused.
        in_barriers: Barriers are not respected; leave this out.
    """
    if in_features.geometry_type == "esriGeometryPolyline":
        raise ToolError("The density of lines is not measured; in_features takes points and multipoints.")
    if method == "GEODESIC" or in_barriers is not None:
        raise ToolError("Only PLANAR without barriers is possible: leave out method and in_barriers.")
    field = None if population_field.upper() == "NONE" else population_field
    xy, weight = read_points(in_features, field, run)
    if (weight < 0).any() or not weight.any():
        raise ToolError("The population must be from 0, and above 0 at one point at least.")
    scale = _find_scale(in_features, area_unit_scale_factor)
    radius = choose_radius(xy, weight) if search_radius is None else search_radius
    if search_radius is None:
        run.info(f"No search radius was given: {radius:g} units of the coordinates are taken.")
    plain = lay_grid(xy, cell_size)
    grid = lay_grid(xy, plain.width, radius)
    made = spread_points(xy, weight, grid, radius, run)
    factor = grid.width * grid.height if out_cell_values == "EXPECTED_COUNTS" else scale
    return write_surface(np.multiply(made, factor), grid, in_features.spatial_reference, "density")


def _find_scale(features: FeatureSet[Any], unit: AreaUnit) -> float:
    """Return the square units of the coordinates in a unit of area."""
    if unit == "SQUARE_MAP_UNITS":
        return 1.0
    if features.spatial_reference is None or features.is_geographic:
        raise ToolError("The map has no unit of length: take SQUARE_MAP_UNITS, or project the points.")
    metres = ArealUnit(1, unit.replace("_", "")).square_metres
    return float(metres / features.spatial_reference.metres_per_unit**2)
