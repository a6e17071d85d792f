"""The vertices of all features as one buffer.

A tree of Python lists, one for each vertex, is what makes JSON geometry slow. simdjson can copy all numbers
of an array, however nested, into one buffer; what it cannot say is whether every vertex had equally many. So
the lengths of the parts are read beside it, and the vertices of equal length are counted in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json.document import to_plain
from gpserverless.geometry.geometry_types import ENVELOPE, MEMBERS, MULTIPOINT, PLURALS

Counts = NDArray[np.int64]

_TYPES = {member: name for name, member in MEMBERS.items()}
UNUSUAL = (KeyError, TypeError, AttributeError)
"""What reading raises where a geometry is null, of another type, or not as simdjson likes it."""

_CURVES = {"curvePaths", "curveRings"}
_NUMBERS = b"0123456789+-.eE \t\r\n"


@dataclass(frozen=True)
class Vertices:
    """What was read of N geometries with K parts.

    Attributes:
        buffers: The ordinates of every geometry, as doubles.
        sizes: Bytes of each of them, shape (N,).
        lengths: Vertices of every part, shape (K,).
        counts: Parts of every geometry, shape (N,), 0 for a null one.
        extras: Indices of features whose geometry has more members than its vertices.
    """

    buffers: list[Any]
    sizes: Counts
    lengths: Counts
    counts: Counts
    extras: list[int]


def get_geometry(feature: Any) -> Any:
    """Return the geometry of a feature as plain Python, None if it has none."""
    try:
        return to_plain(feature["geometry"])
    except (KeyError, TypeError, IndexError):
        return None


def detect_geometry_type(geometry: Any) -> str | None:
    """Return the Esri type of a geometry, None for one that is null.

    Raises:
        InvalidValue: It is a curve, or no geometry at all.
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


def read_vertices(features: Sequence[Any], geometry_type: str, text: bytes | None) -> Vertices:
    """Read the vertices of multipoints, polylines or polygons.

    Args:
        features: As simdjson objects or dicts.
        geometry_type: What they are; an envelope is a polygon.
        text: The JSON they come from, if simdjson parsed it.

    Raises:
        InvalidValue: A geometry is of another type, or malformed; the text names the feature.
    """
    try:
        return _read_all(features, geometry_type)
    except UNUSUAL:
        return _read_each(features, geometry_type)


def _read_all(features: Sequence[Any], geometry_type: str) -> Vertices:
    """Read geometries of which each is as simdjson likes it, or raise one of `UNUSUAL`."""
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
    """Read geometries one by one, those that simdjson cannot as plain Python."""
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
    """Read one geometry that simdjson could not, with an exact message if it is wrong."""
    geometry = get_geometry(feature)
    try:
        kind = detect_geometry_type(geometry)
        if kind == ENVELOPE:
            geometry, kind = {"rings": _make_ring(geometry)}, geometry_type
        if kind is None or geometry[MEMBERS[kind]] in (None, "NaN", []):
            return b"", [], False
        if kind != geometry_type:
            raise InvalidValue(f"it is one of {PLURALS[kind]}", PLURALS[geometry_type] + " only")
        parts = geometry[MEMBERS[kind]]
        return *_flatten_parts([parts] if geometry_type == MULTIPOINT else parts), len(geometry) > 1
    except InvalidValue as problem:
        raise InvalidValue(f"features[{index}]: {problem.problem}", problem.accepted) from problem


def _make_ring(envelope: Mapping[str, Any]) -> Any:
    xmin, ymin, xmax, ymax = (envelope.get(side) for side in ("xmin", "ymin", "xmax", "ymax"))
    if xmin in (None, "NaN"):
        return None
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


def count_ordinates(
    features: Sequence[Any], geometry_type: str, vertices: Vertices, text: bytes | None
) -> Counts:
    """Return how many ordinates the vertices of each geometry have, shape (N,): 2 to 4, or 0 if it is null.

    The buffers give the mean of each geometry. If the text holds as many arrays of the smallest mean as there
    are vertices with that mean, none of these can differ; any other geometry is visited vertex by vertex.

    Raises:
        InvalidValue: The vertices of a geometry differ, or have fewer than 2 or more than 4 ordinates.
    """
    owner = np.repeat(np.arange(len(vertices.counts)), vertices.counts)
    points = np.bincount(owner, weights=vertices.lengths, minlength=len(vertices.counts))
    means = np.divide(vertices.sizes / 8, points, out=np.zeros(len(points)), where=points > 0)
    wrong = ~np.isin(means, (2, 3, 4)) & (vertices.sizes + points > 0)
    if wrong.any():
        raise _make_uneven_error(int(np.argmax(wrong)))
    if text is not None and (points > 0).any():
        smallest = means[points > 0].min()
        alike = int(points[means == smallest].sum())
        regular = _is_regular(text, int(smallest), alike, nested=geometry_type != MULTIPOINT)
        for index in np.flatnonzero(means > (smallest if regular else 0)).tolist():
            _check_each_vertex(features[index], index, geometry_type, means[index])
    return means.astype(np.int64)


def _check_each_vertex(feature: Any, index: int, geometry_type: str, expected: float) -> None:
    geometry = get_geometry(feature) or {}
    parts = geometry.get(MEMBERS[geometry_type]) or []
    for point in parts if geometry_type == MULTIPOINT else chain.from_iterable(parts):
        if not isinstance(point, list) or len(point) != expected or any(isinstance(v, list) for v in point):
            raise _make_uneven_error(index)


def _make_uneven_error(index: int) -> InvalidValue:
    problem = f"features[{index}]: its vertices do not have 2, 3 or 4 ordinates each, equally many"
    return InvalidValue(problem, "[x, y], [x, y, z] or [x, y, z, m]")


def _is_regular(text: bytes, ordinates: int, vertices: int, *, nested: bool) -> bool:
    """Return whether a text has so many arrays of so many numbers, none of them deeper than it should be.

    Args:
        text: JSON, of which only brackets and commas will be left between the names and texts.
        ordinates: Numbers in one vertex.
        vertices: How many vertices there should be.
        nested: Whether vertices are in parts; a part of one vertex is then one that is too deep.
    """
    bare = text.translate(None, _NUMBERS)
    vertex = b"[" + b"," * (ordinates - 1) + b"]"
    too_deep = (b"[" + vertex + b"]",) if nested else (b"[[[", b",[[")
    return bare.count(vertex) == vertices and not any(pattern in bare for pattern in too_deep)
