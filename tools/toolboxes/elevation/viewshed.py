"""The area that is seen from a point, as a polygon."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import shapely
from shapely import Point, Polygon

from gpserverless import FeatureSet, Field, LinearUnit, Raster, Run, ToolError, tool
from gpserverless.analysis.sight import DIAMETER, Curvature, Observer, View, look
from gpserverless.analysis.surface import Surface
from toolboxes.raster._cells import project_to_raster
from toolboxes.raster._surface import read_surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

EYE = 1.75
"""Metres of the eye above the ground, as of the hosted tool."""

Seen = Annotated[FeatureSet[Polygon], Field(alias="Viewshed_Result", description="The area that is seen.")]


@tool
def viewshed(
    Input_Observation_Point: FeatureSet[Point],
    Viewshed_Distance: LinearUnit,
    dem: Raster,
    run: Run,
) -> Seen:
    """Draw the area that is seen from points, in cells of a raster of heights in metres.

    The eye is 1.75 m above the ground; the Earth is curved, with a refraction of 0.13. What one of several
    points sees is seen. The polygon follows the cells, in the spatial reference of the raster, with
    Shape_Length and Shape_Area in the unit of its coordinates. An area that is not there makes no feature.

    Args:
        Input_Observation_Point: The points to look from, in any spatial reference.
        Viewshed_Distance: How far to look.
        dem: The heights, in metres.
    """
    if Viewshed_Distance.distance <= 0:
        raise ToolError("Viewshed_Distance must be above 0.")
    surface = read_surface(dem, run)
    metres = 1.0 if surface.reference is None else surface.reference.metres_per_unit
    far = Viewshed_Distance.metres / metres
    points = project_to_raster(Input_Observation_Point, dem, run).geometries
    places = shapely.get_coordinates(points[~(shapely.is_missing(points) | shapely.is_empty(points))])
    observers = [Observer(x, y, above=EYE / metres, distances=(0.0, far)) for x, y in places.tolist()]
    heights = Surface(surface.values / metres, surface.grid, surface.reference)
    view = look(heights, observers, Curvature(diameter=DIAMETER / metres), run)
    return _draw(surface, view)


def _draw(surface: Surface, view: View) -> FeatureSet[Any]:
    from rasterio.features import shapes
    from rasterio.transform import from_origin

    grid = surface.grid
    place = from_origin(grid.left, grid.top, grid.width, grid.height)
    mask = view.seen > 0
    areas: list[Any] = [
        shapely.geometry.shape(each) for each, _ in shapes(mask.astype(np.uint8), mask, 4, place)
    ]
    united: NDArray[Any] = np.array([shapely.multipolygons(areas)] if areas else [], object)
    made = FeatureSet[Any](spatial_reference=surface.reference).with_geometries(united, "esriGeometryPolygon")
    return made.with_columns({"Shape_Length": shapely.length(united), "Shape_Area": shapely.area(united)})
