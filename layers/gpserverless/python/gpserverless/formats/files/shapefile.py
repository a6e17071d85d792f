"""Shapefiles as people send them: files of one name in any letter case, indexes, encodings and dates."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.code_pages import GUESSED, decode_columns, find_codec, find_driver_codec
from gpserverless.formats.files.dbf import DbfTable, parse_dates, read_table
from gpserverless.formats.files.gdal_columns import GdalColumn
from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count

_BYTES = "ISO-8859-1"  # each character stands for one byte
_UTF_8 = "UTF-8"
_PARTS = (".shx", ".dbf", ".prj", ".cpg", ".cst")
_MULTIPATCH = 31
_EXACT_IN_DOUBLE = 2**53
_MAGIC = 9994
_HEADER = 100
_LONGEST_PROJECTION = 20_000


@dataclass(frozen=True)
class Shapefile:
    """The facts in the files of a shapefile beside the shapes.

    Attributes:
        path: The .shp file.
        has_index: Whether there is an index that fits the shapes.
        encoding: The encoding in which GDAL reads the texts: UTF-8 if they are in it, else one whose
            characters stand for bytes.
        codec: Python's codec of the texts; None if none is named.
        table: The header of the table; None if there is no table.
        is_multipatch: Whether its shapes are surfaces in space.
    """

    path: Path
    has_index: bool
    encoding: str
    codec: str | None
    table: DbfTable | None
    is_multipatch: bool

    def read_projection(self) -> str | None:
        """Return the text of the .prj file, which GDAL reads as WKT of Esri alone; None if it has none."""
        named = self.path.with_suffix(".prj")
        if not named.exists():
            return None
        if (size := named.stat().st_size) > _LONGEST_PROJECTION:
            problem = f"the .prj file of the shapefile has {size:,} bytes"
            raise InvalidValue(problem, f"at most {_LONGEST_PROJECTION:,}")
        return named.read_text("utf-8-sig", "replace").strip() or None

    def decode(self, columns: Sequence[GdalColumn], warn: Warn) -> list[GdalColumn]:
        """Return the columns with their names and texts decoded, and with dates.

        Args:
            columns: As GDAL has read them.
            warn: Takes a sentence about every loss.
        """
        if self.table is None or len(columns) != len(self.table.types):
            return list(columns)
        dates, lost = set(self.table.dates), set(self.table.unreadable)
        texts = [i for i, c in enumerate(columns) if c.kind == "OFTString" and i not in dates | lost]
        made = list(columns)
        if self.encoding == _BYTES:
            names: NDArray[np.object_] = np.array([c.name for c in columns], object)
            names, *decoded = decode_columns([names, *(columns[i].values for i in texts)], self.codec, warn)
            made = [replace(column, name=name) for column, name in zip(columns, names.tolist(), strict=True)]
            for index, values in zip(texts, decoded, strict=True):
                made[index] = replace(made[index], values=values)
        for index in dates:
            made[index] = _read_dates(made[index], warn)
        if lost:
            what = ", ".join(f"{made[i].name} ({self.table.types[i]})" for i in sorted(lost))
            warn(f"Fields of types that shapefiles do not have are left out: {what}.")
        _tell_rounded(made, warn)
        return [column for i, column in enumerate(made) if i not in lost]


def prepare_shapefile(path: Path, warn: Warn) -> Shapefile:
    """Prepare the run's own copy of a shapefile for GDAL.

    Args:
        path: The .shp file.
        warn: Takes a sentence about every file that is missing or damaged.
    """
    _align_names(path)
    index = path.with_suffix(".shx")
    shapes = _count_indexed_shapes(path, index)
    if shapes is None and index.exists():
        warn("The index (.shx) of the shapefile is damaged; it is made anew from the shapes.")
        index.unlink()
    table = _open_table(path.with_suffix(".dbf"), warn)
    if table is not None and shapes is not None and table.rows != shapes:
        has = f"{write_count(shapes, 'shape', 'shapes')} and {write_count(table.rows, 'row', 'rows')}"
        warn(f"The shapefile has {has} in its table (.dbf).")
    if table is not None:
        table.turn_dates_into_texts()
    codec = _find_codec(path, table.driver if table else 0, warn)
    encoding = _choose_encoding(table, codec, warn)
    return Shapefile(path, shapes is not None, encoding, codec, table, _read_shape_type(path) == _MULTIPATCH)


def _align_names(path: Path) -> None:
    """Give the files of a shapefile the name of the shapes, where they differ in letter case."""
    for part in list(path.parent.iterdir()):
        suffix = part.suffix.lower()
        wanted = path.with_suffix(suffix)
        if suffix in _PARTS and part.stem.lower() == path.stem.lower() and not wanted.exists():
            part.rename(wanted)


def _count_indexed_shapes(shapes: Path, index: Path) -> int | None:
    """Return the number of shapes in an index; None if there is none, or none that fits the shapes."""
    if not index.exists():
        return None
    content = index.read_bytes()
    if len(content) < _HEADER or struct.unpack_from(">i", content)[0] != _MAGIC:
        return None
    told = 2 * struct.unpack_from(">i", content, 24)[0]
    if not _HEADER <= told <= len(content):
        return None
    places = 2 * np.frombuffer(content, ">i4", (told - _HEADER) // 8 * 2, _HEADER).astype(np.int64).reshape(
        -1, 2
    )
    starts, lengths = places[places[:, 1] > 0].T
    fits = (starts >= _HEADER) & (starts + 8 + lengths <= shapes.stat().st_size)
    return len(places) if fits.all() else None


def _open_table(path: Path, warn: Warn) -> DbfTable | None:
    table = read_table(path) if path.exists() else None
    if table is None:
        warn("The shapefile has no table (.dbf) that can be read: its features have no attributes.")
    return table


def _choose_encoding(table: DbfTable | None, codec: str | None, warn: Warn) -> str:
    plain = None if table is None else table.find_plain_encoding()
    if plain == "UTF-8" and codec is None:
        warn(GUESSED.format("UTF-8"))
    return _UTF_8 if plain == "ASCII" or (plain and codec in (None, "utf-8")) else _BYTES


def _find_codec(path: Path, driver: int, warn: Warn) -> str | None:
    for suffix in (".cpg", ".cst"):
        named = path.with_suffix(suffix)
        if named.exists() and (name := _read_name(named)):
            if codec := find_codec(name, driver):
                return codec
            warn(f"The encoding '{name}' that the shapefile names is not known.")
    return find_driver_codec(driver)


def _read_name(path: Path) -> str:
    """Return the name of an encoding that a file holds, without marks of Unicode."""
    with path.open("rb") as file:
        return file.read(60).decode("ascii", "ignore").replace("\0", "").strip()


def _read_shape_type(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(_HEADER)
    return int(struct.unpack_from("<i", head, 32)[0]) if len(head) == _HEADER else 0


def _read_dates(column: GdalColumn, warn: Warn) -> GdalColumn:
    stamps, wrong = parse_dates(column.values)
    if wrong:
        told = write_count(wrong, "value is no date", "values are no dates")
        warn(f"Field {column.name}: {told} of the calendar; null is read instead.")
    return GdalColumn(column.name, "OFTDateTime", "OFSTNone", stamps)


def _tell_rounded(columns: Sequence[GdalColumn], warn: Warn) -> None:
    """Tell fields of whole numbers that are too wide for 64-bit integers and lose digits as doubles."""
    for column in columns:
        if column.kind == "OFTReal":
            known = column.values[~np.isnan(column.values)]
            if (np.abs(known) >= _EXACT_IN_DOUBLE).any() and (known == np.floor(known)).all():
                warn(f"Field {column.name} holds integers of more than 15 digits; the last ones are rounded.")
