"""The most rows of a page, chosen by the size of the rows in JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

PAGE_SIZES = (2000, 1000)
"""Sizes of pages, the best first. pyesridump steps by 1000 at least, so a smaller one would lose rows."""

PAGE_BYTES = 4_000_000
"""Most bytes of a page in JSON: a function of AWS answers with less than 6 MB."""

_BYTES_OF_VERTEX = 36
"""Of x and y with the decimals of their resolution, brackets and commas."""


def choose_page_size(sizes: NDArray[np.int64]) -> int:
    """Return the largest size of which every page has few enough bytes, or else the smallest.

    Args:
        sizes: Bytes of each row in JSON, in the order of object ids.
    """
    ends = np.concatenate([[0], np.cumsum(sizes)])
    for rows in PAGE_SIZES:
        last = min(rows, len(sizes))
        if int((ends[last:] - ends[: len(ends) - last]).max()) <= PAGE_BYTES:
            return rows
    return PAGE_SIZES[-1]


def weigh_shapes(shapes: NDArray[Any]) -> NDArray[np.int64]:
    """Return about how many bytes each shape has in JSON.

    Args:
        shapes: Shape (N,), shapely geometries or None.
    """
    return np.asarray(shapely.get_num_coordinates(shapes) * _BYTES_OF_VERTEX + 40, np.int64)
