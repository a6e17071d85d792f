"""Geometries written in columns: no object of its own for a vertex."""

from __future__ import annotations

import re
from itertools import chain, pairwise

import numpy as np
import orjson

from gpserverless.formats.esri_json.encode import cut_slices
from gpserverless.geometry.coordinate_arrays import CoordinateArrays
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.protocols.soap.sets.write_cells import NIL_CELL

_ORDER = "XYMZ"
_KINDS = {
    MULTIPOINT: ("MultipointN", "", ""),
    POLYLINE: ("PolylineN", "PathArray", "Path"),
    POLYGON: ("PolygonN", "RingArray", "Ring"),
}
_POINT_CELL = '<Value xsi:type="tns:PointN">%s</Value>'
_POINTS_BETWEEN = '</Point><Point xsi:type="tns:PointN">'
_POINTS_START = '<PointArray xsi:type="tns:ArrayOfPoint"><Point xsi:type="tns:PointN">'
_POINTS_END = "</Point></PointArray>"
_MISSING = re.compile("<[ZM]>null</[ZM]>")


def write_geometries(flat: CoordinateArrays) -> list[str]:
    """Write geometries as cells, one for each; nil for one without parts.

    Rings keep their order and their directions. Heights and measures are written where they exist.

    Args:
        flat: The geometries.
    """
    counts = np.diff(flat.parts[flat.features])
    return list(chain.from_iterable(_write_block(flat, some) for some in cut_slices(1 + counts)))


def _write_block(flat: CoordinateArrays, some: slice) -> list[str]:
    features = flat.features[some.start : some.stop + 1]
    parts = flat.parts[features[0] : features[-1] + 1]
    vertices = _write_vertices(flat, slice(parts[0], parts[-1]))
    starts = (parts - parts[0]).tolist()
    shapes = (features - features[0]).tolist()
    if flat.geometry_type == POINT:
        cells = [_POINT_CELL % vertices[a] if a < b else NIL_CELL for a, b in pairwise(shapes)]
    else:
        cells = _write_shapes(flat, vertices, starts, shapes)
    return [_MISSING.sub("", cell) for cell in cells] if flat.has_z or flat.has_m else cells


def _write_vertices(flat: CoordinateArrays, some: slice) -> list[str]:
    """Return the ordinates of every vertex, in the order of the schema: M stands before Z."""
    names = ["X", "Y", *(["Z"] if flat.has_z else []), *(["M"] if flat.has_m else [])]
    order = sorted(range(len(names)), key=lambda place: _ORDER.index(names[place]))
    if not some.stop > some.start:
        return []
    ordinates = np.ascontiguousarray(flat.coordinates[some][:, order]).ravel()
    texts = orjson.dumps(ordinates, option=orjson.OPT_SERIALIZE_NUMPY).decode()[1:-1].split(",")
    template = "".join(f"<{names[place]}>%s</{names[place]}>" for place in order)
    width = len(order)
    return [template % each for each in zip(*(texts[place::width] for place in range(width)), strict=True)]


def _write_shapes(
    flat: CoordinateArrays, vertices: list[str], starts: list[int], shapes: list[int]
) -> list[str]:
    kind, array, part = _KINDS[flat.geometry_type]
    flags = (
        f"<HasID>false</HasID><HasZ>{_write_flag(flat.has_z)}</HasZ><HasM>{_write_flag(flat.has_m)}</HasM>"
    )
    before, after = f'<Value xsi:type="tns:{kind}">{flags}', "</Value>"
    points = [
        f"{_POINTS_START}{_POINTS_BETWEEN.join(vertices[a:b])}{_POINTS_END}" for a, b in pairwise(starts)
    ]
    if part:
        before += f'<{array} xsi:type="tns:ArrayOf{part}">'
        after = f"</{array}>{after}"
        points = [f'<{part} xsi:type="tns:{part}">{text}</{part}>' for text in points]
    return [f"{before}{''.join(points[a:b])}{after}" if a < b else NIL_CELL for a, b in pairwise(shapes)]


def _write_flag(flag: bool) -> str:
    return "true" if flag else "false"
