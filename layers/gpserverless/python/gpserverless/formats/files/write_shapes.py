"""Shapes in the form that GDAL writes: WKB, of one kind where a format holds no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POLYGON

_TYPES = {
    "esriGeometryPoint": "Point",
    "esriGeometryMultipoint": "MultiPoint",
    "esriGeometryPolyline": "MultiLineString",
    "esriGeometryPolygon": "MultiPolygon",
}
_SINGLE: dict[int, Any] = {1: shapely.multilinestrings, 2: shapely.multilinestrings, 3: shapely.multipolygons}


def name_kind(geometry_type: str, has_z: bool) -> str:
    """Return the name of a kind of shapes, as GDAL spells it.

    Args:
        geometry_type: Esri name of the type.
        has_z: Whether they have heights.
    """
    return _TYPES[geometry_type] + " Z" * has_z


def encode_shapes(
    features: FeatureSet[Any], as_multi: bool, *, exterior_cw: bool = False, with_m: bool = False
) -> NDArray[Any]:
    """Return the shapes of features as ISO WKB, None without one.

    Args:
        features: The features.
        as_multi: Whether lines and polygons become shapes of several parts: most formats hold one kind only.
        exterior_cw: Whether the outer rings of polygons are clockwise.
        with_m: Whether measures are written.
    """
    shapes: Any = features.geometries
    measured = with_m and features.has_m
    if not measured:
        shapes = shapes if features.has_z else shapely.force_2d(shapes)
    shapes = _to_multi(shapes) if as_multi else np.asarray(shapes)
    if features.geometry_type == POLYGON:
        shapes = shapely.orient_polygons(shapes, exterior_cw=exterior_cw)
    dimension: Any = 4 if measured else 3 if features.has_z else 2
    return np.asarray(shapely.to_wkb(shapes, output_dimension=dimension, flavor="iso"))


def _to_multi(shapes: Any) -> Any:
    """Change lines and polygons to multi-part shapes."""
    made = np.array(shapes, object)
    kinds = shapely.get_type_id(made)
    for kind, several in _SINGLE.items():
        if (of_kind := kinds == kind).any():
            made[of_kind] = several(made[of_kind], indices=np.arange(np.count_nonzero(of_kind)))
    return made
