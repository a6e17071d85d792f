"""Points from Esri JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json.document import check_unique_names
from gpserverless.formats.esri_json.vertices import UNUSUAL, detect_geometry_type, get_geometry
from gpserverless.geometry.coordinate_arrays import CoordinateArrays, compute_offsets
from gpserverless.geometry.geometry_types import PLURALS, POINT

_NUMBER = frozenset({int, float})


def read_points(features: Sequence[Any]) -> tuple[CoordinateArrays, list[int]]:
    """Read points, and the indices of features whose geometry has other members beside x and y.

    Args:
        features: N features, as simdjson objects or dicts; a null point has no part.

    Raises:
        InvalidValue: A geometry is no point; the feature is named.
    """
    try:
        xs, ys, extras = _read_all(features)
    except UNUSUAL:
        xs, ys, extras = _read_each(features)
    given = np.array([x is not None for x in xs], np.bool_)
    columns = [_drop_missing(xs), _drop_missing(ys)]
    heights, measures = (_read_ordinate(features, extras, given, name) for name in ("z", "m"))
    columns += [column for column in (heights, measures) if column is not None]
    counts = compute_offsets(given)
    every = np.arange(int(given.sum()) + 1)
    coordinates = np.column_stack(columns) if xs else np.empty((0, 2))
    return CoordinateArrays(
        POINT, coordinates, every, counts, heights is not None, measures is not None
    ), extras


def _read_all(features: Sequence[Any]) -> tuple[list[Any], list[Any], list[int]]:
    """Read points that all have two numbers, or raise one of `UNUSUAL`."""
    geometries = [feature["geometry"] for feature in features]
    xs, ys = ([geometry[name] for geometry in geometries] for name in ("x", "y"))
    if not {*map(type, xs), *map(type, ys)} <= _NUMBER:
        raise TypeError
    return xs, ys, [index for index, members in enumerate(map(len, geometries)) if members > 2]


def _read_each(features: Sequence[Any]) -> tuple[list[Any], list[Any], list[int]]:
    """Read points one by one, x and y are None for null points."""
    xs, ys, extras = [], [], []
    for index, feature in enumerate(features):
        try:
            geometry = feature["geometry"]
            x, y = geometry["x"], geometry["y"]
            if type(x) not in _NUMBER or type(y) not in _NUMBER:
                x, y = _read_one(feature, index)
            if len(geometry) > 2:
                extras.append(index)
        except UNUSUAL:
            x, y = _read_one(feature, index)
        xs.append(x)
        ys.append(y)
    return xs, ys, extras


def _read_one(feature: Any, index: int) -> tuple[Any, Any]:
    """Read a point that is not simply two numbers, with an exact error if it is malformed."""
    geometry = get_geometry(feature)
    if geometry is None:
        check_unique_names(feature, f"features[{index}]")
    try:
        kind = detect_geometry_type(geometry)
        if kind not in (None, POINT):
            raise InvalidValue(f"it is one of {PLURALS[str(kind)]}", "points only")
    except InvalidValue as problem:
        raise InvalidValue(f"features[{index}]: {problem.problem}", problem.accepted) from problem
    if kind is None or geometry["x"] in (None, "NaN"):
        return None, None
    x, y = geometry["x"], geometry.get("y")
    if type(x) not in _NUMBER or type(y) not in _NUMBER:
        raise InvalidValue(f"features[{index}]: its x and y are not both numbers", '{"x": 1.5, "y": 2}')
    return x, y


def _drop_missing(values: list[Any]) -> NDArray[np.float64]:
    return np.array([v for v in values if v is not None], np.float64)


def _read_ordinate(
    features: Sequence[Any], extras: list[int], given: NDArray[np.bool_], name: str
) -> NDArray[np.float64] | None:
    """Read the z or m of every point that is not null, None if no point has one."""
    values = np.full(len(given), np.nan)
    for index in extras:
        value = features[index]["geometry"].get(name)
        if value not in (None, "NaN") and type(value) not in _NUMBER:
            raise InvalidValue(f"features[{index}]: its {name} is not a number", "a number")
        values[index] = np.nan if value in (None, "NaN") else value
    return None if np.isnan(values).all() else values[given]
