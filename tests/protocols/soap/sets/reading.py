"""Record sets as zeep has read them, made plain."""

from __future__ import annotations

from typing import Any

PARTS = {"PathArray": "Path", "RingArray": "Ring"}


def read_fields(answer: Any) -> list[Any]:
    """Return the fields of a record set."""
    return list(answer["RecordSet"]["Fields"]["FieldArray"]["Field"])


def read_cells(answer: Any) -> list[list[Any]]:
    """Return the cells of every record."""
    return [list(record["Values"]["Value"]) for record in answer["RecordSet"]["Records"]["Record"]]


def read_shape(geometry: Any) -> list[list[list[float | None]]] | None:
    """Return the vertices [x, y, z, m] of every part of a geometry."""
    if geometry is None:
        return None
    array = next((name for name in PARTS if name in geometry), None)
    if array is not None:
        return [read_points(part["PointArray"]) for part in geometry[array][PARTS[array]]]
    if "PointArray" in geometry:
        return [read_points(geometry["PointArray"])]
    return [[read_point(geometry)]]


def read_points(array: Any) -> list[list[float | None]]:
    return [read_point(point) for point in array["Point"]]


def read_point(point: Any) -> list[float | None]:
    return [point[name] for name in "XYZM"]
