"""Shapes from WKB, with surfaces in space: multipatches, TINs and polyhedra become their footprints.

No Esri geometry of a feature set is a surface in space. Its faces as rings would overlap, walls would be
rings without an area. The footprint, as ArcGIS' tool Multipatch Footprint makes it, is a polygon.
"""

from __future__ import annotations

import struct

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count

_TRIANGLE, _POLYHEDRON, _TIN = 17, 15, 16
_AS_PLAIN = {_TRIANGLE: 3, _POLYHEDRON: 6, _TIN: 6}  # the same bytes under the types that GEOS reads
_POINT, _LINE, _POLYGON = 1, 2, 3
_HEAD = 5


def read_shapes(wkb: NDArray[np.object_], warn: Warn, *, multipatch: bool = False) -> NDArray[np.object_]:
    """Read shapes; surfaces become polygons without z.

    Args:
        wkb: Shape (N,), ISO WKB or None.
        warn: Takes a sentence about surfaces, and about shapes that cannot be read.
        multipatch: Whether every shape is a surface.
    """
    shapes = _decode(wkb)
    unread = [i for i in np.flatnonzero(shapely.is_missing(shapes)).tolist() if wkb[i] is not None]
    surfaces = list(range(len(wkb))) if multipatch else unread
    plain = np.array([_flatten(wkb[i]) for i in surfaces], object)
    read = np.asarray(shapely.from_wkb(plain, on_invalid="ignore"), object)
    shapes[surfaces] = [None if shape is None else _find_footprint(shape) for shape in read]
    known = ~shapely.is_missing(read)
    bare = known & shapely.is_missing(shapes[surfaces])
    damaged = sum(wkb[i] is not None for i, is_known in zip(surfaces, known, strict=True) if not is_known)
    _tell(warn, int(np.count_nonzero(known)), int(np.count_nonzero(bare)), damaged)
    return shapes


def _decode(wkb: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes, and None for WKB that GEOS cannot read, such as a line of one vertex."""
    try:
        return np.asarray(shapely.from_wkb(wkb, on_invalid="fix"), object)
    except (shapely.errors.GEOSException, NotImplementedError):
        shapes = np.full(len(wkb), None, object)
        shapes[:] = [_decode_one(each) for each in wkb.tolist()]
        return shapes


def _decode_one(wkb: bytes | None) -> shapely.Geometry | None:
    try:
        return shapely.from_wkb(wkb, on_invalid="fix")
    except (shapely.errors.GEOSException, NotImplementedError):
        return None


def _tell(warn: Warn, surfaces: int, bare: int, damaged: int) -> None:
    if surfaces:
        told = write_count(surfaces, "shape is a surface", "shapes are surfaces")
        warn(f"{told} in space (multipatch, TIN): the footprint on the plane is read, without heights.")
    if bare:
        told = write_count(bare, "surface has walls", "surfaces have walls")
        warn(f"{told} alone and so no footprint; null is read instead.")
    if damaged:
        warn(f"{write_count(damaged, 'shape', 'shapes')} cannot be read; null is read instead.")


def _find_footprint(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Return the union of the faces of a surface on the plane; None if every face is a wall."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    faces = shapely.force_2d(parts[shapely.get_type_id(parts) == _POLYGON])
    faces = shapely.make_valid(faces[shapely.area(faces) > 0])
    found = shapely.union_all(faces) if len(faces) else None
    return None if found is None or found.is_empty else found


def _flatten(wkb: bytes | None) -> bytes | None:
    """Return WKB with polygons for triangles and multi-polygons for surfaces; None if it is damaged."""
    if wkb is None:
        return None
    made = bytearray(wkb)
    try:
        _rename_types(made, 0)
    except (struct.error, IndexError, RecursionError):
        return None
    return bytes(made)


def _rename_types(wkb: bytearray, start: int) -> int:
    """Change the types of the geometry at a place, and of those in it; return the place behind it."""
    order = "<" if wkb[start] else ">"
    kind: int
    number: int
    kind, number = struct.unpack_from(f"{order}II", wkb, start + 1)
    dimensions, bare = divmod(kind, 1000)
    struct.pack_into(f"{order}I", wkb, start + 1, 1000 * dimensions + _AS_PLAIN.get(bare, bare))
    vertex = 8 * (2, 3, 3, 4)[dimensions % 4]
    place = start + _HEAD
    if bare == _POINT:
        return place + vertex
    place += 4
    if bare == _LINE:
        return place + number * vertex
    for _ in range(number):
        if bare in (_POLYGON, _TRIANGLE):
            place += 4 + vertex * int(struct.unpack_from(f"{order}I", wkb, place)[0])
        else:
            place = _rename_types(wkb, place)
    return place
