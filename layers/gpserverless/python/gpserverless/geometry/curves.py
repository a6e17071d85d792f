"""True curves as chains of vertices.

Esri JSON writes a path or ring with curves as a list of vertices and curve objects; a curve starts where the
item before it ends:

    {"c": [end, interior]}                                          circular arc through a point
    {"a": [end, centre, minor, clockwise, rotation, axis, ratio]}   arc of a circle or an ellipse
    {"b": [end, control, control]}                                  cubic Bezier curve

No library of geometry that works on columns has curves, so they are drawn: arcs with 128 vertices a full
turn, which leaves at most 0.03 % of the radius between curve and chord; Bezier curves so that a chord departs
from the curve by at most 0.03 % of the length of their control polygon.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue

STEP = 2 * math.pi / 128
"""Largest angle, in radians, between two vertices of an arc."""

BEZIER_TOLERANCE = 1 - math.cos(STEP / 2)
"""Largest distance of a chord from a Bezier curve, as a share of its control polygon's length."""

MAX_PIECES = 1024
"""Most chords of one curve."""

_ACCEPTED = (
    '[x, y], {"c": [[x, y], [x, y]]}, {"a": [[x, y], [x, y], 0, 1]} or {"b": [[x, y], [x, y], [x, y]]}'
)
_MEMBERS = {"curvePaths": "paths", "curveRings": "rings"}

Vertex = list[float]
Chain = NDArray[np.float64]


@dataclass(frozen=True)
class Straightened:
    """Features without curves.

    Attributes:
        features: As dicts.
        curves: How many curves were replaced by vertices.
    """

    features: list[Any]
    curves: int


def straighten(features: Sequence[Any], limit: int) -> Straightened:
    """Return features with chains of vertices in place of their curves.

    Args:
        features: Esri JSON, as dicts; those without curves are returned as they are.
        limit: Most vertices that the curves may come to.

    Raises:
        InvalidValue: A curve is malformed, the feature is named; or there are too many vertices.
    """
    drawn, curves, vertices = [], 0, 0
    for index, feature in enumerate(features):
        geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
        if not isinstance(geometry, Mapping) or not _MEMBERS.keys() & geometry.keys():
            drawn.append(feature)
            continue
        try:
            straight, count = _straight(geometry)
        except InvalidValue as problem:
            raise InvalidValue(f"features[{index}]: {problem.problem}", problem.accepted) from None
        drawn.append({**feature, "geometry": straight})
        curves += count
        vertices += sum(len(part) for part in straight[_MEMBERS[_curved(geometry)]])
        if vertices > limit:
            raise InvalidValue(f"its true curves come to more than {limit:,} vertices", "fewer curves")
    return Straightened(drawn, curves)


def _straight(geometry: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    curved = _curved(geometry)
    parts = geometry[curved]
    if not isinstance(parts, list) or not all(isinstance(part, list) for part in parts):
        raise InvalidValue(f"its {curved} are not lists", f"lists of {_ACCEPTED}")
    others = {name: value for name, value in geometry.items() if name != curved}
    count = sum(isinstance(item, Mapping) for part in parts for item in part)
    return {**others, _MEMBERS[curved]: [_drawn(part) for part in parts]}, count


def _curved(geometry: Mapping[str, Any]) -> str:
    return next(member for member in _MEMBERS if member in geometry)


def _drawn(part: list[Any]) -> list[Vertex]:
    vertices: list[Vertex] = []
    for item in part:
        if isinstance(item, Mapping):
            if not vertices:
                raise InvalidValue("a path begins with a curve", "a vertex first")
            vertices += _curve(vertices[-1], item)
        else:
            vertices.append(_vertex(item))
    return vertices


def _vertex(item: Any, fewest: int = 2) -> Vertex:
    numbers = isinstance(item, list) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in item
    )
    if not numbers or not fewest <= len(item) <= 4:
        raise InvalidValue(f"{str(item)[:40]} in a curve is not a vertex", _ACCEPTED)
    return [float(value) for value in item]


def _curve(start: Vertex, curve: Mapping[str, Any]) -> list[Vertex]:
    kind = next((k for k in ("c", "a", "b") if k in curve), None)
    values = None if kind is None else curve[kind]
    if not isinstance(values, list) or not values:
        raise InvalidValue(f"{str(dict(curve))[:60]} is not a curve", _ACCEPTED)
    end = _vertex(values[0])
    if len(end) != len(start):
        raise InvalidValue("a curve ends with more or fewer ordinates than it starts with", _ACCEPTED)
    a, b = np.array(start[:2]), np.array(end[:2])
    if kind == "c":
        chain = _through(a, b, _points(values, 1))
    elif kind == "b":
        chain = _bezier(a, b, *_points(values, 2))
    else:
        (centre,) = _points(values[:2], 1)
        clockwise, rotation, ratio = _numbers(values[2:])
        chain = _turned(a, b, centre, rotation, ratio, clockwise=clockwise != 0)
    return _with_ordinates(chain, start, end)


