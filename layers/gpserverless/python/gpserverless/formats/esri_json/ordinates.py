"""Ordinates of vertices: the number of each vertex, and columns of x, y, z and m."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json.vertices import Counts, Vertices, get_geometry
from gpserverless.geometry.coordinate_arrays import Coordinates, compute_offsets
from gpserverless.geometry.geometry_types import MEMBERS, MULTIPOINT

_NUMBERS = b"0123456789+-.eE \t\r\n"


def count_ordinates(
    features: Sequence[Any], geometry_type: str, vertices: Vertices, text: bytes | None
) -> Counts:
    """Return the number of ordinates of each geometry's vertices, shape (N,): 2 to 4, or 0 if it is null.

    The buffers give the mean of each geometry. If the text holds as many arrays of the smallest mean as there
    are vertices with that mean, none of these can differ; any other geometry is visited vertex by vertex.

    Args:
        features: N features, as simdjson objects or dicts.
        geometry_type: Their Esri type.
        vertices: Their vertices.
        text: The JSON of the features, None if it was parsed by the caller.

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


def arrange_ordinates(
    values: NDArray[np.float64], dimensions: Counts, lengths: Counts, measured: bool
) -> tuple[Coordinates, bool, bool]:
    """Arrange ordinates as columns x, y, then z and m; return them, has_z and has_m.

    Args:
        values: All ordinates, one vertex after another.
        dimensions: Shape (K,), ordinates of each vertex of a part: 2, 3 or 4.
        lengths: Shape (K,), vertices of each part.
        measured: Whether a third ordinate is an m.
    """
    present = np.flatnonzero(np.bincount(dimensions)).tolist()
    has_z = 4 in present or (3 in present and not measured)
    has_m = 4 in present or (3 in present and measured)
    width = 2 + has_z + has_m
    if present in ([width], []):
        return values.reshape(-1, width), has_z, has_m
    each = np.repeat(dimensions, lengths)
    coordinates = np.full((len(each), width), np.nan)
    starts = compute_offsets(each)[:-1]
    for dimension in present:
        rows = np.flatnonzero(each == dimension)
        columns = [0, 1, 3] if dimension == 3 and measured and has_z else list(range(dimension))
        for place, column in enumerate(columns):
            coordinates[rows, column] = values[starts[rows] + place]
    return coordinates, has_z, has_m


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
    """Return whether a text has an expected number of vertices, none of them nested too deeply.

    Args:
        text: JSON; without its numbers only brackets and commas are left of geometries.
        ordinates: Numbers in one vertex.
        vertices: Expected number of vertices.
        nested: Whether vertices are in parts; a part of one vertex then counts as nested too deeply.
    """
    bare = text.translate(None, _NUMBERS)
    vertex = b"[" + b"," * (ordinates - 1) + b"]"
    too_deep = (b"[" + vertex + b"]",) if nested else (b"[[[", b",[[")
    return bare.count(vertex) == vertices and not any(pattern in bare for pattern in too_deep)
