"""CSV files of features.

Points are columns x and y (or longitude and latitude) and perhaps z, other geometries a column of WKT. The
separator is a comma, semicolon or tab; texts are UTF-8. The types of other columns are inferred from their
values. Spreadsheets take texts that begin with = + - or @ for formulas: such texts are written with an
apostrophe in front, which marks a text in a spreadsheet (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import BIG_INTEGER, DATE, DOUBLE, INTEGER, STRING, Field
from gpserverless.features.rows import Column
from gpserverless.formats.files.read_columns import mark_object_id
from gpserverless.formats.files.warn import Warn
from gpserverless.geometry.geometry_types import POINT
from gpserverless.values.spatial_reference import WGS84, SpatialReference

_X = ("x", "point_x", "easting", "longitude", "long", "lon", "lng")
_Y = ("y", "point_y", "northing", "latitude", "lat")
_DEGREES = frozenset({"longitude", "long", "lon", "lng"})
_Z, _WKT, _SRID = ("z", "point_z", "elevation"), ("wkt", "geometry", "the_geom", "geom"), "srid"
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
_REAL = re.compile(r"-?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 10_000_000


def read_csv(path: Path, *, warn: Warn, maximum: int) -> FeatureSet[Any]:
    """Read a CSV file.

    The spatial reference is that of a column `srid`, else WGS 84 for longitude and latitude, else unknown.

    Args:
        path: The file.
        warn: Takes a sentence about every loss.
        maximum: Most rows to read, and one more, so that the caller sees that there are more.

    Raises:
        InvalidValue: There are no columns of coordinates, or a row is malformed.
    """
    header, rows = _read_table(path, maximum)
    columns: dict[str, Sequence[str]] = dict(
        zip(header, zip(*rows, strict=True) if rows else [()] * len(header), strict=True)
    )
    low = {name.lower(): name for name in reversed(header)}
    x, y, z, wkt = (next((low[n] for n in names if n in low), None) for names in (_X, _Y, _Z, _WKT))
    if x and y:
        shapes, used = _make_points(columns, x, y, z), {x, y, z}
        reference = WGS84 if x.lower() in _DEGREES else None
    elif wkt:
        shapes, used, reference = _parse_wkt(columns[wkt], warn), {wkt}, None
    else:
        raise InvalidValue(
            "the CSV file has no columns of coordinates", "columns x and y, longitude and latitude, or wkt"
        )
    if _SRID in low and (known := _read_srid(columns[low[_SRID]])):
        reference, used = known, {*used, low[_SRID]}
    typed = [_infer_column(name, values) for name, values in columns.items() if name not in used]
    made = {field.name: column for field, column in typed}
    fields = mark_object_id([field for field, _ in typed], made)
    return FeatureSet(fields, made, spatial_reference=reference, geometries=shapes)


def _read_table(path: Path, maximum: int) -> tuple[list[str], list[list[str]]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            separator = max(",;\t", key=first.count)
            lines = csv.reader(file, delimiter=separator, strict=True)
            header = [name.strip() for name in next(lines, [])]
            rows = [line for line in islice(lines, maximum + 1) if line]
    except (csv.Error, UnicodeDecodeError) as problem:
        raise InvalidValue(f"the CSV file cannot be read: {problem}", "CSV in UTF-8") from problem
    finally:
        csv.field_size_limit(before)
    if not all(header) or len({name.lower() for name in header}) != len(header):
        raise InvalidValue("the first line of the CSV file must name every column, each differently")
    wrong = next((i for i, line in enumerate(rows, 2) if len(line) != len(header)), None)
    if wrong is not None:
        raise InvalidValue(f"row {wrong} of the CSV file has not {len(header)} cells")
    return header, rows


def _make_points(columns: dict[str, Sequence[str]], x: str, y: str, z: str | None) -> Any:
    ordinates = [_parse_ordinates(name, columns[name]) for name in (x, y, *((z,) if z else ()))]
    known = ~np.isnan(ordinates[0]) & ~np.isnan(ordinates[1])
    shapes = np.full(len(known), None, object)
    heights = ordinates[2][known] if z and not np.isnan(ordinates[2][known]).any() else None
    shapes[known] = shapely.points(ordinates[0][known], ordinates[1][known], heights)
    return shapes


def _parse_ordinates(name: str, texts: Sequence[str]) -> Any:
    wrong = next((i for i, t in enumerate(texts, 2) if t.strip() and not _REAL.fullmatch(t.strip())), None)
    if wrong is not None:
        raise InvalidValue(f"row {wrong} of the CSV file: column '{name[:60]}' holds no number")
    ordinates = np.array([float(t.strip() or "nan") for t in texts], np.float64)
    if np.isinf(ordinates).any():
        raise InvalidValue(f"column '{name[:60]}' of the CSV file holds a number that is not finite")
    return ordinates


def _parse_wkt(texts: Sequence[str], warn: Warn) -> Any:
    given = np.array([t.strip() or None for t in texts], object)
    shapes = np.asarray(shapely.from_wkt(given, on_invalid="ignore"), object)
    lost = np.count_nonzero(shapely.is_missing(shapes) & np.array([t is not None for t in given], bool))
    if lost:
        warn(f"{lost} rows have no WKT that can be read; their shape is null.")
    return shapes


def _read_srid(texts: Sequence[str]) -> SpatialReference | None:
    codes = set(texts)
    return SpatialReference.from_json(codes.pop()) if len(codes) == 1 and texts[0].isdigit() else None


def _infer_column(name: str, texts: Sequence[str]) -> tuple[Field, Column]:
    """Convert a column to integers or floats if every value is one, else to texts; an empty cell is null."""
    given = [t for t in texts if t]
    column = np.empty(len(texts), object)
    if given and all(map(_WHOLE.fullmatch, given)):
        numbers = [int(t) if t else None for t in texts]
        largest = max(abs(n) for n in numbers if n is not None)
        column[:] = numbers
        whole = column if None in numbers or largest >= 2**63 else column.astype(np.int64)
        return Field(name, INTEGER if largest < 2**31 else BIG_INTEGER), whole
    if given and all(t.strip() and _REAL.fullmatch(t) for t in given):
        return Field(name, DOUBLE), np.array([float(t) if t else np.nan for t in texts])
    column[:] = [t or None for t in texts]
    return Field(name, STRING), column


def write_csv(features: FeatureSet[Any], path: Path, warn: Warn) -> None:
    """Write a CSV file: coordinates first, then every field; dates in ISO 8601, null as an empty cell.

    Args:
        features: The features.
        path: The new file.
        warn: Takes a sentence about every loss.
    """
    names, cells = _format_coordinates(features)
    reference = features.spatial_reference
    if reference is not None and not (reference == WGS84 and names[0] == "longitude"):
        if reference.wkid is None:
            warn("A CSV file has no place for the WKT of the spatial reference.")
        else:
            names, cells = [*names, _SRID], [*cells, [str(reference.to_json()["latestWkid"])] * len(features)]
    marked = 0
    for field in features.fields:
        texts, count = _format_cells(field, features.columns[field.name])
        names.append(field.name if field.name.lower() not in map(str.lower, names) else f"{field.name}_1")
        cells.append(texts)
        marked += count
    if marked:
        warn(f"{marked} texts that a spreadsheet would take for formulas were written with an apostrophe.")
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(names)
        lines.writerows(zip(*cells, strict=True))


def _format_coordinates(features: FeatureSet[Any]) -> tuple[list[str], list[list[str]]]:
    if features.geometry_type != POINT:
        shapes = [shape or "" for shape in shapely.to_wkt(features.geometries, rounding_precision=-1)]
        return ["wkt"], [shapes]
    geographic = features.spatial_reference is not None and features.spatial_reference == WGS84
    names = ["longitude", "latitude"] if geographic else ["x", "y"]
    ordinates = [shapely.get_x(features.geometries), shapely.get_y(features.geometries)]
    if features.has_z:
        names, ordinates = [*names, "z"], [*ordinates, shapely.get_z(features.geometries)]
    return names, [["" if v != v else repr(v) for v in each.tolist()] for each in ordinates]  # noqa: PLR0124 - NaN


def _format_cells(field: Field, column: Column) -> tuple[list[str], int]:
    """Return the cells of a column, and the number of those with an apostrophe in front."""
    values = column.tolist()
    if field.type == DATE and all(v is None or isinstance(v, int) for v in values):
        return ["" if v is None else f"{np.datetime64(v, 'ms')}Z" for v in values], 0
    if column.dtype.kind == "f":
        return ["" if v != v else repr(v) for v in values], 0  # noqa: PLR0124 - NaN
    texts = ["" if v is None else str(v) for v in values]
    marked = [isinstance(v, str) and v.startswith(_FORMULA) for v in values]
    return ["'" + t if m else t for t, m in zip(texts, marked, strict=True)], sum(marked)