def _points(values: list[Any], count: int) -> list[Chain]:
    if len(values) != count + 1:
        raise InvalidValue(f"a curve has {len(values)} points", _ACCEPTED)
    return [np.array(_vertex(value)[:2]) for value in values[1:]]


def _numbers(values: list[Any]) -> list[float]:
    """Return clockwise, rotation in radians and ratio, of the numbers behind the centre of an arc."""
    flags = [float(v) for v in values[:2] if isinstance(v, int | float)]
    rest = [
        v for v in values[2:] if isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)
    ]
    if len(flags) != 2 or len(rest) != len(values) - 2 or len(values) not in (2, 5):
        raise InvalidValue("an arc is not [end, centre, minor, clockwise]", _ACCEPTED)
    rotation, axis, ratio = (float(v) for v in rest) if rest else (0.0, 0.0, 1.0)
    if rest and not (axis > 0 and 0 < ratio <= 1):
        raise InvalidValue("an arc's axis is not above 0, or its ratio not from 0 to 1", _ACCEPTED)
    return [flags[1], rotation, ratio]


def _through(start: Chain, end: Chain, interior: list[Chain]) -> Chain:
    """Return the circle's arc from start by a point to the end, without its start."""
    (by,) = interior
    if (start == end).all():
        return _turned(start, end, (start + by) / 2, 0.0, 1.0, clockwise=True)
    u, v = by - start, end - start
    crossed = 2 * (u[0] * v[1] - u[1] * v[0])
    if abs(crossed) < 1e-12 * (u @ u + v @ v):
        return np.array([by, end])
    offset = np.array([v[1] * (u @ u) - u[1] * (v @ v), u[0] * (v @ v) - v[0] * (u @ u)]) / crossed
    return _turned(start, end, start + offset, 0.0, 1.0, clockwise=crossed < 0)


def _turned(
    start: Chain, end: Chain, centre: Chain, rotation: float, ratio: float, *, clockwise: bool
) -> Chain:
    """Return the arc about a centre; a full turn where it ends as it starts.

    The ellipse is a circle in coordinates that are turned back and stretched; its radius runs from that of
    the start to that of the end, as rounded coordinates never lie exactly on one ellipse.
    """
    cosine, sine = math.cos(rotation), math.sin(rotation)
    turn = np.array([[cosine, -sine], [sine, cosine]]) * [1.0, ratio]
    first, last = (np.linalg.solve(turn, point - centre) for point in (start, end))
    angle = math.atan2(first[1], first[0])
    sweep = (math.atan2(last[1], last[0]) - angle) % (2 * math.pi)
    if (start == end).all():
        sweep = 2 * math.pi
    elif clockwise:
        sweep -= 2 * math.pi
    if clockwise and sweep > 0:
        sweep = -sweep
    pieces = max(1, math.ceil(abs(sweep) / STEP))
    shares = np.linspace(0, 1, pieces + 1)[1:]
    radii = np.hypot(*first) + shares * (np.hypot(*last) - np.hypot(*first))
    angles = angle + sweep * shares
    chain = centre + (radii * np.array([np.cos(angles), np.sin(angles)])).T @ turn.T
    chain[-1] = end
    return np.asarray(chain)


def _bezier(start: Chain, end: Chain, one: Chain, two: Chain) -> Chain:
    """Return the cubic curve, without its start.

    The n chords of a cubic depart by at most 3/4 of the largest second difference of its control points over
    n squared (the second derivative is 6 times that, and a chord departs by 1/8 of it).
    """
    length = sum(float(np.hypot(*(q - p))) for p, q in ((start, one), (one, two), (two, end)))
    if length == 0:
        return end[None, :]
    bend = max(float(np.hypot(*(start - 2 * one + two))), float(np.hypot(*(one - 2 * two + end))))
    pieces = min(MAX_PIECES, max(1, math.ceil(math.sqrt(0.75 * bend / (BEZIER_TOLERANCE * length)))))
    t = np.linspace(0, 1, pieces + 1)[1:, None]
    chain = (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * one + 3 * (1 - t) * t**2 * two + t**3 * end
    chain[-1] = end
    return np.asarray(chain)


def _with_ordinates(chain: Chain, start: Vertex, end: Vertex) -> list[Vertex]:
    """Return the vertices with z and m between those of the ends, in equal steps."""
    shares = np.linspace(0, 1, len(chain) + 1)[1:, None]
    more = np.array(start[2:]) + shares * (np.array(end[2:]) - np.array(start[2:]))
    return [[float(value) for value in row] for row in np.hstack([chain, more])]
