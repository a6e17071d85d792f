"""Projection of geometries from one spatial reference to another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gpserverless.geometry.coordinate_arrays import Geometries, flatten
from gpserverless.geometry.geometry_types import POINT, POLYGON
from gpserverless.values.spatial_reference import WEB_MERCATOR, SpatialReference, get_transformer

MERCATOR_LATITUDE = 85.06
"""Degrees of latitude at which Web Mercator ends; the square of its tiles ends at 85.0511."""


def project_geometries(
    geometries: Geometries,
    geometry_type: str,
    source: SpatialReference,
    target: SpatialReference,
    *,
    z: bool = False,
    m: bool = False,
) -> Geometries:
    """Project geometries to another spatial reference; null beyond its range.

    Args:
        geometries: Shape (N,), in `source`; None stays None. Z and m stay as they are.
        geometry_type: Their Esri type.
        source: Their spatial reference.
        target: The other spatial reference.
        z: Whether they have a z.
        m: Whether they have an m.

    Raises:
        InvalidValue: PROJ does not know one of the two spatial references.
    """
    if source == target:
        return geometries
    change = get_transformer(source, target)
    if source.is_geographic and _is_mercator(target):
        geometries = _clip_to_latitudes(geometries, geometry_type, MERCATOR_LATITUDE)
    if m:
        return _project_arrays(geometries, geometry_type, change, z=z)

    def transform(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = coordinates.copy()
        moved[:, 0], moved[:, 1] = change.transform(coordinates[:, 0], coordinates[:, 1])
        return moved

    return _drop_infinite(np.asarray(shapely.transform(geometries, transform, include_z=z)))


def _project_arrays(
    geometries: Geometries, geometry_type: str, change: Transformer, *, z: bool
) -> Geometries:
    """Project as flat arrays: shapely's own transform loses the m."""
    if geometry_type == POLYGON:
        geometries = np.asarray(shapely.orient_polygons(geometries, exterior_cw=True))
    flat = flatten(geometries, geometry_type, z=z, m=True)
    moved = flat.coordinates.copy()
    moved[:, 0], moved[:, 1] = change.transform(moved[:, 0], moved[:, 1])
    return _drop_infinite(replace(flat, coordinates=moved).to_shapely())


def _drop_infinite(geometries: Geometries) -> Geometries:
    """Replace geometries by None that PROJ has put at infinity."""
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    outside = index[~np.isfinite(coordinates).all(axis=1)]
    geometries[outside] = None
    return geometries


def _is_mercator(reference: SpatialReference) -> bool:
    return bool({reference.wkid, reference.latest_wkid} & WEB_MERCATOR)


def _clip_to_latitudes(geometries: Geometries, geometry_type: str, latitude: float) -> Geometries:
    bounds = shapely.bounds(geometries)
    beyond = (bounds[:, 1] < -latitude) | (bounds[:, 3] > latitude)
    if not beyond.any():
        return geometries
    result = geometries.copy()
    belt = shapely.box(-1e4, -latitude, 1e4, latitude)
    result[beyond] = shapely.intersection(shapely.make_valid(result[beyond]), belt)
    wanted = {POINT: 0, POLYGON: 2}.get(geometry_type, shapely.get_dimensions(result[beyond]))
    lost = beyond.copy()
    lost[beyond] = shapely.is_empty(result[beyond]) | (shapely.get_dimensions(result[beyond]) != wanted)
    result[lost] = None
    return result
