"""Observers from features and their fields."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.inputs import drop_shapeless
from gpserverless.analysis.sight import Observer
from gpserverless.analysis.watch import Watch
from gpserverless.errors import ToolError
from gpserverless.features.feature_set import FeatureSet

MAX_OBSERVERS = 10_000
"""Most observers of a view: their number must fit into 16 bits of a cell."""

_DEFAULTS = {
    "SPOT": np.nan,
    "OFFSETA": 1.0,
    "OFFSETB": 0.0,
    "AZIMUTH1": 0.0,
    "AZIMUTH2": 360.0,
    "VERT1": 90.0,
    "VERT2": -90.0,
    "RADIUS1": 0.0,
    "RADIUS2": np.inf,
}
"""Fields of observers, and what holds where there is no field or no value (from memory of ArcGIS)."""


def read_observers(features: FeatureSet[Any], watch: Watch) -> list[Observer]:
    """Return an observer for every vertex of the features.

    Args:
        features: Points, multipoints or lines, in the spatial reference of the surface.
        watch: Takes a warning about features without a shape.

    Raises:
        ToolError: There are too many.
        InvalidValue: A field of observers does not hold numbers.
    """
    features = drop_shapeless(features, watch)
    xy, row = shapely.get_coordinates(features.geometries, return_index=True)
    if len(xy) > MAX_OBSERVERS:
        raise ToolError(f"The features make {len(xy):,} observers; at most {MAX_OBSERVERS:,}.")
    columns = [_read(features, name)[row].tolist() for name in _DEFAULTS]
    rows = zip(xy.tolist(), *columns, strict=True)
    return [_make(place, values) for place, *values in rows]


def _read(features: FeatureSet[Any], name: str) -> NDArray[np.float64]:
    names = {field.name.upper() for field in features.fields}
    if name not in names:
        return np.full(len(features), _DEFAULTS[name])
    numbers = features.numbers(name)
    return np.where(np.isfinite(numbers), numbers, _DEFAULTS[name])


def _make(place: list[float], values: list[float]) -> Observer:
    spot, above, target, first, last, upper, lower, least, most = values
    return Observer(
        place[0],
        place[1],
        None if np.isnan(spot) else spot,
        above,
        target,
        (first, last),
        (upper, lower),
        (least, most if most > 0 else np.inf),
    )
