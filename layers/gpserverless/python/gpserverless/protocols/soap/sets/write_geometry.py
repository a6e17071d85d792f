"""Geometries written in columns: no object of its own for a vertex."""

from __future__ import annotations

import re
from itertools import chain, pairwise

import numpy as np
import orjson

from gpserverless.formats.esri_json.encode import cut_slices
from gpserverless.geometry.coordinate_arrays import CoordinateArrays
from gpserverless.geometry.geometry_types import POINT
from gpserverless.protocols.soap.sets.markup import (
    NIL_CELL,
    POINT_CELL_END,
    POINT_CELL_START,
    POINTS_BETWEEN,
    GeometryCell,
    PartMarkup,
)

_ORDER = "XYMZ"
_MISSING = re.compile("<[ZM]>null</[ZM]>")


def write_geometries(flat: CoordinateArrays) -> list[GeometryCell]:
    """Write geometries as cells, one for each; nil for one without parts.

    Rings keep their order and their directions. Heights and measures are written where they exist.

    Args:
        flat: The geometries.
    """
    counts = np.diff(flat.parts[flat.features])
    return list(chain.from_iterable(_write_block(flat, some) for some in cut_slices(1 + counts)))


def _write_block(flat: CoordinateArrays, some: slice) -> list[GeometryCell]:
    features = flat.features[some.start : some.stop + 1]
    parts = flat.parts[features[0] : features[-1] + 1]
    vertices = _write_vertices(flat, slice(parts[0], parts[-1]))
    shapes = (features - features[0]).tolist()
    if flat.geometry_type == POINT:
        points = [f"{POINT_CELL_START}{vertex}{POINT_CELL_END}" for vertex in vertices]
        cells = [points[a] if a < b else None for a, b in pairwise(shapes)]
    else:
        texts = [POINTS_BETWEEN.join(vertices[a:b]) for a, b in pairwise((parts - parts[0]).tolist())]
        cells = _write_shapes(flat, texts, shapes)
    if flat.has_z or flat.has_m:
        cells = [cell and _MISSING.sub("", cell) for cell in cells]
    return [(NIL_CELL if cell is None else cell.encode(),) for cell in cells]


def _write_vertices(flat: CoordinateArrays, some: slice) -> list[str]:
    """Return the ordinates of every vertex, in the order of the schema: M stands before Z."""
    names = ["X", "Y", *(["Z"] if flat.has_z else []), *(["M"] if flat.has_m else [])]
    order = sorted(range(len(names)), key=lambda place: _ORDER.index(names[place]))
    if some.start == some.stop:
        return []
    ordinates = np.ascontiguousarray(flat.coordinates[some][:, order]).ravel()
    texts = orjson.dumps(ordinates, option=orjson.OPT_SERIALIZE_NUMPY).decode()[1:-1].split(",")
    template = "".join(f"<{names[place]}>%s</{names[place]}>" for place in order)
    width = len(order)
    return [template % each for each in zip(*(texts[place::width] for place in range(width)), strict=True)]


def _write_shapes(flat: CoordinateArrays, parts: list[str], shapes: list[int]) -> list[str | None]:
    markup = PartMarkup.of(flat.geometry_type)
    start, between, end = markup.start(has_z=flat.has_z, has_m=flat.has_m), markup.between, markup.end
    return [f"{start}{between.join(parts[a:b])}{end}" if a < b else None for a, b in pairwise(shapes)]
