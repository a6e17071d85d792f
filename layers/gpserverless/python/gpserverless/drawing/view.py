"""The part of a map that a picture shows, and the way from map units to pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gpserverless.values.spatial_reference import SpatialReference

Extent = tuple[float, float, float, float]
"""West, south, east and north, in the picture's spatial reference."""

POINTS_PER_INCH = 72.0
STANDARD_DPI = 96.0

METRES_PER_DEGREE = 111_319.49079327358
"""Length of a degree of the equator of WGS 84."""

_METRES_PER_INCH = 0.0254
_LEAST_SHARE = 1e-6
"""Size of the extent of a single place, as a share of its coordinates."""


@dataclass(frozen=True)
class View:
    """The part of a map that a picture shows.

    Attributes:
        extent: Its sides, of the same aspect as the picture.
        width: Pixels of the picture.
        height: Pixels of the picture.
        dpi: Pixels per inch, with which symbols and texts grow.
        seams: The x of the meridian, west and east, at which a shape across it is cut in two although the map
            goes on; none of a map without one.
    """

    extent: Extent
    width: int
    height: int
    dpi: float = STANDARD_DPI
    seams: tuple[float, float] | None = None

    @property
    def pixel(self) -> float:
        """Side of a pixel in units of the map."""
        return (self.extent[2] - self.extent[0]) / self.width

    def to_length(self, points: float) -> float:
        """Return a length in pixels.

        Args:
            points: The length in points, of which an inch has 72.
        """
        return points * self.dpi / POINTS_PER_INCH

    def grow(self, pixels: float) -> Extent:
        """Return the extent, larger on each side.

        Args:
            pixels: Pixels on each side.
        """
        west, south, east, north = self.extent
        more = pixels * self.pixel
        return west - more, south - more, east + more, north + more

    def move(self, distance: float) -> Self:
        """Return the view of a place farther east.

        Args:
            distance: Units of the map.
        """
        west, south, east, north = self.extent
        return replace(self, extent=(west + distance, south, east + distance, north))

    def to_pixels(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the places of coordinates in the picture, from its upper left corner.

        Args:
            coordinates: Shape (P, 2 or more), x and y.
        """
        west, _, _, north = self.extent
        placed = np.empty((len(coordinates), 2))
        np.subtract(coordinates[:, 0], west, out=placed[:, 0])
        np.subtract(north, coordinates[:, 1], out=placed[:, 1])
        placed /= self.pixel
        return placed


def fit_view(box: Extent, size: tuple[int, int], dpi: float = STANDARD_DPI) -> View:
    """Return the view of a box, which is grown about its centre to the aspect of the picture.

    Args:
        box: The box; the sides of a pair may be in any order, and a box may be a line or a place.
        size: Width and height of the picture in pixels.
        dpi: Pixels per inch.
    """
    x, y = sorted((box[0], box[2])), sorted((box[1], box[3]))
    width, height = size
    pixel = max((x[1] - x[0]) / width, (y[1] - y[0]) / height)
    if pixel == 0:
        pixel = max(1.0, *map(abs, box)) * _LEAST_SHARE / max(size)
    centre = (x[0] / 2 + x[1] / 2, y[0] / 2 + y[1] / 2)
    right, up = pixel * width / 2, pixel * height / 2
    return View((centre[0] - right, centre[1] - up, centre[0] + right, centre[1] + up), width, height, dpi)


def measure_scale(view: View, reference: SpatialReference) -> float:
    """Return the scale of a picture: metres on the ground, or on the map, per metre of its inches.

    Args:
        view: The view.
        reference: Its spatial reference.
    """
    metres = reference.metres_per_unit
    if reference.is_geographic:
        radians = float(reference.crs.axis_info[0].unit_conversion_factor)
        metres = METRES_PER_DEGREE * math.degrees(radians)
    return view.pixel * metres * view.dpi / _METRES_PER_INCH
