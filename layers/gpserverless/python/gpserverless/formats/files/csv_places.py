"""The shapes of a CSV file: columns of coordinates, or one of WKT."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.csv_table import CsvTable
from gpserverless.formats.files.csv_values import NULLS, find_ordinates, read_ordinates
from gpserverless.formats.files.warn import Warn, warn_of_nulls
from gpserverless.formats.files.wkt import is_shape_text, read_shapes
from gpserverless.values.spatial_reference import WGS84, SpatialReference

_OWN = (("longitude", "latitude"), ("x", "y"), ("wkt",))  # the first columns of files written here
_SRID = "srid"

_DEGREES = (
    ("longitude", "latitude"),
    ("lon", "lat"),
    ("long", "lat"),
    ("lng", "lat"),
    ("decimallongitude", "decimallatitude"),
    ("lon_dd", "lat_dd"),
    ("x_lon", "y_lat"),
)
_PLANE = (
    ("x", "y"),
    ("point_x", "point_y"),
    ("easting", "northing"),
    ("eastings", "northings"),
    ("x_coord", "y_coord"),
    ("xcoord", "ycoord"),
    ("coord_x", "coord_y"),
)
_Z = ("z", "point_z", "z_coord")
_WKT = ("wkt", "the_geom", "geom", "geometry", "wkt_geom", "ewkt", "wkb", "wkb_geometry", "shape", "geom_wkt")
_CODE = re.compile(r"(?:EPSG:|ESRI:)?(\d{3,9})(?:\.0)?", re.IGNORECASE | re.ASCII)
_MOST_LONGITUDE, _MOST_LATITUDE = 540.0, 90.0


@dataclass(frozen=True)
class Places:
    """The shapes of the rows.

    Attributes:
        shapes: Shape (N,), null where a row has none.
        reference: Their spatial reference, None if unknown.
        used: Names of the columns that hold them.
    """

    shapes: NDArray[np.object_]
    reference: SpatialReference | None
    used: frozenset[str]


@dataclass(frozen=True)
class _Columns:
    """The columns that hold the shapes: one of WKT, or x and y and perhaps z."""

    names: tuple[str, ...]
    in_degrees: bool = False


def read_places(table: CsvTable, warn: Warn) -> Places:
    """Read the shapes of a table.

    Columns of coordinates are paired by kind: x with y, longitude with latitude, easting with northing.

    Args:
        table: The table.
        warn: Takes a sentence about every loss and about every choice.

    Raises:
        InvalidValue: There are no columns of coordinates, or one holds no coordinates.
    """
    low = {name.lower(): name for name in reversed(table.columns)}
    srid = low.get(_SRID)
    code = None if srid is None else _read_code(table.columns[srid])
    used = frozenset() if code is None or srid is None else frozenset({srid})
    chosen = _choose_columns(table, low, code is not None, warn)
    if len(chosen.names) == 1:
        shapes, told = read_shapes(table.columns[chosen.names[0]], warn)
        reference = _make_reference(code, told)
        return Places(shapes, reference, used | {*chosen.names})
    reference = _make_reference(code, 4326 if chosen.in_degrees and code is None else None)
    geographic = reference is not None and reference.is_geographic
    shapes, names = _make_points(table, chosen.names, low, geographic, warn)
    return Places(shapes, reference, used | names)


def _read_code(texts: Sequence[str]) -> int | None:
    """Return the code in a column of codes; None if it holds none or something else."""
    found = [_CODE.fullmatch(text) for text in {text.strip() for text in texts if text.strip()}]
    codes = {int(match[1]) for match in found if match}
    if not found or None in found:
        return None
    if len(codes) > 1:
        told = ", ".join(map(str, sorted(codes)[:5]))
        raise InvalidValue(f"the rows of the CSV file are in several spatial references: {told}")
    return codes.pop()


def _make_reference(code: int | None, told: int | None) -> SpatialReference | None:
    if code is None and told is None:
        return None
    made = WGS84 if 4326 in (code, told) else SpatialReference.from_json(code or told)
    if code is not None and told is not None and SpatialReference(code) != SpatialReference(told):
        raise InvalidValue(f"the column srid says {code} and the shapes {told}", "one spatial reference")
    _ = made.crs  # there is one of this code
    return made


def _choose_columns(table: CsvTable, low: dict[str, str], has_code: bool, warn: Warn) -> _Columns:
    """Return the columns of the shapes: those of files written here, else WKT, else degrees, else others."""
    texts = {low[name]: _holds_shapes(table.columns[low[name]]) for name in _WKT if name in low}
    degrees = [_Columns((low[x], low[y]), in_degrees=True) for x, y in _DEGREES if x in low and y in low]
    plane = [_Columns((low[x], low[y])) for x, y in _PLANE if x in low and y in low]
    pairs = plane + degrees if has_code else degrees + plane
    known = [_Columns((name,)) for name, holds in texts.items() if holds]
    known += pairs + [_Columns((name,)) for name, holds in texts.items() if not holds]
    if not known:
        raise InvalidValue(
            "the CSV file has no columns of coordinates", "columns x and y, longitude and latitude, or wkt"
        )
    header = tuple(table.columns)
    own = next(
        (each for each in known if each.names in _OWN and header[: len(each.names)] == each.names), None
    )
    chosen = own or known[0]
    others = [each.names for each in pairs if not set(each.names) & set(chosen.names)]
    if own is None and others:
        told = "; ".join(" and ".join(names) for names in others)
        warn(f"The shapes were read from {' and '.join(chosen.names)}, not from {told}.")
    return chosen


def _holds_shapes(texts: Sequence[str]) -> bool:
    first = next((text for text in texts if text.strip().lower() not in NULLS), "")
    return is_shape_text(first)


def _make_points(
    table: CsvTable, names: tuple[str, ...], low: dict[str, str], geographic: bool, warn: Warn
) -> tuple[NDArray[np.object_], frozenset[str]]:
    """Return the points and the names of their columns."""
    x, y = (read_ordinates(name, table, in_degrees=geographic) for name in names)
    known = ~np.isnan(x) & ~np.isnan(y)
    if halves := int(np.count_nonzero(np.isnan(x) != np.isnan(y))):
        warn_of_nulls(halves, f"a value in only one of {names[0]} and {names[1]}", warn)
    if geographic:
        known &= _find_degrees(x, y, known, names, table, warn)
    shapes = np.full(len(known), None, object)
    shapes[known] = shapely.points(x[known], y[known])
    height = next((low[name] for name in _Z if name in low), None)
    z = None if height is None else find_ordinates(height, table)
    if height is None or not isinstance(z, np.ndarray) or not np.isfinite(z[known]).any():
        return shapes, frozenset(names)
    high = known & np.isfinite(z)
    shapes[high] = shapely.points(x[high], y[high], z[high])
    return shapes, frozenset({*names, height})


def _find_degrees(
    x: NDArray[Any],
    y: NDArray[Any],
    known: NDArray[np.bool_],
    names: tuple[str, ...],
    table: CsvTable,
    warn: Warn,
) -> NDArray[np.bool_]:
    """Return the mask of longitudes and latitudes; raise if most of the known values are none."""
    good: NDArray[np.bool_] = (np.abs(y) <= _MOST_LATITUDE) & (np.abs(x) <= _MOST_LONGITUDE)
    bad = np.flatnonzero(known & ~good)
    if not len(bad):
        return good
    beyond = f"{names[0]} {x[bad[0]]:g} and {names[1]} {y[bad[0]]:g}"
    if 2 * len(bad) > np.count_nonzero(known):
        raise InvalidValue(
            f"row {table.lines[bad[0]]} of the CSV file: {beyond} are no longitude and latitude",
            "degrees, latitudes from -90 to 90; other coordinates are columns x and y, their WKID srid",
        )
    warn_of_nulls(len(bad), f"no longitude and latitude, such as {beyond}", warn)
    return good
