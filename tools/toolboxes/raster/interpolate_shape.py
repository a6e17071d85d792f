"""Heights of shapes from a raster."""

from typing import Annotated, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPoint, Point, Polygon

from gpserverless import FeatureSet, Field, Keywords, Raster, Run, ToolError, tool, write_count
from toolboxes.raster._cells import project_to_raster
from toolboxes.raster._samples import sample_raster

MAX_VERTICES = 20_000_000
"""Vertices that shapes may have when they are divided: 500 MB of coordinates."""

Raised = Annotated[
    FeatureSet[Any], Field(alias="out_feature_class", description="The features with heights as Z.")
]


@tool
def interpolate_shape(
    in_surface: Raster,
    in_feature_class: FeatureSet[Point | MultiPoint | LineString | Polygon],
    run: Run,
    sample_distance: Annotated[float, Field(gt=0)] | None = None,
    zfactor: Annotated[float, Field(gt=0)] = 1.0,
    method: Literal["BILINEAR", "NEAREST"] = "BILINEAR",
    vertices_only: Annotated[bool, Keywords("VERTICES_ONLY", "DENSIFY")] = False,
    preserve_features: Annotated[bool, Keywords("PRESERVE", "EXCLUDE")] = False,
) -> Raised:
    """Give shapes the heights of a surface.

    Edges of lines and polygons are divided, and each vertex gets the value of the raster as its Z: one
    interpolated between the centres of the four cells around it, or that of its cell. Heights are in the
    answer to returnZ=true alone. Features that reach beyond the values of the raster are left out, and
    counted. Surfaces of triangles are not read. Of several bands the first is read.

    Args:
        in_surface: The heights.
        in_feature_class: The features, in any spatial reference; a Z that they have is replaced.
        sample_distance: Longest piece of an edge, in the unit of the raster's coordinates; the size of a cell
            if not given.
        zfactor: The heights are multiplied by it.
        method: Interpolated, or the value of the cell.
        vertices_only: Whether edges stay undivided.
        preserve_features: Whether features that reach beyond the raster are kept; their vertices there have
            no height.
    """
    target = in_feature_class.spatial_reference
    features = project_to_raster(in_feature_class, in_surface, run)
    features = features.take(
        ~(shapely.is_missing(features.geometries) | shapely.is_empty(features.geometries))
    )
    shapes = shapely.force_2d(features.geometries)
    if not vertices_only:
        run.progress("Dividing edges")
        shapes = _divide(shapes, sample_distance or _measure_cell(in_surface))
    run.progress(f"Reading heights of {write_count(shapely.count_coordinates(shapes), 'vertex', 'vertices')}")
    raised, whole = _raise(shapes, in_surface, zfactor, interpolate=method == "BILINEAR")
    kept = np.ones(len(whole), bool) if preserve_features else whole
    _tell(whole, run, kept=preserve_features)
    result = features.with_geometries(raised, features.geometry_type).take(kept)
    return result if target is None else result.project(target, warn=run.warn)


def _measure_cell(raster: Raster) -> float:
    with raster.open() as dataset:
        return float(min(np.abs(dataset.res)))


def _divide(shapes: NDArray[np.object_], length: float) -> NDArray[np.object_]:
    count = shapely.count_coordinates(shapes) + shapely.length(shapes).sum() / length
    if count > MAX_VERTICES:
        raise ToolError(
            f"The shapes would have {count:,.0f} vertices; at most {MAX_VERTICES:,}."
            " Take a longer sample_distance."
        )
    return np.asarray(shapely.segmentize(shapes, length))


def _raise(
    shapes: NDArray[np.object_], raster: Raster, factor: float, *, interpolate: bool
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the shapes with heights, and whether each has one at every vertex."""
    places, owner = shapely.get_coordinates(shapes, return_index=True)
    if not len(places):
        return shapes, np.zeros(0, bool)
    heights = factor * sample_raster(raster, places, interpolate=interpolate)
    raised = shapely.set_coordinates(shapely.force_3d(shapes), np.column_stack([places, heights]))
    lost = np.bincount(owner, weights=np.isnan(heights), minlength=len(shapes)) > 0
    return np.asarray(raised), ~lost


def _tell(whole: NDArray[np.bool_], run: Run, *, kept: bool) -> None:
    outside = int(np.count_nonzero(~whole))
    if not outside:
        return
    end = "has vertices without a height." if kept else "was left out."
    ends = "have vertices without a height." if kept else "were left out."
    one = f"feature reaches beyond the values of the raster and {end}"
    many = f"features reach beyond the values of the raster and {ends}"
    run.warn(write_count(outside, one, many))
