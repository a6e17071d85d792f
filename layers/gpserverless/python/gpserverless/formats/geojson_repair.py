"""Geometries of GeoJSON repaired, one by one, where GEOS does not read them as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from gpserverless.errors import InvalidValue

ACCEPTED_GEOMETRY = 'a geometry of GeoJSON such as {"type": "Point", "coordinates": [10.5, 60]}'

Losses = Counter[tuple[str, str]]
"""The parts that were dropped, counted by their singular and plural."""

_RING = ("ring of fewer than 4 vertices", "rings of fewer than 4 vertices")
_PATH = ("line of fewer than 2 vertices", "lines of fewer than 2 vertices")
_MEASURE = ("ordinate behind the z", "ordinates behind the z")


def repair_geometry(geometry: Any, losses: Losses) -> dict[str, Any]:
    """Close open rings; drop rings and lines without extent, and ordinates behind the z.

    Args:
        geometry: Plain Python.
        losses: Counts the dropped parts, by their noun.

    Raises:
        InvalidValue: It is no geometry of GeoJSON.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        members = _require_list(geometry.get("geometries"))
        return {"type": kind, "geometries": [repair_geometry(member, losses) for member in members]}
    repair = _BY_TYPE.get(kind) if isinstance(kind, str) else None
    if repair is None:
        raise InvalidValue(f"there is no geometry type {str(kind)[:40]!r}", ACCEPTED_GEOMETRY)
    return {"type": kind, "coordinates": repair(_require_list(geometry.get("coordinates")), losses)}


def _require_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidValue("its coordinates are not lists of numbers", ACCEPTED_GEOMETRY)
    return value


def _repair_position(position: Any, losses: Losses) -> list[Any]:
    numbers = _require_list(position)
    if any(type(number) not in (int, float) for number in numbers) or len(numbers) == 1:
        raise InvalidValue("its ordinates are not all numbers", "[x, y] or [x, y, z]")
    if len(numbers) > 3:
        losses[_MEASURE] += len(numbers) - 3
    return numbers[:3]


def _repair_positions(positions: Any, losses: Losses) -> list[Any]:
    return [_repair_position(position, losses) for position in _require_list(positions)]


def _repair_line(positions: Any, losses: Losses) -> list[Any]:
    line = _repair_positions(positions, losses)
    if len(line) == 1:
        losses[_PATH] += 1
    return line if len(line) > 1 else []


def _repair_polygon(rings: Any, losses: Losses) -> list[Any]:
    """Return the rings that are left: none if the outer one, which is the first, is dropped."""
    closed = [_close_ring(_repair_positions(ring, losses)) for ring in _require_list(rings)]
    kept = [ring for ring in closed if len(ring) > 3]
    if closed and len(closed[0]) < 4:
        kept = []
    if len(closed) > len(kept):
        losses[_RING] += len(closed) - len(kept)
    return kept


def _close_ring(ring: list[Any]) -> list[Any]:
    return ring if not ring or ring[0][:2] == ring[-1][:2] else [*ring, ring[0]]


def _repair_each(
    repair: Callable[[Any, Losses], list[Any]],
) -> Callable[[Any, Losses], list[Any]]:
    def repair_parts(parts: Any, losses: Losses) -> list[Any]:
        return [kept for part in _require_list(parts) if (kept := repair(part, losses))]

    return repair_parts


_BY_TYPE: dict[str, Callable[[Any, Losses], list[Any]]] = {
    "Point": lambda position, losses: _repair_position(position, losses) if position else [],
    "MultiPoint": _repair_positions,
    "LineString": _repair_line,
    "MultiLineString": _repair_each(_repair_line),
    "Polygon": _repair_polygon,
    "MultiPolygon": _repair_each(_repair_polygon),
}
