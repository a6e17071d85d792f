"""CSV files of features.

Points are columns x and y (or longitude and latitude) and perhaps z, other geometries a column of WKT. The
separator is a comma, semicolon, tab or bar; with semicolons, numbers may have decimal commas. Texts are
UTF-8, else Windows-1252. The types of other columns are inferred from their values. Spreadsheets take texts
that begin with = + - or @ for formulas: such texts are written with an apostrophe in front, which marks a
text in a spreadsheet (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import Field, distinguish_names
from gpserverless.features.rows import Column
from gpserverless.formats.csv_cells import write_column, write_shapes
from gpserverless.formats.csv_text import DEGREES
from gpserverless.formats.files.csv_places import read_places
from gpserverless.formats.files.csv_table import read_table
from gpserverless.formats.files.csv_values import infer_column
from gpserverless.formats.files.read_columns import mark_object_id
from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count
from gpserverless.values.spatial_reference import WGS84

_SRID = "srid"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_csv(path: Path, *, warn: Warn, maximum: int) -> FeatureSet[Any]:
    """Read a CSV file.

    The spatial reference is that of a column `srid` or of EWKT and WKB, else WGS 84 for longitude and
    latitude, else unknown.

    Args:
        path: The file.
        warn: Takes a sentence about every loss.
        maximum: Most rows to read, and one more, so that the caller sees that there are more.

    Raises:
        InvalidValue: There are no columns of coordinates, or a row is malformed.
    """
    table = read_table(path, maximum, warn)
    places = read_places(table, warn)
    if places.reference is None:
        warn("The file names no spatial reference; that of the features is not known.")
    typed = [infer_column(name, table) for name in table.columns if name not in places.used]
    made = {field.name: column for field, column in typed}
    fields = mark_object_id([field for field, _ in typed], made)
    return FeatureSet(fields, made, spatial_reference=places.reference, geometries=places.shapes)


def write_csv(features: FeatureSet[Any], path: Path, warn: Warn) -> None:
    """Write a CSV file: coordinates first, then every field; dates in ISO 8601, null as an empty cell.

    Args:
        features: The features.
        path: The new file.
        warn: Takes a sentence about every loss.
    """
    names, cells = _format_coordinates(features)
    reference = features.spatial_reference
    if reference is not None and not (reference == WGS84 and names[0] == DEGREES[0]):
        if reference.wkid is None:
            warn("A CSV file has no place for the WKT of the spatial reference.")
        else:
            names, cells = [*names, _SRID], [*cells, [str(reference.to_json()["latestWkid"])] * len(features)]
    names = [*names, *_choose_names(names, [field.name for field in features.fields], warn)]
    formatted = [_format_cells(field, features.columns[field.name]) for field in features.fields]
    if marked := sum(number for _, number in formatted):
        one = "text that a spreadsheet would take for a formula was written with an apostrophe."
        many = "texts that a spreadsheet would take for formulas were written with an apostrophe."
        warn(write_count(marked, one, many))
    cells += [texts for texts, _ in formatted]
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(names)
        lines.writerows(zip(*cells, strict=True))


def _choose_names(taken: Sequence[str], names: Sequence[str], warn: Warn) -> list[str]:
    """Return names of fields that differ from those taken and from each other in more than letter case."""
    made = distinguish_names(names, taken)
    if changed := [f"{name} to {new}" for name, new in zip(names, made, strict=True) if name != new]:
        warn(f"CSV fields were renamed: {', '.join(changed)}.")
    return made


def _format_coordinates(features: FeatureSet[Any]) -> tuple[list[str], list[list[str]]]:
    geographic = features.spatial_reference is not None and features.spatial_reference == WGS84
    names = DEGREES if geographic else ("x", "y")
    return write_shapes(features.geometries, features.geometry_type, names, z=features.has_z)


def _format_cells(field: Field, column: Column) -> tuple[list[str], int]:
    """Return the cells of a column, and the number of those with an apostrophe in front."""
    texts = write_column(field, column)
    marked = [isinstance(v, str) and v.startswith(_FORMULA) for v in column.tolist()]
    return ["'" + t if m else t for t, m in zip(texts, marked, strict=True)], sum(marked)
