"""Curves and surfaces in WKT (ISO 19125, SQL/MM), which shapely does not read, as lines and polygons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gpserverless.geometry.curves import draw_arc_through

_TOKEN = re.compile(r"[A-Za-z]+|[(),]|[-+.0-9][-+.0-9eE]*", re.ASCII)
_CURVED = re.compile(r"\s*(CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE)", re.I)
_FACES = re.compile(r"\s*(TRIANGLE|TIN|POLYHEDRALSURFACE)", re.I)
_DEEPEST = 6
_CHAINS = {"", "LINESTRING", "CIRCULARSTRING", "COMPOUNDCURVE"}
_POLYGONS = {"", "POLYGON", "CURVEPOLYGON", "TRIANGLE"}

Chain = NDArray[np.float64]


@dataclass(frozen=True)
class _Node:
    """An element of WKT: its tag, empty if it has none, and vertices or further elements."""

    tag: str
    items: list[_Node | tuple[float, ...]]


def is_curve(text: str) -> bool:
    """Return whether a WKT is that of a curve, or of a surface with curves.

    Args:
        text: The WKT.
    """
    return _CURVED.match(text) is not None


def is_surface(text: str) -> bool:
    """Return whether a WKT is that of a triangle or of a surface of faces.

    Args:
        text: The WKT.
    """
    return _FACES.match(text) is not None


def read_curve(text: str) -> BaseGeometry | None:
    """Read the WKT of a curve or surface: arcs get vertices, heights run evenly along them.

    Args:
        text: The WKT.

    Returns:
        A line, polygon or several of them; None if it cannot be read.
    """
    tokens = iter(_TOKEN.findall(text))
    try:
        return _make_shape(_read_node(tokens, next(tokens), 0))
    except (ValueError, IndexError, StopIteration, shapely.errors.GEOSException):
        return None


def _read_node(tokens: Iterator[str], mark: str, depth: int) -> _Node:
    tags = []
    while mark.isalpha():
        tags.append(mark.upper())
        if tags[-1] == "EMPTY":
            return _Node(tags[0] if len(tags) > 1 else "", [])
        mark = next(tokens)
    if mark != "(" or depth > _DEEPEST:
        raise ValueError(mark)
    ordinates = 2 if tags[-1:] == ["M"] else 3
    items: list[_Node | tuple[float, ...]] = []
    while mark != ")":
        mark = next(tokens)
        if mark == "(" or mark.isalpha():
            items.append(_read_node(tokens, mark, depth + 1))
            mark = next(tokens)
        else:
            numbers = []
            while mark not in {",", ")"}:
                numbers.append(float(mark))
                mark = next(tokens)
            items.append(tuple(numbers[:ordinates]))
    return _Node(tags[0] if tags else "", items)


def _make_shape(node: _Node) -> BaseGeometry:
    if node.tag in _CHAINS:
        return shapely.LineString(_draw_chain(node))
    if node.tag in _POLYGONS:
        return _make_polygon(node)
    if node.tag in {"MULTICURVE", "MULTILINESTRING"}:
        return shapely.MultiLineString([_draw_chain(item) for item in node.items])
    if node.tag in {"MULTISURFACE", "MULTIPOLYGON", "TIN", "POLYHEDRALSURFACE"}:
        return shapely.MultiPolygon([_make_polygon(item) for item in node.items])
    raise ValueError(node.tag)


def _make_polygon(node: _Node | tuple[float, ...]) -> shapely.Polygon:
    if isinstance(node, tuple) or node.tag not in _POLYGONS:
        raise ValueError("no polygon")
    rings = [_draw_chain(item) for item in node.items]
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


def _draw_chain(node: _Node | tuple[float, ...]) -> Chain:
    """Return the vertices of a line, shape (N, 2) or (N, 3)."""
    if isinstance(node, tuple) or node.tag not in _CHAINS:
        raise ValueError("no line")
    if not node.items:
        return np.empty((0, 2))
    if node.tag == "COMPOUNDCURVE":
        first, *others = [_draw_chain(item) for item in node.items]
        return np.concatenate([first, *(chain[1:] for chain in others)])
    vertices = np.array(node.items, np.float64)
    if node.tag != "CIRCULARSTRING":
        return vertices
    if len(vertices) < 3 or len(vertices) % 2 == 0:
        raise ValueError("an arc has three vertices")
    arcs = [_draw_arc(vertices[i : i + 3]) for i in range(0, len(vertices) - 2, 2)]
    return np.concatenate([vertices[:1], *arcs])


def _draw_arc(vertices: Chain) -> Chain:
    """Return the vertices of an arc through three, shape (3, 2) or (3, 3), without its start."""
    start, by, end = vertices
    chain = draw_arc_through(start[:2], end[:2], by[:2])
    if vertices.shape[1] == 2:
        return chain
    heights = np.linspace(start[2], end[2], len(chain) + 1)[1:]
    return np.column_stack([chain, heights])
