"""Many geometries as a few flat arrays, nested like Esri JSON, and back to shapely.

Esri JSON nests features, parts and vertices: a part is a path or a ring, and the direction of a ring says
whether it is a hole. Here the vertices of all features lie in one array, and offsets mark the beginnings of
parts and features. Offsets follow GeoArrow: item i is `values[offsets[i]:offsets[i + 1]]`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.geometry.nesting import assemble_polygons

Offsets = NDArray[np.int64]
Coordinates = NDArray[np.float64]
Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class CoordinateArrays:
    """N geometries of one type with K parts and P vertices.

    Attributes:
        geometry_type: Esri name of the type.
        coordinates: Shape (P, 2 to 4): x, y, then z if there is one, then m.
        parts: Shape (K + 1,), offsets of the vertices of each path or ring; a point or multipoint is one
            part.
        features: Shape (N + 1,), offsets of the parts of each geometry; a null geometry has no part.
        has_z: Whether there is a z.
        has_m: Whether there is an m.
    """

    geometry_type: str
    coordinates: Coordinates
    parts: Offsets
    features: Offsets
    has_z: bool = False
    has_m: bool = False

    def to_shapely(self) -> Geometries:
        """Return shapely geometries, shape (N,), None for those without parts."""
        counts = np.diff(self.features)
        if self.geometry_type == POINT:
            return _scatter(_make_points(self), counts)
        if self.geometry_type == MULTIPOINT:
            return _scatter(_make_multipoints(self), counts)
        if self.geometry_type == POLYLINE:
            return _group_parts(_make_lines(self), counts, shapely.multilinestrings)
        return _make_polygons(self, counts)


def flatten(geometries: Geometries, geometry_type: str, *, z: bool, m: bool) -> CoordinateArrays:
    """Flatten shapely geometries to arrays; null and empty geometries have no parts.

    Args:
        geometries: Shape (N,), of one Esri type or None. Rings keep their directions.
        geometry_type: That type.
        z: Whether to keep z; NaN where a geometry has none.
        m: Whether to keep m; NaN where a geometry has none.
    """
    whole = np.ones(len(geometries), bool) if geometry_type == POINT else ~shapely.is_missing(geometries)
    parts, owners = shapely.get_parts(geometries[whole], return_index=True)
    if geometry_type == POLYGON:
        parts, indices = shapely.get_rings(parts, return_index=True)
        owners = owners[indices]
    if geometry_type == MULTIPOINT:
        coordinates, owners = shapely.get_coordinates(
            geometries[whole], include_z=z, return_index=True, include_m=m
        )
        sizes = np.bincount(owners, minlength=int(whole.sum()))
        counts = np.zeros(len(geometries), np.int64)
        counts[whole] = sizes > 0
        return CoordinateArrays(
            geometry_type, coordinates, compute_offsets(sizes[sizes > 0]), compute_offsets(counts), z, m
        )
    coordinates, indices = shapely.get_coordinates(parts, include_z=z, return_index=True, include_m=m)
    sizes = np.bincount(indices, minlength=len(parts))
    counts = np.zeros(len(geometries), np.int64)
    counts[whole] = np.bincount(owners[sizes > 0], minlength=int(whole.sum()))
    return CoordinateArrays(
        geometry_type, coordinates, compute_offsets(sizes[sizes > 0]), compute_offsets(counts), z, m
    )


def round_coordinates(
    flat: CoordinateArrays, decimals: int | None, ordinate_decimals: int
) -> CoordinateArrays:
    """Round coordinates, in place; vertices that fall together stay.

    Args:
        flat: The geometries.
        decimals: Of x and y; None leaves all as they are.
        ordinate_decimals: Of z and m.
    """
    _round_columns(flat.coordinates, decimals, ordinate_decimals)
    return flat


def round_shapes(geometries: Geometries, decimals: int, ordinate_decimals: int) -> Geometries:
    """Return geometries with rounded coordinates, without m.

    Args:
        geometries: Shape (N,), shapely geometries or None.
        decimals: Of x and y.
        ordinate_decimals: Of z.
    """

    def round_columns(coordinates: Coordinates) -> Coordinates:
        return _round_columns(coordinates, decimals, ordinate_decimals)

    rounded = geometries.copy()
    has_m = shapely.has_m(rounded)
    if has_m.any():  # set_coordinates of shapely loses the z of a geometry with m
        rounded[has_m] = shapely.from_wkb(shapely.to_wkb(rounded[has_m], output_dimension=3))
    has_z = shapely.has_z(rounded)
    for some, z in ((has_z, True), (~has_z, False)):
        if some.any():
            rounded[some] = shapely.transform(rounded[some], round_columns, include_z=z)
    return rounded


def _round_columns(coordinates: Coordinates, decimals: int | None, ordinate_decimals: int) -> Coordinates:
    if decimals is None or not coordinates.size:
        return coordinates
    for columns, digits in ((coordinates[:, :2], decimals), (coordinates[:, 2:], ordinate_decimals)):
        np.round(columns, digits, out=columns)
        np.add(columns, 0.0, out=columns)  # no -0.0
    return coordinates


def compute_offsets(sizes: Any) -> Offsets:
    """Return the offsets of items, shape (n + 1,), starting with 0.

    Args:
        sizes: Shape (n,), the size of each item.
    """
    result = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=result[1:])
    return result


def find_owners(bounds: Offsets) -> Offsets:
    """Return the index of the item that each value belongs to.

    Args:
        bounds: Shape (n + 1,), offsets of the items.
    """
    return np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))


def compute_signed_areas(coordinates: Coordinates, parts: Offsets) -> NDArray[np.float64]:
    """Return the area of every closed ring, shape (K,): positive if it runs counter-clockwise.

    The shoelace formula is applied about each ring's first vertex, so that large coordinates lose no digits.

    Args:
        coordinates: Shape (P, 2 or more), x and y first.
        parts: Shape (K + 1,), offsets of the rings.
    """
    if len(parts) == 1:
        return np.empty(0)
    sizes = np.diff(parts)
    x, y = (coordinates[:, axis] - np.repeat(coordinates[parts[:-1], axis], sizes) for axis in (0, 1))
    crossed = np.empty(len(x))
    np.multiply(x[:-1], y[1:], out=crossed[:-1])
    x[1:] *= y[:-1]
    crossed[:-1] -= x[1:]
    crossed[parts[1:] - 1] = 0.0
    return np.asarray(np.add.reduceat(crossed, parts[:-1]) / 2)


def _scatter(values: Geometries, counts: Offsets) -> Geometries:
    result: Geometries = np.full(len(counts), None, object)
    result[counts > 0] = values
    return result


def _group_parts(parts: Geometries, counts: Offsets, collect: Any) -> Geometries:
    """Return each feature's part, or a multi-part geometry where there are several."""
    result: Geometries = np.full(len(counts), None, object)
    single = np.repeat(counts == 1, counts)
    result[counts == 1] = parts[single]
    if not single.all():
        index = np.repeat(np.arange(len(counts)), counts)[~single]
        collect(parts[~single], indices=index, out=result)
    return result


