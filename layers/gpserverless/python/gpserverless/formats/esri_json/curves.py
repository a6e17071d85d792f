"""True curves of Esri JSON, replaced by chains of vertices.

Esri JSON writes a path or ring with curves as a list of vertices and curve objects. A curve starts where the
item before it ends:

    {"c": [end, interior]}                                          circular arc through a point
    {"a": [end, centre, minor, clockwise, rotation, axis, ratio]}   arc of a circle or an ellipse
    {"b": [end, control, control]}                                  cubic Bezier curve
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.geometry.curves import Chain, Ellipse, draw_arc_through, draw_bezier, draw_elliptic_arc
from gpserverless.values.counts import write_count

_ACCEPTED = (
    '[x, y], {"c": [[x, y], [x, y]]}, {"a": [[x, y], [x, y], 0, 1]} or {"b": [[x, y], [x, y], [x, y]]}'
)
_MEMBERS = {"curvePaths": "paths", "curveRings": "rings"}

Vertex = list[float]


@dataclass(frozen=True)
class DensifiedFeatures:
    """Features without curves.

    Attributes:
        features: As dicts.
        curves: Number of curves that were replaced.
    """

    features: list[Any]
    curves: int


def densify(features: Sequence[Any], limit: int) -> DensifiedFeatures:
    """Replace the curves of features by chains of vertices.

    Args:
        features: Esri JSON, as dicts; those without curves stay as they are.
        limit: Most vertices of all features with curves together.

    Raises:
        InvalidValue: A curve is malformed, the feature is named; or there are too many vertices.
    """
    done, curves, vertices = [], 0, 0
    for index, feature in enumerate(features):
        geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
        if not isinstance(geometry, Mapping) or not _MEMBERS.keys() & geometry.keys():
            done.append(feature)
            continue
        try:
            straight, count = _densify_geometry(geometry)
        except InvalidValue as problem:
            raise InvalidValue(f"features[{index}]: {problem.problem}", problem.accepted) from None
        done.append({**feature, "geometry": straight})
        curves += count
        vertices += sum(len(part) for part in straight[_MEMBERS[_find_curve_member(geometry)]])
        if vertices > limit:
            raise InvalidValue(f"its true curves come to more than {limit:,} vertices", "fewer curves")
    return DensifiedFeatures(done, curves)


def _densify_geometry(geometry: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    member = _find_curve_member(geometry)
    parts = geometry[member]
    if not isinstance(parts, list) or not all(isinstance(part, list) for part in parts):
        raise InvalidValue(f"its {member} are not lists", f"lists of {_ACCEPTED}")
    others = {name: value for name, value in geometry.items() if name != member}
    count = sum(isinstance(item, Mapping) for part in parts for item in part)
    return {**others, _MEMBERS[member]: [_densify_part(part) for part in parts]}, count


def _find_curve_member(geometry: Mapping[str, Any]) -> str:
    return next(member for member in _MEMBERS if member in geometry)


def _densify_part(part: list[Any]) -> list[Vertex]:
    vertices: list[Vertex] = []
    for item in part:
        if isinstance(item, Mapping):
            if not vertices:
                raise InvalidValue("a path begins with a curve", "a vertex first")
            vertices += _densify_curve(vertices[-1], item)
        else:
            vertices.append(_read_vertex(item))
    return vertices


def _read_vertex(item: Any) -> Vertex:
    numbers = isinstance(item, list) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in item
    )
    if not numbers or not 2 <= len(item) <= 4:
        raise InvalidValue(f"{str(item)[:40]} in a curve is not a vertex", _ACCEPTED)
    return [float(value) for value in item]


def _densify_curve(start: Vertex, curve: Mapping[str, Any]) -> list[Vertex]:
    kind = next((k for k in ("c", "a", "b") if k in curve), None)
    values = None if kind is None else curve[kind]
    if not isinstance(values, list) or not values:
        raise InvalidValue(f"{str(dict(curve))[:60]} is not a curve", _ACCEPTED)
    end = _read_vertex(values[0])
    if len(end) != len(start):
        raise InvalidValue("a curve ends with more or fewer ordinates than it starts with", _ACCEPTED)
    a, b = np.array(start[:2]), np.array(end[:2])
    if kind == "c":
        chain = draw_arc_through(a, b, *_read_points(values, 1))
    elif kind == "b":
        chain = draw_bezier(a, b, *_read_points(values, 2))
    else:
        (centre,) = _read_points(values[:2], 1)
        clockwise, rotation, ratio = _read_arc_numbers(values[2:])
        chain = draw_elliptic_arc(a, b, Ellipse(centre, rotation, ratio), clockwise=clockwise != 0)
    return _interpolate_ordinates(chain, start, end)


def _read_points(values: list[Any], count: int) -> list[Chain]:
    if len(values) != count + 1:
        raise InvalidValue(f"a curve has {write_count(len(values), 'point', 'points')}", _ACCEPTED)
    return [np.array(_read_vertex(value)[:2]) for value in values[1:]]


def _read_arc_numbers(values: list[Any]) -> list[float]:
    """Return clockwise, rotation in radians and ratio from the numbers behind the centre of an arc."""
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


def _interpolate_ordinates(chain: Chain, start: Vertex, end: Vertex) -> list[Vertex]:
    """Return the vertices of a chain, with z and m in equal steps from start to end."""
    shares = np.linspace(0, 1, len(chain) + 1)[1:, None]
    more = np.array(start[2:]) + shares * (np.array(end[2:]) - np.array(start[2:]))
    return [[float(value) for value in row] for row in np.hstack([chain, more])]
