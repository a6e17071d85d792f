"""Boxes of a map in another spatial reference, and the turns of a map that repeats itself."""

from __future__ import annotations

import math

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.values.spatial_reference import SpatialReference, get_transformer

Box = tuple[float, float, float, float]
"""West, south, east and north."""

_STEPS = 33
_MARGIN = 0.1
"""Share by which a box grows that was found by trying places: none of them is the farthest."""

MOST_TURNS = 4
"""Turns of a map, on each side of the middle, that are drawn."""


def project_box(box: Box, source: SpatialReference, target: SpatialReference) -> Box | None:
    """Return a box around the content of a box, in another reference; None if it has no place there.

    Between degrees and a cylindrical map on the same datum, a box stays a box, also beyond the map's edge.

    Args:
        box: The box.
        source: Its spatial reference.
        target: The other one.

    Raises:
        InvalidValue: PROJ cannot transform between them.
    """
    if source == target:
        return box
    return (
        _shift_box(box, source, target) if share_turns(source, target) else _try_places(box, source, target)
    )


def grow_box(box: Box) -> Box:
    """Return a box that is a little larger.

    Args:
        box: The box.
    """
    x, y = (box[2] - box[0]) * _MARGIN, (box[3] - box[1]) * _MARGIN
    return box[0] - x, box[1] - y, box[2] + x, box[3] + y


def share_turns(source: SpatialReference, target: SpatialReference) -> bool:
    """Return whether two maps repeat themselves after the same turn of the same datum.

    Args:
        source: One spatial reference.
        target: The other.
    """
    here, there = find_map_edge(source), find_map_edge(target)
    return bool(here.period and there.period and here.degrees == there.degrees)


def list_turns(box: Box, reference: SpatialReference, shapes: Box | None = None) -> list[float]:
    """Return how far west of a box the map lies that it shows, for each turn that it shows.

    Shapes may be drawn up to a turn beyond the edges of the map, or farther away if their bounds say so.

    Args:
        box: The box.
        reference: Its spatial reference.
        shapes: Bounds of all shapes in that reference, None if they are not known.
    """
    edge = find_map_edge(reference)
    period = abs(edge.period)
    if not period:
        return [0.0]
    west, east = edge.origin - period / 2, edge.origin + period / 2
    first, last = math.floor((box[0] - east) / period), math.ceil((box[2] - west) / period)
    if shapes is not None:
        first = min(first, math.ceil((box[0] - shapes[2]) / period))
        last = max(last, math.floor((box[2] - shapes[0]) / period))
    middle = round(((box[0] + box[2]) / 2 - edge.origin) / period)
    turns = range(max(first, middle - MOST_TURNS), min(last, middle + MOST_TURNS) + 1)
    return [turn * period for turn in turns]


def shows_more_turns(box: Box, reference: SpatialReference) -> bool:
    """Return whether a box shows more turns of the map than are drawn.

    Args:
        box: The box.
        reference: Its spatial reference.
    """
    period = abs(find_map_edge(reference).period)
    return bool(period) and box[2] - box[0] > (2 * MOST_TURNS + 1) * period


def _shift_box(box: Box, source: SpatialReference, target: SpatialReference) -> Box | None:
    here, there = find_map_edge(source), find_map_edge(target)
    longitudes = here.to_longitudes(np.array([box[0], box[2]]))
    x = there.origin + (longitudes - there.middle) / 360 * there.period
    latitude = min(here.latitude, there.latitude)
    limits = _find_limits(source, latitude)
    south, north = np.clip([box[1], box[3]], *limits)
    if south == north and box[1] != box[3]:
        return None
    _, y = get_transformer(source, target).transform([here.origin] * 2, [south, north])
    if not np.isfinite(y).all():
        return None
    return float(x[0]), float(y[0]), float(x[1]), float(y[1])


def _find_limits(reference: SpatialReference, latitude: float) -> tuple[float, float]:
    """Return the y of the last parallels that both maps have a place for."""
    edge = find_map_edge(reference)
    if reference.is_geographic:
        quarter = edge.period / 4
        return -latitude / 90 * quarter, latitude / 90 * quarter
    change = get_transformer(edge.degrees, reference)
    _, y = change.transform([edge.middle] * 2, [-latitude, latitude])
    return (float(y[0]), float(y[1])) if np.isfinite(y).all() else (-np.inf, np.inf)


def _try_places(box: Box, source: SpatialReference, target: SpatialReference) -> Box | None:
    x, y = np.meshgrid(np.linspace(box[0], box[2], _STEPS), np.linspace(box[1], box[3], _STEPS))
    try:
        placed = np.array(get_transformer(source, target).transform(x.reshape(-1), y.reshape(-1)))
    except InvalidValue:
        return None
    found = placed[:, np.isfinite(placed).all(axis=0)]
    if not found.shape[1]:
        return None
    (west, south), (east, north) = found.min(axis=1).tolist(), found.max(axis=1).tolist()
    return float(west), float(south), float(east), float(north)
