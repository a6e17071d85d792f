"""The vertices of all features as one buffer.

A tree of Python lists, one for each vertex, makes JSON geometry slow. simdjson copies all numbers of a
nested array into one buffer, but does not tell whether every vertex has equally many. So the lengths of the
parts are read too, and `ordinates` counts the vertices of equal length in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json.document import check_unique_names, to_plain
from gpserverless.geometry.geometry_types import ENVELOPE, MEMBERS, MULTIPOINT, PLURALS, POLYGON

Counts = NDArray[np.int64]

_TYPES = {member: name for name, member in MEMBERS.items()}
UNUSUAL = (KeyError, TypeError, AttributeError)
"""Errors of simdjson for a geometry that is null, of another type, or not an array of numbers."""

_CURVES = {"curvePaths", "curveRings"}
_ENVELOPE = '{"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}'


@dataclass(frozen=True)
class Vertices:
    """The vertices of N geometries with K parts.

    Attributes:
        buffers: The ordinates of every geometry, as doubles.
        sizes: Shape (N,), bytes of each buffer.
        lengths: Shape (K,), vertices of each part.
        counts: Shape (N,), parts of each geometry, 0 for a null one.
        extras: Indices of features whose geometry has other members beside its vertices.
    """

    buffers: list[Any]
    sizes: Counts
    lengths: Counts
    counts: Counts
    extras: list[int]


def get_geometry(feature: Any) -> Any:
    """Return the geometry of a feature as plain Python, None if it has none.

    Args:
        feature: A simdjson object or a dict.
    """
    try:
        return to_plain(feature["geometry"])
    except (KeyError, TypeError, IndexError):
        return None


def get_member(feature: Any, name: str) -> Any:
    """Return a member of a feature's geometry as plain Python, None if there is none.

    Args:
        feature: A simdjson object or a dict.
        name: Name of the member.
    """
    try:
        return to_plain(feature["geometry"][name])
    except (KeyError, TypeError, IndexError):
        return None


def detect_geometry_type(geometry: Any) -> str | None:
    """Detect the Esri type of a geometry by its members, None for a null one.

    Args:
        geometry: Plain Python.

    Raises:
        InvalidValue: It is a curve, or no geometry.
    """
    if geometry is None or geometry == {}:
        return None
    if not isinstance(geometry, Mapping):
        raise InvalidValue("a geometry is not a JSON object", "x and y, points, paths or rings")
    if _CURVES & geometry.keys():
        raise InvalidValue(
            "true curves (curvePaths, curveRings) are not supported", "paths or rings of vertices"
        )
    member = next((m for m in _TYPES if m in geometry), None)
    if member is None:
        raise InvalidValue("a geometry has no vertices", "x and y, points, paths or rings")
    return _TYPES[member]


def read_vertices(features: Sequence[Any], geometry_type: str) -> Vertices:
    """Read the vertices of multipoints, polylines or polygons.

    Args:
        features: As simdjson objects or dicts.
        geometry_type: Their Esri type; an envelope among polygons is a polygon.

    Raises:
        InvalidValue: A geometry is of another type, or malformed; the feature is named.
    """
    try:
        return _read_all(features, geometry_type)
    except UNUSUAL:
        return _read_each(features, geometry_type)


def _read_all(features: Sequence[Any], geometry_type: str) -> Vertices:
    """Read geometries that are all arrays of numbers to simdjson, or raise one of `UNUSUAL`."""
    geometries = [feature["geometry"] for feature in features]
    member = MEMBERS[geometry_type]
    parts = [geometry[member] for geometry in geometries]
    buffers = [each.as_buffer(of_type="d") for each in parts]
    counts = _to_integers([1] * len(parts) if geometry_type == MULTIPOINT else map(len, parts))
    if geometry_type == MULTIPOINT:
        lengths = _to_integers(map(len, parts))
    elif (counts == 1).all():
        lengths = _to_integers([len(each[0]) for each in parts])
    else:
        lengths = _to_integers([len(part) for each in parts for part in each])
    extras = np.flatnonzero(_to_integers(map(len, geometries)) > 1).tolist()
    return Vertices(buffers, _to_integers([buffer.size for buffer in buffers]), lengths, counts, extras)


def _read_each(features: Sequence[Any], geometry_type: str) -> Vertices:
    """Read geometries one by one, as plain Python if they are no arrays of numbers to simdjson."""
    member = MEMBERS[geometry_type]
    buffers, sizes, lengths, counts, extras = [], [], [], [], []
    for index, feature in enumerate(features):
        try:
            geometry = feature["geometry"]
            parts = geometry[member]
            buffer = parts.as_buffer(of_type="d")
            size = buffer.size
            each = [len(parts)] if geometry_type == MULTIPOINT else [len(part) for part in parts]
            more = len(geometry) > 1
        except UNUSUAL:
            buffer, each, more = _read_one(feature, index, geometry_type)
            size = len(buffer)
        buffers.append(buffer)
        sizes.append(size)
        lengths += each
        counts.append(len(each))
        if more:
            extras.append(index)
    return Vertices(buffers, _to_integers(sizes), _to_integers(lengths), _to_integers(counts), extras)


def _to_integers(numbers: Iterable[int]) -> Counts:
    return np.fromiter(numbers, np.int64)


def _read_one(feature: Any, index: int, geometry_type: str) -> tuple[bytes, list[int], bool]:
    """Read one geometry as plain Python, with an exact error if it is malformed."""
    geometry = get_geometry(feature)
    if geometry is None:
        check_unique_names(feature, f"features[{index}]")
    try:
        kind = detect_geometry_type(geometry)
        more = bool(geometry) and len(geometry) > (4 if kind == ENVELOPE else 1)
        if kind == ENVELOPE and geometry_type == POLYGON:
            geometry, kind = {"rings": _make_ring(geometry)}, POLYGON
        if kind is None or geometry[MEMBERS[kind]] in (None, "NaN", []):
            return b"", [], more
        if kind != geometry_type:
            raise InvalidValue(f"it is one of {PLURALS[kind]}", PLURALS[geometry_type] + " only")
        parts = geometry[MEMBERS[kind]]
        return *_flatten_parts([parts] if geometry_type == MULTIPOINT else parts), more
    except InvalidValue as problem:
        raise InvalidValue(f"features[{index}]: {problem.problem}", problem.accepted) from problem


def _make_ring(envelope: Mapping[str, Any]) -> Any:
    sides: list[Any] = [envelope.get(side) for side in ("xmin", "ymin", "xmax", "ymax")]
    xmin, ymin, xmax, ymax = sides
    if xmin in (None, "NaN"):
        return None
    if not all(isinstance(side, int | float) for side in sides):
        raise InvalidValue("the sides of an envelope are not all numbers", _ENVELOPE)
    if xmin > xmax or ymin > ymax:
        raise InvalidValue(
            "the envelope's sides are in the wrong order",
            f"{_ENVELOPE}; across 180 degrees an xmax above 180",
        )
    return [[[xmin, ymin], [xmin, ymax], [xmax, ymax], [xmax, ymin], [xmin, ymin]]]


def _flatten_parts(parts: Any) -> tuple[bytes, list[int]]:
    if not isinstance(parts, list) or not all(isinstance(part, list) for part in parts):
        raise InvalidValue("its parts are not lists of vertices", "[[[x, y], [x, y], …], …]")
    points = list(chain.from_iterable(parts))
    if any(isinstance(point, Mapping) for point in points):
        raise InvalidValue("true curves are not supported", "paths or rings of vertices")
    if not all(isinstance(point, list) for point in points) or len({len(point) for point in points}) > 1:
        raise InvalidValue("its vertices have different numbers of ordinates", "[x, y] or [x, y, z, m]")
    flat = [None if value == "NaN" else value for value in chain.from_iterable(points)]
    if not set(map(type, flat)) <= {int, float, type(None)}:
        raise InvalidValue("its ordinates are not all numbers", "[x, y] or [x, y, z, m]")
    return np.array(flat, np.float64).tobytes(), [len(part) for part in parts]
