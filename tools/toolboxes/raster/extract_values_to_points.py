"""The values of a raster at points."""

from typing import Annotated

import numpy as np
import shapely
from shapely import Point

from gpserverless import FeatureSet, Field, Keywords, Raster, Run, tool, write_count
from toolboxes.raster._cells import project_to_raster
from toolboxes.raster._samples import sample_raster

NO_DATA = -9999.0
"""The value that ArcGIS writes where the raster has none."""

Extracted = Annotated[
    FeatureSet[Point], Field(alias="out_point_features", description="The points with RASTERVALU.")
]


@tool
def extract_values_to_points(
    in_point_features: FeatureSet[Point],
    in_raster: Raster,
    run: Run,
    interpolate_values: Annotated[bool, Keywords("INTERPOLATE", "NONE")] = False,
    add_attributes: Annotated[bool, Keywords("ALL", "VALUE_ONLY")] = False,
) -> Extracted:
    """Read the cells of a raster under points.

    The points keep their attributes and get RASTERVALU: the value of the cell that a point lies in, or one
    interpolated between the centres of the four cells around it, of which those without a value do not
    count. Where there is none, outside of the raster too, it is -9999. Of several bands the first is read.

    Args:
        in_point_features: The points.
        in_raster: The raster to read.
        interpolate_values: Whether to interpolate.
        add_attributes: Attribute tables of rasters are not read; the value alone is added.
    """
    if add_attributes:
        run.warn("Attribute tables of rasters are not read: RASTERVALU alone is added.")
    points = project_to_raster(in_point_features, in_raster, run).geometries
    values = np.full(len(points), NO_DATA)
    there = np.flatnonzero(np.isfinite(shapely.get_x(points)) & np.isfinite(shapely.get_y(points)))
    if len(there):
        found = sample_raster(
            in_raster, shapely.get_coordinates(points[there]), interpolate=interpolate_values
        )
        values[there] = np.where(np.isnan(found), NO_DATA, found)
    outside = int(np.count_nonzero(values == NO_DATA))
    if outside:
        one = "point lies where the raster has no value; its RASTERVALU is -9999."
        many = "points lie where the raster has no value; their RASTERVALU is -9999."
        run.warn(write_count(outside, one, many))
    return in_point_features.with_columns({"RASTERVALU": values})
