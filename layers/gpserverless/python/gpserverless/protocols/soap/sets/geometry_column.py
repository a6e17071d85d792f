"""The geometries of a record set from SOAP, as a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.geometry.geometry_types import ENVELOPE, PLURALS, POINT, POLYGON
from gpserverless.protocols.soap.sets.members import find_member, read_member
from gpserverless.protocols.soap.sets.numbers import is_missing, read_numbers, read_optional_numbers
from gpserverless.protocols.soap.sets.read_geometry import (
    detect_type,
    find_flags,
    find_parts,
    read_geometry,
    read_own_reference,
    read_point,
)
from gpserverless.protocols.soap.sets.read_reference import read_reference
from gpserverless.protocols.soap.sets.vertices import Ordinates, find_ordinates
from gpserverless.protocols.soap.xml.element import Cell, Element, PointCell

_ANY = frozenset({"", "esriGeometryAny", "esriGeometryNull"})


@dataclass(frozen=True)
class GeometryColumn:
    """Geometries of N records.

    Attributes:
        geometries: Their Esri JSON, None for an empty one.
        header: Members of the feature set that describe them.
    """

    geometries: list[dict[str, Any] | None]
    header: dict[str, Any]


def read_geometry_column(field: Element, cells: Sequence[Cell]) -> GeometryColumn:
    """Read the geometries of a record set; all have the ordinates that any of them or its field has.

    Args:
        field: The `Field` of the geometries.
        cells: The geometry in each record.

    Raises:
        InvalidValue: A geometry is malformed, or of another type than the field says; its record is named.
    """
    definition = find_member(field, "GeometryDef") or Element("GeometryDef")
    declared = (read_member(definition, "GeometryType") or "").strip()
    kind = "" if declared in _ANY else declared
    reference = read_own_reference(definition)
    whole = find_flags(definition) | _find_all_ordinates(cells)
    geometries = _read_points(cells) if kind in ("", POINT) else None
    if geometries is None:
        geometries = [_read_cell(index, cell, kind, whole) for index, cell in enumerate(cells)]
    header: dict[str, Any] = {"geometryType": kind} if kind else {}
    header |= {"hasZ": whole.z, "hasM": whole.m}
    if reference is not None:
        header["spatialReference"] = reference
        for geometry in geometries:
            if geometry is not None and geometry.get("spatialReference") == reference:
                del geometry["spatialReference"]
    return GeometryColumn(geometries, header)


def _find_all_ordinates(cells: Sequence[Cell]) -> Ordinates:
    points = [cell for cell in cells if isinstance(cell, PointCell)]
    found = Ordinates(_has_any([each.z for each in points]), _has_any([each.m for each in points]))
    if len(points) == len(cells):
        return found
    for index, cell in enumerate(cells):
        if isinstance(cell, Element):
            try:
                kind = detect_type(cell)
                found |= find_flags(cell)
                found |= (
                    Ordinates() if kind in (None, POINT, ENVELOPE) else find_ordinates(find_parts(cell, kind))
                )
            except InvalidValue as problem:
                raise InvalidValue(f"{_name_record(index)}: {problem.problem}", problem.accepted) from None
    return found


def _has_any(texts: Sequence[str | None]) -> bool:
    return texts.count(None) < len(texts) and not all(map(is_missing, texts))


def _read_points(cells: Sequence[Cell]) -> list[dict[str, Any] | None] | None:
    """Read points by the column; None if they are not all points of numbers."""
    points = [cell for cell in cells if isinstance(cell, PointCell)]
    if len(points) + cells.count(None) != len(cells):
        return None
    try:
        xs, ys = (read_numbers(texts, "") for texts in ([p.x for p in points], [p.y for p in points]))
        made: list[dict[str, Any]] = [{"x": x, "y": y} for x, y in zip(xs, ys, strict=True)]
        for name, texts in (("z", [p.z for p in points]), ("m", [p.m for p in points])):
            if _has_any(texts):
                for each, value in zip(made, read_optional_numbers(texts, ""), strict=True):
                    each.update({} if value is None else {name: value})
    except InvalidValue:
        return None
    _locate_points(made, points)
    following = iter(made)
    return [None if cell is None else next(following) for cell in cells]


def _locate_points(made: list[dict[str, Any]], points: list[PointCell]) -> None:
    """Give points their spatial references; equal ones that follow each other are one object."""
    known: dict[int, dict[str, Any] | None] = {}
    for each, point in zip(made, points, strict=True):
        reference = point.reference
        if reference is None:
            continue
        if id(reference) not in known:
            known[id(reference)] = read_reference(reference)
        found = known[id(reference)]
        each.update({} if found is None else {"spatialReference": found})


def _read_cell(index: int, cell: Cell, declared: str, whole: Ordinates) -> dict[str, Any] | None:
    try:
        if cell is None or cell == "":
            return None
        if isinstance(cell, str):
            raise InvalidValue("its geometry is a text", "PointN, MultipointN, PolylineN or PolygonN")
        kind = POINT if isinstance(cell, PointCell) else detect_type(cell)
        expected = {declared, ENVELOPE} if declared == POLYGON else {declared}
        if kind is not None and declared and kind not in expected:
            raise InvalidValue(f"it is one of {PLURALS[kind]}", f"{PLURALS.get(declared, declared)} only")
        return read_point(cell) if isinstance(cell, PointCell) else read_geometry(cell, whole)
    except InvalidValue as problem:
        raise InvalidValue(f"{_name_record(index)}: {problem.problem}", problem.accepted) from None


def _name_record(index: int) -> str:
    return f"record {index + 1}"
