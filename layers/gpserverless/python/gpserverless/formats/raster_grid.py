"""The grid of a picture of a raster, and the turns of the map that it shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from gpserverless.geometry.boxes import MOST_TURNS
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.values.spatial_reference import SpatialReference

Box = tuple[float, float, float, float]
"""West, south, east and north."""


@dataclass(frozen=True)
class Grid:
    """The pixels of a picture.

    Attributes:
        extent: Its sides.
        width: Pixels.
        height: Pixels.
        reference: Spatial reference of the sides; None for that of a raster without one.
    """

    extent: Box
    width: int
    height: int
    reference: SpatialReference | None


def cut_at_seams(grid: Grid) -> list[tuple[slice, Grid]]:
    """Return the columns of a picture in each turn of its map, and their grids in the first turn.

    GDAL reads too little beside a meridian at which longitudes jump, if it lies within a picture.

    Args:
        grid: The grid.
    """
    if grid.reference is None or not find_map_edge(grid.reference).period:
        return [(slice(0, grid.width), grid)]
    edge = find_map_edge(grid.reference)
    west, south, east, north = grid.extent
    pixel, half = (east - west) / grid.width, abs(edge.period) / 2
    pieces = []
    for turn in sorted(list_map_turns(grid.extent, grid.reference)):
        sides = (edge.origin - half + turn, edge.origin + half + turn)
        first, last = (min(max(math.ceil((x - west) / pixel - 0.5), 0), grid.width) for x in sides)
        if first < last:
            extent = (west + first * pixel - turn, south, west + last * pixel - turn, north)
            pieces.append((slice(first, last), replace(grid, extent=extent, width=last - first)))
    return pieces


def list_map_turns(box: Box, reference: SpatialReference) -> list[float]:
    """Return how far west a box has to be moved to meet the first turn of its map; the nearest first.

    Args:
        box: The box.
        reference: Its spatial reference.
    """
    edge = find_map_edge(reference)
    period = abs(edge.period)
    if not period:
        return [0.0]
    west, east = edge.origin - period / 2, edge.origin + period / 2
    first, last = math.floor((box[0] - east) / period) + 1, math.ceil((box[2] - west) / period) - 1
    middle = round(((box[0] + box[2]) / 2 - edge.origin) / period)
    turns = range(max(first, middle - MOST_TURNS), min(last, middle + MOST_TURNS) + 1)
    return sorted((turn * period for turn in turns), key=abs) or [0.0]


def bring_to_turn(x: float, west: float, reference: SpatialReference | None) -> float:
    """Return a place in the turn of its map that begins at a side of a raster.

    Args:
        x: The place.
        west: The side.
        reference: Their spatial reference, None if it is not known.
    """
    period = 0.0 if reference is None else abs(find_map_edge(reference).period)
    return x + math.ceil((west - x) / period) * period if period else x
