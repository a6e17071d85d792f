"""From the coordinates of a map to the pixels of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
"""Geometries of shapely."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of a picture that shows an extent; y grows downwards there.

    Attributes:
        bounds: xmin, ymin, xmax, ymax of the extent.
        x: Pixels from the left of the picture.
        y: Pixels from its top.
        width: Width in pixels.
        stretch: Pixels a unit of x, as a share of those a unit of y; less than 1 for degrees.
    """

    bounds: tuple[float, float, float, float]
    x: float
    y: float
    width: float
    stretch: float = 1.0

    @property
    def scale(self) -> float:
        """Pixels a unit of y."""
        left, _, right, _ = self.bounds
        return self.width / ((right - left) * self.stretch)

    @property
    def height(self) -> float:
        """Height in pixels."""
        _, bottom, _, top = self.bounds
        return (top - bottom) * self.scale

    def place(self, shapes: Any, detail: float = 0.3) -> Shapes:
        """Return shapes in pixels, cut at the frame.

        Args:
            shapes: Geometries in the coordinates of the map.
            detail: How far a simplified outline may depart, in pixels.
        """
        box = shapely.box(*self.bounds).buffer((self.bounds[2] - self.bounds[0]) / 50)
        cut = shapely.intersection(shapely.make_valid(np.asarray(shapes, object)), box)
        placed = shapely.transform(shapely.force_2d(cut), self._to_pixels)
        placed = shapely.simplify(placed, detail)
        return placed[~(shapely.is_missing(placed) | shapely.is_empty(placed))]

    def _to_pixels(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        left, _, _, top = self.bounds
        x = self.x + (coordinates[:, 0] - left) * self.scale * self.stretch
        return np.column_stack([x, self.y + (top - coordinates[:, 1]) * self.scale])
