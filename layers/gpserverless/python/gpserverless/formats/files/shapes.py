"""Shapes of files, changed to those of feature sets: of one type, and null instead of empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_kinds import find_collections, find_geometry_types
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT
from gpserverless.values.counts import write_count

GeometryType = Literal["POINT", "POLYLINE", "POLYGON"]
"""The geometry types that a mixed file offers, as ArcGIS' tools name them; points are also multipoints."""

_TYPES = get_args(GeometryType)
_OGC_NAMES = ("Point", "LineString", "Polygon")  # by dimension, as the next
_NOUNS = (("point", "points"), ("line", "lines"), ("polygon", "polygons"))
_BUILDERS: tuple[Any, ...] = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)
_COLLECTION = 7
_BY_NAME = {"Point": "esriGeometryPoint", "MultiPoint": "esriGeometryMultipoint"} | {
    prefix + name: f"esriGeometry{esri}"
    for prefix in ("", "Multi")
    for name, esri in (("LineString", "Polyline"), ("Polygon", "Polygon"))
}


def settle_geometries(
    features: FeatureSet[Any], told: str | None, wanted: GeometryType | None, warn: Callable[[str], None]
) -> FeatureSet[Any]:
    """Return features with shapes of one type.

    Args:
        features: The features of a file, with any shapes.
        told: OGC name of the type in the file, such as "2.5D Polygon", for a file without shapes.
        wanted: The type to keep, where the file mixes several; features without a shape stay too.
        warn: Takes a sentence about every loss.

    Raises:
        InvalidValue: Points, lines and polygons are mixed, and none is wanted.
    """
    given = features.geometries
    shapes = tidy_shapes(given, warn, wanted)
    if wanted is not None:
        told = _OGC_NAMES[_TYPES.index(wanted)]
        has_none = shapely.is_missing(given) | shapely.is_empty(given)
        kept = has_none | (shapely.get_dimensions(shapes) == _TYPES.index(wanted))
        if left := int(np.count_nonzero(~kept)):
            count = write_count(left, "feature", "features")
            warn(f"{count} of another geometry type than {wanted}: left out.")
            features, shapes = features.take(kept), shapes[kept]
    shapes, kind = unify_geometry_type(shapes, told)
    return features.with_geometries(shapes, kind)


def tidy_shapes(
    given: ArrayLike, warn: Callable[[str], None], wanted: GeometryType | None = None
) -> NDArray[np.object_]:
    """Tidy shapes: replace multi-part shapes of one part by that part, and empty shapes by None.

    A collection becomes the shape of its parts, if they are of one type; else it becomes None.

    Args:
        given: Shape (N,), shapely geometries or None.
        warn: Takes a sentence if there are collections of several types.
        wanted: The type of the parts that are taken out of collections of several types.
    """
    shapes: NDArray[np.object_] = np.array(given, object)
    shapes[shapely.is_empty(shapes)] = None
    _unpack_collections(shapes, None if wanted is None else _TYPES.index(wanted))
    single = np.isin(shapely.get_type_id(shapes), (5, 6)) & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    unknown = find_collections(shapes)
    if unknown.any() and wanted is None:
        one = "feature holds shapes of several types; its shape is null."
        many = "features hold shapes of several types; their shape is null."
        told = write_count(int(unknown.sum()), one, many)
        warn(f"{told} A geometry type can be chosen to read those.")
    shapes[unknown] = None
    return shapes


def _unpack_collections(shapes: NDArray[np.object_], wanted: int | None) -> None:
    """Replace collections by the shape of their parts, in place.

    Args:
        shapes: Shape (N,), shapely geometries or None.
        wanted: Dimension of the parts that are taken out of a collection of several.
    """
    at = np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION)
    if not len(at):
        return
    parts, owners = shapes[at], at
    while np.isin(shapely.get_type_id(parts), (4, 5, 6, _COLLECTION)).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        owners = owners[index]
    dimensions = np.where(shapely.is_empty(parts), -1, shapely.get_dimensions(parts))
    known = dimensions >= 0
    parts, owners, dimensions = parts[known], owners[known], dimensions[known]
    every = np.bincount(owners, minlength=len(shapes))
    for dimension, build in enumerate(_BUILDERS):
        of_kind = dimensions == dimension
        number = np.bincount(owners[of_kind], minlength=len(shapes))
        chosen = of_kind & ((number == every) | (dimension == wanted))[owners]
        if chosen.any():
            rows, index = np.unique(owners[chosen], return_inverse=True)
            made = build(parts[chosen], indices=index)
            alone = shapely.get_num_geometries(made) == 1
            made[alone] = shapely.get_geometry(made[alone], 0)
            shapes[rows] = made


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
        raise InvalidValue(_tell_mixture(shapes), f"a geometry type to read: {', '.join(_TYPES)}")
    bare = (told or "").removeprefix("2.5D ").split(" ")[0]
    return shapes, next(iter(kinds), _BY_NAME.get(bare, POINT))


def _tell_mixture(shapes: NDArray[np.object_]) -> str:
    counts = np.bincount(shapely.get_dimensions(shapes) + 1, minlength=4)[1:]
    told = [write_count(n, *nouns) for n, nouns in zip(counts.tolist(), _NOUNS, strict=True) if n]
    return f"the layer mixes geometry types: {', '.join(told)}"
