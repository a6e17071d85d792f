"""The order of rows along a curve through space, so that neighbours come to lie in one chunk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpserverless.featurelayers.layout import CHUNK_ROWS
from gpserverless.featurelayers.manifest import Extent

Bounds = NDArray[np.float64]

_CELLS = 2**16
_TOLERATED = 1.5
"""How many times as much a box may have to read, so that the tool's order is kept: its pages lie together."""


def order_rows(bounds: Bounds, given: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order of rows in the file: the order given if it is near to the curve's, else the curve's.

    Args:
        bounds: Shape (N, 4): west, south, east and north; NaN without a shape.
        given: The rows in the order of their object ids.
    """
    if len(given) <= CHUNK_ROWS:
        return given
    curve = np.argsort(_compute_curve(bounds), kind="stable")
    return given if _weigh(bounds[given]) <= _TOLERATED * _weigh(bounds[curve]) else curve


def bound_chunks(bounds: Bounds) -> Bounds:
    """Return the bounds of each chunk of rows, NaN without any shape.

    Args:
        bounds: Shape (N, 4), in the order of the file.
    """
    starts = np.arange(0, len(bounds), CHUNK_ROWS)
    if not len(starts):
        return np.empty((0, 4))
    low = np.fmin.reduceat(bounds[:, :2], starts)
    high = np.fmax.reduceat(bounds[:, 2:], starts)
    return np.hstack([low, high])


def find_bounds(bounds: NDArray[np.float64]) -> Extent | None:
    """Return the bounds of all shapes, None without any.

    Args:
        bounds: Shape (N, 4), NaN without a shape.
    """
    if np.isnan(bounds[:, 0]).all():
        return None
    west, south = np.fmin.reduce(bounds[:, :2]).tolist()
    east, north = np.fmax.reduce(bounds[:, 2:]).tolist()
    return west, south, east, north


def _weigh(bounds: Bounds) -> float:
    """Return how much boxes have to read: the mean chance of a small box to meet a chunk."""
    chunks = bound_chunks(bounds)
    sides = chunks[:, 2:] - chunks[:, :2]
    whole = np.fmax.reduce(bounds[:, 2:]) - np.fmin.reduce(bounds[:, :2])
    box = whole / np.sqrt(max(len(chunks), 1))
    return float(np.nansum(np.prod(sides + box, axis=1)))


def _compute_curve(bounds: Bounds) -> NDArray[np.uint32]:
    """Return the place of each row's middle on a Morton curve; rows without a shape come last."""
    x, y = ((bounds[:, axis] + bounds[:, axis + 2]) / 2 for axis in (0, 1))
    place = _spread_bits(_find_cells(x)) | (_spread_bits(_find_cells(y)) << np.uint32(1))
    place[np.isnan(x)] = np.iinfo(np.uint32).max
    return np.asarray(place)


def _find_cells(values: NDArray[np.float64]) -> NDArray[np.uint32]:
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    if not high > low:
        return np.zeros(len(values), np.uint32)
    share = np.nan_to_num((values - low) / (high - low))
    return np.asarray(np.minimum(share * _CELLS, _CELLS - 1), np.uint32)


def _spread_bits(cells: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Put a zero between the 16 bits of each number."""
    spread = cells
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | (spread << np.uint32(shift))) & np.uint32(mask)
    return np.asarray(spread)
