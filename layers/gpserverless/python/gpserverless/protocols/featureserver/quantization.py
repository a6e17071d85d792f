"""Quantized coordinates: whole numbers on a grid, as `quantizationParameters` ask for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidParameter
from gpserverless.geometry.coordinate_arrays import (
    CoordinateArrays,
    compute_offsets,
    compute_signed_areas,
    find_owners,
)
from gpserverless.geometry.geometry_types import POINT, POLYGON, POLYLINE
from gpserverless.geometry.ring_directions import turn_parts

OriginPosition = Literal["upperLeft", "lowerLeft"]

ORDINATE_SCALE = 1e-4
"""Step of z and m: the resolution of ArcGIS."""

MOST_STEPS = 2.0**62
"""Steps from the origin to a vertex; the next but one power of two would not be a whole number of 64 bits."""

_LEAST_VERTICES = {POLYLINE: 2, POLYGON: 4}


@dataclass(frozen=True)
class Grid:
    """The grid of quantized coordinates.

    Attributes:
        position: Where its origin is; y counts downwards from the upper left.
        scale: Units of the coordinates for one step.
        origin: Coordinates of the origin.
        keeps_vertices: Whether vertices that fall together stay. Else they become one, parts without enough
            of them vanish, and geometries without parts are null.
    """

    position: OriginPosition
    scale: float
    origin: tuple[float, float] = (0.0, 0.0)
    keeps_vertices: bool = False

    def to_json(self, *, ordinates: int = 0) -> dict[str, Any]:
        """Return the `transform` of an answer.

        Args:
            ordinates: Number of ordinates behind x and y.
        """
        return {
            "originPosition": self.position,
            "scale": [self.scale, self.scale, *[ORDINATE_SCALE] * ordinates],
            "translate": [*self.origin, *[0] * ordinates],
        }


def quantize(flat: CoordinateArrays, grid: Grid) -> CoordinateArrays:
    """Return geometries in whole steps of a grid, from its origin.

    Args:
        flat: The geometries; rings have the directions of Esri JSON, and keep them.
        grid: The grid.

    Raises:
        InvalidParameter: The steps are so small that a vertex has more of them than a whole number holds.
    """
    placed = replace(flat, coordinates=_find_steps(flat.coordinates, grid))
    kept = np.ones(len(flat.parts) - 1, bool)
    if not grid.keeps_vertices and flat.geometry_type != POINT:
        placed, kept = _drop_repeated(placed)
    if flat.geometry_type != POLYGON:
        return placed
    before = compute_signed_areas(flat.coordinates, flat.parts)[kept]
    after = compute_signed_areas(placed.coordinates, placed.parts)
    downwards = grid.position == "upperLeft"
    wrong = (before * after > 0) if downwards else (before * after < 0)  # a thin ring may turn over
    return turn_parts(placed, wrong) if wrong.any() else placed


def _find_steps(coordinates: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    steps = coordinates / ORDINATE_SCALE
    steps[:, 0] = (coordinates[:, 0] - grid.origin[0]) / grid.scale
    steps[:, 1] = (coordinates[:, 1] - grid.origin[1]) / grid.scale
    if grid.position == "upperLeft":
        steps[:, 1] *= -1
    placed = np.asarray(np.nan_to_num(np.round(steps))) + 0.0
    if np.abs(placed).max(initial=0.0) > MOST_STEPS:
        problem = "its tolerance is too small for these coordinates: their whole numbers have no room"
        raise InvalidParameter("quantizationParameters", problem, "a tolerance of a pixel")
    return placed


def _drop_repeated(flat: CoordinateArrays) -> tuple[CoordinateArrays, NDArray[np.bool_]]:
    """Drop repeated vertices and parts without extent; return the geometries, and which parts are kept."""
    vertices = flat.coordinates
    distinct = np.ones(len(vertices), bool)
    distinct[1:] = (vertices[1:] != vertices[:-1]).any(axis=1)
    distinct[flat.parts[:-1]] = True
    owners = find_owners(flat.parts)
    sizes = np.bincount(owners[distinct], minlength=len(flat.parts) - 1)
    kept = sizes >= _LEAST_VERTICES.get(flat.geometry_type, 1)
    counts = compute_offsets(kept.astype(np.int64))
    placed = replace(
        flat,
        coordinates=flat.coordinates[distinct & kept[owners]],
        parts=compute_offsets(sizes[kept]),
        features=counts[flat.features],
    )
    return placed, kept


def compute_differences(flat: CoordinateArrays) -> Any:
    """Return the vertices of each part as differences to the one before; the first counts from the origin.

    Args:
        flat: Quantized geometries.
    """
    steps = flat.coordinates.astype(np.int64)
    differences = steps.copy()
    differences[1:] -= steps[:-1]
    starts = flat.parts[:-1]
    differences[starts] = steps[starts]
    return differences
