"""An extent covered with equal cells."""

from typing import Annotated, Literal

import numpy as np
import shapely
from shapely import Polygon

from gpserverless import ArealUnit, Extent, FeatureSet, Field, Run, SpatialReference, ToolError, tool
from gpserverless.analysis.h3_cells import cover_with_h3
from gpserverless.analysis.inputs import find_shapes
from gpserverless.analysis.tessellation import GRID_ID, tessellate

WGS84 = SpatialReference(4326)
Cells = Annotated[FeatureSet[Polygon], Field(alias="Output_Feature_Class", description="The cells.")]


@tool
def generate_tessellation(
    extent: Annotated[Extent, Field(alias="Extent")],
    *,
    shape_type: Annotated[
        Literal["SQUARE", "TRIANGLE", "HEXAGON", "DIAMOND", "TRANSVERSE_HEXAGON", "H3_HEXAGON"],
        Field(alias="Shape_Type"),
    ] = "HEXAGON",
    size: Annotated[ArealUnit | None, Field(alias="Size", examples=["1000 SquareKilometers"])] = None,
    run: Run,
    spatial_reference: Annotated[
        SpatialReference | None, Field(alias="Spatial_Reference", examples=[3035])
    ] = None,
    h3_resolution: Annotated[int, Field(alias="H3_Resolution", ge=0, le=15)] = 7,
) -> Cells:
    """Cover an extent with cells of one shape and size.

    Each place of the extent lies in a cell, and no two cells overlap; cells at the border reach beyond. Cells
    get GRID_ID, such as A-1: letters for the column from west to east, a number for the row from south to
    north. Hexagons have level sides at the top and the bottom, transverse ones upright sides at the left and
    the right. Areas are those of the plane: a size with a unit needs a projected spatial reference, and in
    degrees the size is a number of square degrees without a unit.

    H3_HEXAGON draws the cells of H3 that meet the extent: hexagons, and a few pentagons, of a resolution in
    the place of a size. GRID_ID is the name of the cell in H3. Edges run straight from corner to corner on
    the map of longitudes and latitudes, and of the spatial reference. Cells across 180 degrees have two
    parts.

    Args:
        extent: The extent to cover.
        shape_type: The shape of the cells.
        size: The area of a cell, above 0, such as 10 SquareKilometers; needed but for H3_HEXAGON.
        spatial_reference: Of the cells; that of the extent if not given.
        h3_resolution: For H3_HEXAGON: from 0, of 4,357,449 square kilometres on average, to 15, of 0.9 square
            metres; 7 is 5.16 square kilometres.
    """
    if shape_type == "H3_HEXAGON":
        if size is not None:
            run.warn("Size is not used for H3_HEXAGON; H3_Resolution tells the size of the cells.")
        return _cover_with_h3(extent, spatial_reference, h3_resolution, run)
    if size is None:
        raise ToolError(f"{shape_type} needs a Size, such as 10 SquareKilometers.")
    area = extent if spatial_reference is None else _project(extent, spatial_reference)
    reference = spatial_reference or extent.spatial_reference
    run.progress("Drawing cells")
    cells, names = tessellate(area, shape_type, _read_area(size, reference))
    return FeatureSet.of(cells, reference, {GRID_ID: names})


def _cover_with_h3(
    extent: Extent, reference: SpatialReference | None, resolution: int, run: Run
) -> FeatureSet[Polygon]:
    if extent.spatial_reference is None:
        raise ToolError("H3_HEXAGON needs the spatial reference of Extent.")
    (area,) = _draw_outline(extent, extent.spatial_reference).project(WGS84).cut_at_antimeridian().geometries
    if area is None:
        raise ToolError("The extent has no place on the Earth.")
    run.progress("Drawing cells")
    cells, names = cover_with_h3(area, resolution)
    drawn: FeatureSet[Polygon] = FeatureSet.of(cells, WGS84, {GRID_ID: names})
    placed = drawn.project(reference or extent.spatial_reference, warn=run.warn)
    return placed.take(find_shapes(placed.geometries))


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


def _draw_outline(extent: Extent, reference: SpatialReference) -> FeatureSet[Polygon]:
    """Return the outline of an extent, whose sides are divided, since they may become curves."""
    box = shapely.box(extent.xmin, extent.ymin, extent.xmax, extent.ymax)
    sides = shapely.segmentize(box, max(extent.width, extent.height, 1e-9) / 100)
    return FeatureSet.of(np.array([sides], object), reference)


def _project(extent: Extent, target: SpatialReference) -> Extent:
    """Return the extent in another spatial reference."""
    if extent.spatial_reference is None or extent.spatial_reference == target:
        return Extent(extent.xmin, extent.ymin, extent.xmax, extent.ymax, spatial_reference=target)
    placed = _draw_outline(extent, extent.spatial_reference).project(target)
    xmin, ymin, xmax, ymax = shapely.total_bounds(placed.geometries).tolist()
    if not np.isfinite([xmin, ymin, xmax, ymax]).all():
        raise ToolError(f"The extent has no place in the spatial reference {target}.")
    return Extent(xmin, ymin, xmax, ymax, spatial_reference=target)
