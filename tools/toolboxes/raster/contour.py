"""Lines of equal height."""

from typing import Annotated, Literal

import numpy as np
from shapely import LineString

from gpserverless import FeatureSet, Field, GraduatedColors, LabelField, Raster, Run, ToolError, tool
from gpserverless.analysis.contours import cut_long_lines, draw_contours
from gpserverless.analysis.surface import Surface
from toolboxes.raster._surface import read_surface

Lines = Annotated[
    FeatureSet[LineString],
    GraduatedColors("Contour", method="equal interval", colors=("#e2b96f", "#a8662d", "#5c2f14")),
    LabelField("Contour"),
    Field(alias="out_polyline_features", description="The lines of equal height."),
]


@tool
def contour(
    in_raster: Raster,
    contour_interval: float,
    run: Run,
    base_contour: float = 0.0,
    zfactor: float = 1.0,
    contour_type: Literal["CONTOUR", "CONTOUR_POLYGON", "CONTOUR_SHELL", "CONTOUR_SHELL_UP"] = "CONTOUR",
    max_vertices_per_feature: Annotated[int, Field(ge=2)] | None = None,
) -> Lines:
    """Draw lines of equal height over a raster.

    Lines run straight between the centres of cells, at the place where the height lies between two of them;
    none crosses a square of four centres of which one has no value. They have Id, and Contour, the height
    times zfactor. They lie in the spatial reference of the raster. Of several bands the first is read.
    Rasters that are turned, or of more than 50,000,000 cells, and more than 10,000 heights are refused.

    Args:
        in_raster: The heights.
        contour_interval: The difference of heights between two lines, above 0.
        base_contour: The height from which lines are counted, up and down.
        zfactor: A factor for the heights of the raster.
        contour_type: Lines; polygons are not made.
        max_vertices_per_feature: Vertices of a line at most; longer lines are cut.
    """
    if contour_type != "CONTOUR":
        raise ToolError(f"{contour_type} is not offered: lines are drawn, with CONTOUR.")
    surface = read_surface(in_raster, run)
    heights = Surface(np.multiply(surface.values, zfactor), surface.grid, surface.reference)
    lines = draw_contours(heights, contour_interval, base_contour, run)
    return lines if max_vertices_per_feature is None else cut_long_lines(lines, max_vertices_per_feature)
