"""Segments of paths and rings: lines become vertices, curves those of Esri JSON, without loss.

Line            [x, y]
CircularArc     {"a": [end, centre, minor, clockwise]}
EllipticArc     {"a": [end, centre, minor, clockwise, rotation, axis, ratio]}
BezierCurve     {"b": [end, control, control]}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.members import find_member, read_flag, read_member
from gpserverless.protocols.soap.sets.numbers import read_numbers, read_optional_numbers
from gpserverless.protocols.soap.xml.element import Element, Points

_SAME_DISTANCE = 0.01
"""Largest difference of an arc's two radii, as a share: coordinates are rounded."""

_INNER_CONTROLS = 2
_CUBIC = 3

Vertex = list[Any]


def read_segments(segments: Sequence[Element], *, z: bool, m: bool) -> list[Any]:
    """Return the vertices and curves of a part.

    Args:
        segments: Each begins where the one before it ends.
        z: Whether each vertex gets a height.
        m: Whether each vertex gets a measure.

    Raises:
        InvalidValue: A segment is malformed, of another type, or begins elsewhere.
    """
    items: list[Any] = []
    last: Vertex | None = None
    for segment in segments:
        read = _READERS.get(segment.type_name)
        if read is None:
            raise InvalidValue(
                f"a segment is of type {segment.type_name[:40] or 'unknown'}", ", ".join(_READERS)
            )
        start, end = (_read_point(segment, name, z=z, m=m) for name in ("FromPoint", "ToPoint"))
        if last is None:
            items.append(start)
        elif start[:2] != last[:2]:
            raise InvalidValue("a segment does not begin where the one before it ends", "connected segments")
        items.append(read(segment, start, end))
        last = end
    return items


def _read_point(element: Element, name: str, *, z: bool = False, m: bool = False) -> Vertex:
    point = find_member(element, name)
    if point is None:
        raise InvalidValue(f"a segment has no {name}", "FromPoint and ToPoint, and CenterPoint of an arc")
    ordinates = [read_member(point, each) or "" for each in ("X", "Y")]
    vertex: Vertex = list(read_numbers(ordinates, f"an ordinate of the {name} of a segment"))
    for wanted, each in ((z, "Z"), (m, "M")):
        if wanted:
            vertex += read_optional_numbers([read_member(point, each)], f"the {each} of a {name}")
    return vertex


def _read_line(_: Element, __: Vertex, end: Vertex) -> Any:
    return end


def _read_circular_arc(segment: Element, start: Vertex, end: Vertex) -> Any:
    if read_flag(segment, "IsLine"):
        return end
    centre = _read_point(segment, "CenterPoint")
    _check_radii(math.dist(start[:2], centre), math.dist(end[:2], centre))
    return {"a": [end, centre, *_read_directions(segment)]}


def _read_elliptic_arc(segment: Element, start: Vertex, end: Vertex) -> Any:
    if read_flag(segment, "EllipseStd"):
        raise InvalidValue("an elliptic arc is in the coordinates of its axes (EllipseStd)", "false for it")
    centre = _read_point(segment, "CenterPoint")
    texts = [read_member(segment, name) or "" for name in ("Rotation", "MinorMajorRatio")]
    rotation, ratio = read_numbers(texts, "the Rotation or MinorMajorRatio of an elliptic arc")
    if not 0 < ratio <= 1:
        raise InvalidValue("the MinorMajorRatio of an elliptic arc is not from 0 to 1", "above 0, at most 1")
    axes = [_measure_axis(vertex, centre, rotation, ratio) for vertex in (start, end)]
    _check_radii(*axes)
    return {"a": [end, centre, *_read_directions(segment), rotation, axes[0], ratio]}


def _read_bezier_curve(segment: Element, start: Vertex, end: Vertex) -> Any:
    degree = (read_member(segment, "Degree") or str(_CUBIC)).strip()
    array = find_member(segment, "ControlPointArray")
    points = (array.points if array is not None else None) or Points()
    columns = (read_numbers(texts, "an ordinate of a control point") for texts in (points.x, points.y))
    controls = [list(control) for control in zip(*columns, strict=True)]
    if len(controls) == _INNER_CONTROLS + 2 and [controls[0], controls[-1]] == [start[:2], end[:2]]:
        controls = controls[1:-1]
    if degree != str(_CUBIC) or len(controls) != _INNER_CONTROLS:
        raise InvalidValue("a Bezier curve is not of degree 3 with two control points", "cubic curves")
    return {"b": [end, *controls]}


def _read_directions(segment: Element) -> list[int]:
    """Return whether an arc is minor, and whether it is clockwise."""
    if find_member(segment, "IsCounterClockwise") is None:
        raise InvalidValue("an arc does not say its direction", "IsCounterClockwise")
    return [int(read_flag(segment, "IsMinor")), int(not read_flag(segment, "IsCounterClockwise"))]


def _measure_axis(vertex: Vertex, centre: Vertex, rotation: float, ratio: float) -> float:
    """Return the major axis of the ellipse through a vertex; the rotation is in radians."""
    x, y = vertex[0] - centre[0], vertex[1] - centre[1]
    cosine, sine = math.cos(rotation), math.sin(rotation)
    return math.hypot(x * cosine + y * sine, (y * cosine - x * sine) / ratio)


def _check_radii(first: float, second: float) -> None:
    if not first or abs(first - second) > _SAME_DISTANCE * max(first, second):
        raise InvalidValue(
            "the ends of an arc are not on one circle or ellipse around its CenterPoint", "arcs"
        )


_READERS: dict[str, Callable[[Element, Vertex, Vertex], Any]] = {
    "Line": _read_line,
    "CircularArc": _read_circular_arc,
    "EllipticArc": _read_elliptic_arc,
    "BezierCurve": _read_bezier_curve,
}
