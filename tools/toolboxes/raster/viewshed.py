"""The cells that observers see."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from shapely import LineString, MultiPoint, Point

from gpserverless import FeatureSet, Field, Keywords, Raster, Run, tool
from gpserverless.analysis.observers import read_observers
from gpserverless.analysis.sight import DIAMETER, Curvature, look
from gpserverless.analysis.surface import Surface
from toolboxes.raster._cells import project_to_raster
from toolboxes.raster._surface import read_surface, write_surface


@dataclass(frozen=True)
class ViewshedOutputs:
    """The outputs of Viewshed."""

    out_raster: Annotated[Raster, Field(description="How many observers see each cell, as 16-bit integers.")]
    out_agl_raster: Annotated[Raster, Field(description="Height above each cell from which it is seen.")]


@tool
def viewshed(
    in_raster: Raster,
    in_observer_features: FeatureSet[Point | MultiPoint | LineString],
    run: Run,
    zfactor: Annotated[float, Field(gt=0)] = 1.0,
    curvature_correction: Annotated[bool, Keywords("CURVED_EARTH", "FLAT_EARTH")] = False,
    refractivity_coefficient: Annotated[float, Field(ge=0, le=1)] = 0.13,
) -> ViewshedOutputs:
    """Find the cells of a raster of heights that observers see.

    Every point, and every vertex of a line, is an observer, who stands at the centre of its cell. Fields of
    the features tell how it looks: SPOT (height of its place; that of the raster without it), OFFSETA (height
    of the eye above; 1), OFFSETB (height above a cell that must be seen; 0), AZIMUTH1 and AZIMUTH2 (0 and
    360), VERT1 and VERT2 (upper and lower angle; 90 and -90), RADIUS1 and RADIUS2 (least and greatest
    distance), in the unit of the coordinates, for rasters in degrees in metres. The line to each cell's
    centre is compared with the surface wherever it crosses a row or column of centres. out_raster counts the
    observers, 0 for none, -1 where the raster has no value. out_agl_raster is 0 for what is seen. Of several
    bands the first is read. Rasters that are turned, or of more than 50,000,000 cells, and views that cross
    more than 20,000,000,000 cells are refused.

    Args:
        in_raster: The heights.
        in_observer_features: The observers, in any spatial reference.
        zfactor: Units of the coordinates in one unit of the heights; for rasters in degrees metres in one.
        curvature_correction: Whether the surface drops with distance, on an Earth of 12,740 km in diameter.
        refractivity_coefficient: The share of the drop that light in air makes up for.
    """
    surface = read_surface(in_raster, run)
    observers = read_observers(project_to_raster(in_observer_features, in_raster, run), run)
    metres = 1.0 if surface.reference is None else surface.reference.metres_per_unit
    diameter = DIAMETER / metres if curvature_correction else np.inf
    heights = Surface(np.multiply(surface.values, zfactor), surface.grid, surface.reference)
    view = look(heights, observers, Curvature(refractivity_coefficient, diameter), run)
    counts = np.where(np.isfinite(surface.values), view.seen, np.nan)
    place = (surface.grid, surface.reference)
    return ViewshedOutputs(
        write_surface(counts, *place, "viewshed", np.int16), write_surface(view.hidden, *place, "agl")
    )
