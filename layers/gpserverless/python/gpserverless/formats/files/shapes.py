"""Shapes of files, changed to those of feature sets: of one type, and null instead of empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gpserverless.errors import InvalidValue
from gpserverless.geometry.geometry_kinds import find_collections, find_geometry_types
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT
from gpserverless.values.counts import write_count

_BY_NAME = {"Point": "esriGeometryPoint", "MultiPoint": "esriGeometryMultipoint"} | {
    prefix + name: f"esriGeometry{esri}"
    for prefix in ("", "Multi")
    for name, esri in (("LineString", "Polyline"), ("Polygon", "Polygon"))
}


def decode_shapes(wkb: NDArray[np.object_], warn: Callable[[str], None]) -> NDArray[np.object_]:
    """Decode WKB; a shape that cannot be decoded, such as a line of one vertex, becomes null.

    Args:
        wkb: Shape (N,), bytes or None.
        warn: Takes a sentence if there are such shapes.
    """
    try:
        return np.asarray(shapely.from_wkb(wkb, on_invalid="fix"), object)
    except (shapely.errors.GEOSException, NotImplementedError):
        shapes = np.full(len(wkb), None, object)
        shapes[:] = [_decode_shape(each) for each in wkb.tolist()]
    lost = int(np.count_nonzero(shapely.is_missing(shapes) & np.array([each is not None for each in wkb])))
    some, shape = ("features have", "their shape") if lost > 1 else ("feature has", "its shape")
    warn(f"{lost} {some} a shape that cannot be read; {shape} is null.")
    return shapes


def _decode_shape(wkb: bytes | None) -> Any:
    try:
        return shapely.from_wkb(wkb, on_invalid="fix")
    except (shapely.errors.GEOSException, NotImplementedError):
        return None


def tidy_shapes(given: ArrayLike, warn: Callable[[str], None]) -> NDArray[np.object_]:
    """Tidy shapes: replace multi-part shapes of one part by that part, empty shapes and collections by None.

    Args:
        given: Shape (N,), shapely geometries or None.
        warn: Takes a sentence if there are collections.
    """
    shapes: NDArray[np.object_] = np.array(given, object)
    shapes[shapely.is_empty(shapes)] = None
    single = np.isin(shapely.get_type_id(shapes), (5, 6)) & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    unknown = find_collections(shapes)
    if unknown.any():
        one, many = (f"shapes of several types; {whose} shape is null." for whose in ("its", "their"))
        warn(write_count(int(unknown.sum()), f"feature holds {one}", f"features hold {many}"))
        shapes[unknown] = None
    return shapes


def unify_geometry_type(shapes: NDArray[np.object_], told: str | None) -> tuple[NDArray[np.object_], str]:
    """Return shapes and their Esri type; points among multipoints become multipoints.

    Args:
        shapes: Shape (N,), shapely geometries or None; changed in place.
        told: OGC name of the type in the file, such as "2.5D Polygon", for a file without shapes.

    Raises:
        InvalidValue: Points, lines and polygons are mixed.
    """
    kinds = set(map(str, find_geometry_types(shapes)))
    if kinds == {POINT, MULTIPOINT}:
        points = shapely.get_type_id(shapes) == 0
        shapes[points] = shapely.multipoints(shapes[points], indices=np.arange(np.count_nonzero(points)))
        kinds = {MULTIPOINT}
    if len(kinds) > 1:
        raise InvalidValue(f"the file mixes {' and '.join(sorted(kinds))}", "features of one geometry type")
    bare = (told or "").removeprefix("2.5D ").split(" ")[0]
    return shapes, next(iter(kinds), _BY_NAME.get(bare, POINT))
