"""An extent covered with equal cells."""

from typing import Annotated, Literal

import numpy as np
import shapely
from shapely import Polygon

from gpserverless import ArealUnit, Extent, FeatureSet, Field, Run, SpatialReference, ToolError, tool
from gpserverless.analysis.tessellation import GRID_ID, tessellate

Cells = Annotated[FeatureSet[Polygon], Field(alias="Output_Feature_Class", description="The cells.")]


@tool
def generate_tessellation(
    extent: Annotated[Extent, Field(alias="Extent")],
    *,
    shape_type: Annotated[
        Literal["SQUARE", "TRIANGLE", "HEXAGON", "DIAMOND", "TRANSVERSE_HEXAGON"], Field(alias="Shape_Type")
    ] = "HEXAGON",
    size: Annotated[ArealUnit, Field(alias="Size")],
    run: Run,
    spatial_reference: Annotated[
        SpatialReference | None, Field(alias="Spatial_Reference", examples=[3035])
    ] = None,
) -> Cells:
    """Cover an extent with cells of one shape and size.

    Each place of the extent lies in a cell, and no two cells overlap; cells at the border reach beyond. Cells
    get GRID_ID, such as A-1: letters for the column from west to east, a number for the row from south to
    north. Hexagons have level sides at the top and the bottom, transverse ones upright sides at the left and
    the right. Areas are those of the plane: a size with a unit needs a projected spatial reference, and in
    degrees the size is a number of square degrees without a unit. Cells of H3 are not there.

    Args:
        extent: The extent to cover.
        shape_type: The shape of the cells.
        size: The area of a cell, above 0, such as 10 SquareKilometers.
        spatial_reference: Of the cells; that of the extent if not given.
    """
    area = extent if spatial_reference is None else _project(extent, spatial_reference)
    reference = spatial_reference or extent.spatial_reference
    run.progress("Drawing cells")
    cells, names = tessellate(area, shape_type, _read_area(size, reference))
    return FeatureSet.of(cells, reference, {GRID_ID: names})


def _read_area(size: ArealUnit, reference: SpatialReference | None) -> float:
    """Return the area of a cell in squared units of the coordinates."""
    if size.area <= 0:
        raise ToolError("Size must be above 0.")
    if size.units == "esriUnknownAreaUnits":
        return size.area
    if reference is None:
        raise ToolError(
            "Size has a unit, so the extent needs a spatial reference, or give Spatial_Reference."
        )
    if reference.is_geographic:
        raise ToolError(
            "Size has a unit, and the spatial reference is geographic: give a projected Spatial_Reference, "
            "or a Size in esriUnknownAreaUnits, which are square degrees here."
        )
    return size.square_metres / reference.metres_per_unit**2


def _project(extent: Extent, target: SpatialReference) -> Extent:
    """Return the extent in another spatial reference; its sides are divided, since they may become curves."""
    if extent.spatial_reference is None or extent.spatial_reference == target:
        return Extent(extent.xmin, extent.ymin, extent.xmax, extent.ymax, spatial_reference=target)
    box = shapely.box(extent.xmin, extent.ymin, extent.xmax, extent.ymax)
    sides = shapely.segmentize(box, max(extent.width, extent.height, 1e-9) / 100)
    placed = FeatureSet.of(np.array([sides], object), extent.spatial_reference).project(target)
    xmin, ymin, xmax, ymax = shapely.total_bounds(placed.geometries).tolist()
    if not np.isfinite([xmin, ymin, xmax, ymax]).all():
        raise ToolError(f"The extent has no place in the spatial reference {target}.")
    return Extent(xmin, ymin, xmax, ymax, spatial_reference=target)
