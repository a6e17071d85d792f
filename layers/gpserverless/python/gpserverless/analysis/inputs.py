"""Inputs of engines in one form: one spatial reference, shapes that are there and valid, names apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import change_shapes
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.dissolve import repair_polygons
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.geometry.lost_places import warn_of_losses
from gpserverless.geometry.projection import project_geometries
from gpserverless.values.counts import write_count
from gpserverless.values.spatial_reference import SpatialReference

MAX_PAIRS = 20_000_000
"""Pairs of features that a tool compares or returns: at 100 bytes each they fill the memory of a worker."""

_KINDS = {
    "esriGeometryPoint": "points",
    "esriGeometryMultipoint": "multipoints",
    "esriGeometryPolyline": "lines",
    "esriGeometryPolygon": "polygons",
}


def align(features: FeatureSet[Any], other: FeatureSet[Any], watch: Watch) -> FeatureSet[Any]:
    """Return features in the spatial reference of others, which come first in the call.

    Args:
        features: The later features.
        other: The first features; without a spatial reference nothing is projected.
        watch: Takes warnings of shapes without a place.
    """
    if other.spatial_reference is None:
        return features
    return project(features, other.spatial_reference, watch)


def project(features: FeatureSet[Any], target: SpatialReference, watch: Watch) -> FeatureSet[Any]:
    """Return features in another spatial reference, block by block.

    Args:
        features: The features; those of an unknown spatial reference are taken to be in the other one.
        target: The other spatial reference.
        watch: Takes progress, and warnings of shapes without a place.
    """
    source, kind = features.spatial_reference, features.geometry_type
    if source is None or source == target:
        return features.project(target)

    def move(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        return project_geometries(shapes, kind, source, target, z=features.has_z, m=features.has_m)

    shapes = change_shapes(features.geometries, move, watch, "Projecting")
    warn_of_losses(features.geometries, shapes, target, watch.warn)
    return replace(features, geometries=shapes, spatial_reference=target)


def drop_shapeless(features: FeatureSet[Any], watch: Watch) -> FeatureSet[Any]:
    """Return the features that have a shape; a warning counts the others.

    Args:
        features: The features.
        watch: Takes the warning.
    """
    has_shape = find_shapes(features.geometries)
    left_out = len(features) - int(has_shape.sum())
    if not left_out:
        return features
    one, many = "feature without a shape was left out.", "features without a shape were left out."
    watch.warn(write_count(left_out, one, many))
    return features.take(has_shape)


def find_shapes(geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return whether each geometry is there and not empty, shape (N,).

    Args:
        geometries: Shape (N,), shapely geometries or None.
    """
    return np.logical_not(shapely.is_missing(geometries) | shapely.is_empty(geometries))


def repair(features: FeatureSet[Any], watch: Watch) -> FeatureSet[Any]:
    """Return the features with invalid polygons made valid; a warning counts them.

    Args:
        features: The features.
        watch: Takes progress and the warning.
    """
    if features.geometry_type != POLYGON:
        return features
    shapes = change_shapes(features.geometries, repair_polygons, watch, "Checking polygons")
    count = int(sum(a is not b for a, b in zip(shapes, features.geometries, strict=True)))
    if not count:
        return features
    watch.warn(write_count(count, "invalid polygon was repaired.", "invalid polygons were repaired."))
    return replace(features, geometries=shapes)


def make_unique(name: str, taken: Collection[str]) -> str:
    """Return a field name that is not taken yet, without regard to case: name, name_1, name_2 and so on.

    Args:
        name: The name wanted.
        taken: The names that are there.
    """
    lowered = {each.lower() for each in taken}
    found, number = name, 0
    while found.lower() in lowered:
        number += 1
        found = f"{name}_{number}"
    return found


def check_types(features: FeatureSet[Any], parameter: str, accepted: Collection[str]) -> None:
    """Raise unless the features are of one of some geometry types.

    Args:
        features: The features.
        parameter: Name of their parameter.
        accepted: Esri names of the types.

    Raises:
        InvalidParameter: They are of another type.
    """
    if features.geometry_type in accepted:
        return
    kind = _KINDS.get(features.geometry_type, features.geometry_type)
    raise InvalidParameter(parameter, f"it holds {kind}", " or ".join(_KINDS[each] for each in accepted))


def check_pairs(count: int) -> None:
    """Raise if more pairs of features would be made than fit.

    Args:
        count: Number of pairs.

    Raises:
        ToolError: They are too many.
    """
    if count > MAX_PAIRS:
        raise ToolError(
            f"The inputs make {count:,} pairs of features; at most {MAX_PAIRS:,} fit. Take fewer features."
        )
