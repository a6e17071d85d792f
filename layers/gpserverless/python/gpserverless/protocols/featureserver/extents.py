"""Extents in another spatial reference, and as Esri JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.featurelayers.manifest import Extent
from gpserverless.featurelayers.spatial_order import find_bounds
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.spatial_reference import SpatialReference

_DIVIDED_SIDE = 40
_FEW_PIECES = 8

Bounds = NDArray[np.float64]
"""West, south, east and north of shapes, shape (N, 4); NaN for none."""


def lies_beyond(bounds: Bounds, reference: SpatialReference) -> NDArray[np.bool_]:
    """Return which bounds reach beyond the edge of their map, to which shapes are brought back.

    Args:
        bounds: The bounds.
        reference: Their spatial reference.
    """
    edge = find_map_edge(reference)
    half = abs(edge.period) / 2
    if not half:
        return np.zeros(len(bounds), bool)
    return np.asarray((bounds[:, 0] < edge.origin - half) | (bounds[:, 2] > edge.origin + half))


def project_bounds(
    bounds: Bounds, geometry_type: str, source: SpatialReference, target: SpatialReference
) -> Extent | None:
    """Return the bounds of shapes in another reference, where features beyond the edge of a map lie inside.

    Args:
        bounds: The bounds of each shape.
        geometry_type: Esri type of the shapes.
        source: Their spatial reference.
        target: The other spatial reference.
    """
    beyond = lies_beyond(bounds, source)
    inside = find_bounds(bounds[~beyond])
    found = [] if inside is None else [project_extent(inside, source, target)]
    pieces = _make_pieces(bounds[beyond], geometry_type)
    placed = shapely.bounds(project_geometries(pieces, geometry_type, source, target)).reshape(-1, 4)
    found.append(find_bounds(placed))
    return find_bounds(np.array([each for each in found if each is not None]).reshape(-1, 4))


def _make_pieces(bounds: Bounds, geometry_type: str) -> NDArray[np.object_]:
    """Return shapes of a type that have the bounds."""
    if geometry_type == POINT:
        return np.asarray(shapely.points(bounds[:, :2]))
    if geometry_type == MULTIPOINT:
        corners: Any = shapely.points(bounds.reshape(-1, 2, 2))
        return np.asarray(shapely.multipoints(corners))
    boxes: Any = shapely.box(*bounds.T)
    if geometry_type == POLYLINE:
        places, owners = shapely.get_coordinates(boxes, return_index=True)
        boxes = shapely.linestrings(places, indices=owners)
    sides = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    return np.asarray(shapely.segmentize(boxes, np.maximum(sides, 1e-9) / _FEW_PIECES))


def project_extent(extent: Extent, source: SpatialReference, target: SpatialReference) -> Extent | None:
    """Return the bounds of a box in another reference; None if it has no place there.

    Args:
        extent: West, south, east and north.
        source: Their spatial reference.
        target: The other spatial reference.
    """
    west, south, east, north = extent
    shape: Any = shapely.box(*extent)
    kind, side = POLYGON, max(east - west, north - south)
    if not side:
        kind, shape = POINT, shapely.Point(west, south)
    elif west == east or south == north:
        kind, shape = POLYLINE, shapely.LineString([(west, south), (east, north)])
    divided = shapely.segmentize(np.array([shape], object), side / _DIVIDED_SIDE if side else 1.0)
    shapes = project_geometries(divided, kind, source, target)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return None if np.isnan(west) else (west, south, east, north)


def write_extent(extent: Extent | None, reference: SpatialReference | None) -> dict[str, Any]:
    """Return an extent as Esri JSON, with "NaN" for that of nothing.

    Args:
        extent: West, south, east and north; None for that of nothing.
        reference: Their spatial reference, None if it is not known.
    """
    sides = extent or ("NaN",) * 4
    return {
        **dict(zip(("xmin", "ymin", "xmax", "ymax"), sides, strict=True)),
        "spatialReference": {} if reference is None else reference.to_json(),
    }
