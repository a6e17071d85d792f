"""Quantized coordinates: whole numbers on the grid of a `transform`, each a step from the vertex before.

Servers write them when `quantizationParameters` are in a query:

    "transform": {"originPosition": "upperLeft", "scale": [2.4, 2.4], "translate": [-13044500, 4036500]}

The first vertex of a path, ring or multipoint, and a point, count from the origin. With the origin in the
upper left, y counts downwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.geometry.coordinate_arrays import CoordinateArrays

_ACCEPTED = '{"originPosition": "upperLeft", "scale": [1, 1], "translate": [0, 0]}'
_UPWARDS = {"upperLeft": -1.0, "lowerLeft": 1.0}


@dataclass(frozen=True)
class Grid:
    """The grid of quantized coordinates.

    Attributes:
        scale: Units of the coordinates for one step in x and in y; negative if y counts downwards.
        origin: Coordinates of the origin.
    """

    scale: tuple[float, float]
    origin: tuple[float, float]


def read_grid(header: Mapping[str, Any]) -> Grid | None:
    """Read the `transform` of a feature set; None if its coordinates are not quantized.

    Args:
        header: The members beside the features.

    Raises:
        InvalidValue: The transform is malformed.
    """
    transform = header.get("transform")
    if transform is None:
        return None
    if not isinstance(transform, Mapping):
        raise InvalidValue("its 'transform' is not an object", _ACCEPTED)
    position = transform.get("originPosition") or "upperLeft"
    if not isinstance(position, str) or position not in _UPWARDS:
        raise InvalidValue(f"its 'transform' has the originPosition {str(position)[:40]!r}", _ACCEPTED)
    x, y = _read_pair(transform, "scale")
    if not (x > 0 and y > 0):
        raise InvalidValue("the 'scale' of its 'transform' is not above 0", _ACCEPTED)
    return Grid((x, _UPWARDS[position] * y), _read_pair(transform, "translate"))


def _read_pair(transform: Mapping[str, Any], name: str) -> tuple[float, float]:
    pair = transform.get(name)
    numbers = pair[:2] if isinstance(pair, list) else []
    if len(numbers) != 2 or not all(type(n) in (int, float) and math.isfinite(n) for n in numbers):
        raise InvalidValue(f"the '{name}' of its 'transform' is not two numbers", _ACCEPTED)
    return float(numbers[0]), float(numbers[1])


def apply_grid(flat: CoordinateArrays, grid: Grid) -> CoordinateArrays:
    """Return the coordinates of quantized geometries.

    Args:
        flat: The geometries as they were sent.
        grid: Their grid.

    Raises:
        InvalidValue: They have z or m, which servers quantize in ways that differ.
    """
    if flat.has_z or flat.has_m:
        raise InvalidValue(
            "its quantized coordinates have z or m", "quantized x and y, or features without quantization"
        )
    sums = np.cumsum(flat.coordinates, axis=0)
    before = np.vstack([np.zeros((1, 2)), sums])[flat.parts[:-1]]
    steps = sums - np.repeat(before, np.diff(flat.parts), axis=0)
    return replace(flat, coordinates=steps * grid.scale + grid.origin)
