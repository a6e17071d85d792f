"""Squares and hexagons that cover points."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gpserverless.analysis.pairs import Pairs
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.units import LinearUnit

BinType = Literal["Square", "Hexagon"]

_MOST_BINS = 1_000_000

_SQUARE = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], np.float64)
# Of height 1 between its upper and lower side, about its middle.
_HEXAGON = np.array([[1, 0], [0.5, -1], [-0.5, -1], [-1, 0], [-0.5, 1], [0.5, 1], [1, 0]]) * [
    1 / np.sqrt(3),
    0.5,
]


def draw_bins(points: FeatureSet[Any], kind: BinType, size: LinearUnit) -> FeatureSet[Polygon]:
    """Return bins that cover the extent of points, from its lower left corner, by column and row.

    Args:
        points: Points in a projected spatial reference.
        kind: Square or Hexagon.
        size: Side of a square, or distance of opposite sides of a hexagon.

    Raises:
        ToolError: The points are in longitude and latitude, the size is not above 0, or the bins are too
            many.
    """
    reference = points.spatial_reference
    if reference is None or reference.is_geographic:
        raise ToolError(
            "Bins need points in a projected spatial reference: project them, or set processSR in context."
        )
    if size.distance <= 0:
        raise ToolError("binSize must be above 0.")
    side = size.metres / reference.metres_per_unit
    bounds = shapely.total_bounds(points.geometries)
    made = np.empty((0, 5, 2)) if np.isnan(bounds).any() else _draw(kind, side, bounds)
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=reference, geometry_type="esriGeometryPolygon")
    return bare.with_geometries(np.asarray(shapely.polygons(made), object), "esriGeometryPolygon")


def keep_once(pairs: Pairs) -> Pairs:
    """Return the pairs of bins and points with each point in one bin: of a border in the last one.

    Args:
        pairs: Pairs by bin, of single points.
    """
    last = len(pairs.feature) - 1 - np.unique(pairs.feature[::-1], return_index=True)[1]
    kept = np.sort(last)
    return Pairs(pairs.polygon[kept], pairs.feature[kept], pairs.inside[kept], pairs.share[kept])


def _draw(kind: BinType, side: float, bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    xmin, ymin, xmax, ymax = bounds
    wide = side if kind == "Square" else side * np.sqrt(3) / 2
    more = 1 if kind == "Square" else 2
    columns, rows = int((xmax - xmin) / wide) + more, int((ymax - ymin) / side) + more
    if columns * rows > _MOST_BINS:
        raise ToolError(
            f"There would be {columns * rows:,} bins; at most {_MOST_BINS:,} fit. Take a larger binSize."
        )
    column, row = (index.ravel() for index in np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij"))
    odd = (column % 2) / 2 if kind == "Hexagon" else np.zeros(len(column))
    corner = np.column_stack([xmin + column * wide, ymin + (row - odd) * side])
    outline = _SQUARE if kind == "Square" else _HEXAGON
    return np.asarray(corner[:, None] + outline * side)
