"""Layers of an overlay in one form: valid shapes in one spatial reference, on one grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.inputs import align, drop_shapeless, repair
from gpserverless.analysis.operations import Shapes
from gpserverless.analysis.tolerance import Tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.values.counts import write_count

DIMENSIONS: Mapping[str, int] = MappingProxyType({POINT: 0, MULTIPOINT: 0, POLYLINE: 1, POLYGON: 2})
"""Dimension of each geometry type."""

OLD_MEASURES = ("shape_length", "shape_area", "shape__length", "shape__area", "shape_leng")
"""Names, in small letters, of columns with the length and the area that shapes had before the overlay."""


@dataclass(frozen=True)
class Layer:
    """One layer of an overlay."""

    #: Name of its parameter.
    name: str
    #: The features that have a shape; without a column of object ids.
    features: FeatureSet[Any]
    #: Their object ids.
    ids: NDArray[np.int64]

    @property
    def shapes(self) -> Shapes:
        """The shapes."""
        return self.features.geometries

    @property
    def dimension(self) -> int:
        """The dimension of the shapes."""
        return DIMENSIONS[self.features.geometry_type]


def prepare_layers(
    layers: Sequence[tuple[str, FeatureSet[Any]]], tolerance: Tolerance, watch: Watch
) -> list[Layer]:
    """Return layers ready for an overlay, in the spatial reference of the first one that has any.

    Args:
        layers: The layers with the names of their parameters.
        tolerance: The tolerance.
        watch: Takes warnings.
    """
    first = layers[0][1]
    placed = [place_layer(name, align(features, first, watch), watch) for name, features in layers]
    return [repair_layer(layer, tolerance, watch) for layer in placed]


def place_layer(name: str, features: FeatureSet[Any], watch: Watch) -> Layer:
    """Return a layer of the features that have a shape, within the edges of their map.

    Args:
        name: Name of its parameter.
        features: The features.
        watch: Takes warnings.
    """
    ids = features.object_ids
    known = features.object_id_field
    column = "" if known is None else known.name
    marked = features.without(column).with_columns({_ID: ids})
    placed = drop_shapeless(marked, watch).cut_at_antimeridian()
    return Layer(name, placed.without(_ID), placed.column(_ID))


def repair_layer(layer: Layer, tolerance: Tolerance, watch: Watch) -> Layer:
    """Return a layer with valid polygons on the grid of the tolerance.

    Args:
        layer: The layer.
        tolerance: The tolerance.
        watch: Takes warnings.
    """
    marked = repair(layer.features.with_columns({_ID: layer.ids}), watch)
    marked = drop_shapeless(marked, watch)
    if tolerance.grid:
        marked = _round(marked, tolerance.grid, watch)
    return Layer(layer.name, marked.without(_ID), marked.column(_ID))


_ID = "__object id of the layer"


def _round(features: FeatureSet[Any], grid: float, watch: Watch) -> FeatureSet[Any]:
    """Return the features with coordinates on a grid, without those that vanish on it."""
    rounded = replace(features, geometries=shapely.set_precision(features.geometries, grid))
    left = ~shapely.is_empty(rounded.geometries)
    if not left.all():
        one, many = (f"{noun} smaller than the tolerance" for noun in ("feature", "features"))
        gone = int((~left).sum())
        watch.warn(write_count(gone, f"{one} was left out.", f"{many} were left out."))
    return rounded.take(left)


def warn_of_repairs(count: int, watch: Watch) -> None:
    """Warn of a number of repaired polygons, if there are any.

    Args:
        count: Their number.
        watch: Takes the warning.
    """
    if count:
        watch.warn(write_count(count, "invalid polygon was repaired.", "invalid polygons were repaired."))
