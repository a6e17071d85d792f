"""The part of a map that its page shows, and the parts beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidValue

SIDES = ("xmin", "ymin", "xmax", "ymax")
WIDTH, HEIGHT = 960, 560
"""Size of the picture of a page in pixels."""

_STEP = 0.4
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_LARGEST = 1e30
_LAST_PARALLEL = 85.05  # of Web Mercator, in which pages have their maps
_ARCTIC, _ANTARCTIC = 3995, 3031  # polar stereographic, both of WGS 84
_LEAST_DEGREES = 1e-5  # a metre: the extent of one point has no area

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class MapView:
    """A part of a map with the shape of the picture.

    Attributes:
        box: Its sides: xmin, ymin, xmax, ymax.
    """

    box: Box

    @classmethod
    def of(cls, box: Box) -> MapView:
        """Return the part that has the shape of the picture, and a box in its middle.

        Args:
            box: The box.
        """
        x1, y1, x2, y2 = box
        pixel = max((x2 - x1) / WIDTH, (y2 - y1) / HEIGHT) or 1e-6
        return cls._around((x1 + x2) / 2, (y1 + y2) / 2, pixel)

    @property
    def text(self) -> str:
        """Its sides with commas, as a request has them."""
        return ",".join(f"{side:.10g}" for side in self.box)

    def move(self, right: int, up: int) -> MapView:
        """Return the part beside it.

        Args:
            right: 1 for the part to its right, -1 to its left, 0 for neither.
            up: 1 for the part above it, -1 below it, 0 for neither.
        """
        x1, y1, x2, y2 = self.box
        x, y = _STEP * right * (x2 - x1), _STEP * up * (y2 - y1)
        return MapView((x1 + x, y1 + y, x2 + x, y2 + y))

    def zoom(self, factor: float) -> MapView:
        """Return the part with the same middle.

        Args:
            factor: How much larger everything is drawn; less than 1 for smaller.
        """
        x1, y1, x2, y2 = self.box
        return self._around((x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / WIDTH / factor)

    @classmethod
    def _around(cls, x: float, y: float, pixel: float) -> MapView:
        across, up = pixel * WIDTH / 2, pixel * HEIGHT / 2
        return cls((x - across, y - up, x + across, y + up))


def read_box(text: str) -> Box | None:
    """Return the box of four numbers with commas; None unless it has an area.

    Args:
        text: The text.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    if len(numbers) != len(SIDES) or not all(math.isfinite(n) and abs(n) < _LARGEST for n in numbers):
        return None
    x1, y1, x2, y2 = numbers
    return (x1, y1, x2, y2) if x1 < x2 and y1 < y2 else None


def read_extent(extent: Mapping[str, Any] | None) -> Box | None:
    """Return the box of an extent; None if nothing is in it.

    Args:
        extent: Esri JSON of an extent; its sides are "NaN" if there is none.
    """
    numbers = [(extent or {}).get(side) for side in SIDES]
    found = [n for n in numbers if isinstance(n, int | float) and math.isfinite(n)]
    if len(found) != len(SIDES):
        return None
    return float(found[0]), float(found[1]), float(found[2]), float(found[3])


def find_degrees(extent: Mapping[str, Any] | None) -> str:
    """Return an extent in degrees on WGS 84 as "west,south,east,north"; "" if it has no place on a web map.

    Of an extent at a pole such a map would show a narrow edge.

    Args:
        extent: Esri JSON of an extent.
    """
    box = _find_box_of_degrees(extent)
    return "" if box is None or _is_at_pole(box) else ",".join(f"{side:.9g}" for side in box)


def find_polar_view(extent: Mapping[str, Any] | None) -> tuple[Box, int] | None:
    """Return an extent around a pole on a map of it, and its WKID; None if its own map shows it well.

    Args:
        extent: Esri JSON of an extent.
    """
    box = _find_box_of_degrees(extent)
    if box is None or extent is None or not _is_at_pole(box):
        return None
    from gpserverless.geometry.map_edges import find_map_edge
    from gpserverless.values.spatial_reference import WGS84, SpatialReference, get_transformer

    own = SpatialReference.from_optional_json(extent.get("spatialReference"))
    if own is None or not find_map_edge(own).period:
        return None
    wkid, farthest = (_ARCTIC, box[1]) if box[3] > 0 else (_ANTARCTIC, box[3])
    x, y = get_transformer(WGS84, SpatialReference(wkid)).transform(0.0, farthest)
    radius = math.hypot(float(x), float(y))
    return (-radius, -radius, radius, radius), wkid


def _find_box_of_degrees(extent: Mapping[str, Any] | None) -> Box | None:
    box = read_extent(extent)
    if box is None or extent is None:
        return None
    from gpserverless.values.spatial_reference import WGS84, SpatialReference, get_transformer

    try:
        own = SpatialReference.from_optional_json(extent.get("spatialReference"))
        if own is None:
            return None
        found = box if own == WGS84 else get_transformer(own, WGS84).transform_bounds(*box)
    except InvalidValue:
        return None
    west, south, east, north = (
        min(max(side, low), high)
        for side, low, high in zip(_pad(found), _WORLD[:2] * 2, _WORLD[2:] * 2, strict=True)
    )
    if found[0] < _WORLD[0] or found[2] > _WORLD[2]:
        west, east = _WORLD[0], _WORLD[2]  # it goes on at the other end of the world
    if not all(math.isfinite(side) for side in found) or west > east or south > north:
        return None
    return west, south, east, north


def _is_at_pole(box: Box) -> bool:
    return abs(box[1] + box[3]) / 2 > _LAST_PARALLEL


def _pad(box: Box) -> Box:
    west, south, east, north = box
    across = 0.0 if west < east else _LEAST_DEGREES
    up = 0.0 if south < north else _LEAST_DEGREES
    return west - across, south - up, east + across, north + up