def _make_points(flat: CoordinateArrays) -> Geometries:
    if flat.has_m:
        return _make_by_wkb(1, flat)
    return np.asarray(shapely.points(flat.coordinates))


def _make_multipoints(flat: CoordinateArrays) -> Geometries:
    every = np.arange(len(flat.coordinates) + 1)
    points = _make_points(replace(flat, parts=every, features=every))
    return np.asarray(shapely.multipoints(points, indices=find_owners(flat.parts)))


def _make_lines(flat: CoordinateArrays) -> Geometries:
    if flat.has_m:
        return _make_by_wkb(2, flat)
    return np.asarray(shapely.linestrings(flat.coordinates, indices=find_owners(flat.parts)))


def _make_polygons(flat: CoordinateArrays, counts: Offsets) -> Geometries:
    if flat.has_m:
        rings = np.asarray(shapely.get_exterior_ring(_make_by_wkb(3, flat)))
        return assemble_polygons(rings, compute_signed_areas(flat.coordinates, flat.parts), flat.features)
    if len(counts) and (counts == 1).all():
        ragged = (flat.parts, np.arange(len(flat.parts)))
        return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, flat.coordinates, ragged))
    rings = np.asarray(shapely.linearrings(flat.coordinates, indices=find_owners(flat.parts)))
    return assemble_polygons(rings, compute_signed_areas(flat.coordinates, flat.parts), flat.features)


def _make_by_wkb(code: int, flat: CoordinateArrays) -> Geometries:
    """Make one point, line or polygon of one ring a part, by ISO WKB: shapely's constructors take no m."""
    code += 3000 if flat.has_z else 2000
    heads = {1: "<BI", 2: "<BII", 3: "<BIII"}
    bounds = flat.parts.tolist()
    texts = []
    for start, end in pairwise(bounds):
        numbers = {1: (1, code), 2: (1, code, end - start), 3: (1, code, 1, end - start)}[code % 1000]
        texts.append(struct.pack(heads[code % 1000], *numbers) + flat.coordinates[start:end].tobytes())
    return np.asarray(shapely.from_wkb(np.array(texts, object)))
