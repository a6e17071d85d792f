"""The values of a column of CSV: integers, numbers or texts, as all of its cells fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import BIG_INTEGER, DOUBLE, INTEGER, STRING, Field
from gpserverless.features.rows import Column
from gpserverless.formats.files.csv_table import CsvTable

NULLS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none"})
"""Texts, in small letters, that stand for null among numbers."""

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_REAL = re.compile(r"-?((0|[1-9][0-9]*)\.?|(0|[1-9][0-9]*)?\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_COMMA = re.compile(
    r"-?(0|[1-9][0-9]*|[1-9][0-9]{0,2}(\.[0-9]{3})+(?=,))(,[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.A
)
_ORDINATE = re.compile(r"[+-]?([0-9]+\.?|[0-9]*\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_LARGEST = 2**63 - 1


def infer_column(name: str, table: CsvTable) -> tuple[Field, Column]:
    """Convert a column to integers or floats if every cell is one or null, else to texts.

    Texts with leading zeros and integers beyond 64 bits stay texts, an empty cell is null.

    Args:
        name: Name of the column.
        table: The table.
    """
    texts = table.columns[name]
    cells = [text.strip() for text in texts]
    given = [cell for cell in cells if cell.lower() not in NULLS]
    if given and all(map(_WHOLE.fullmatch, given)):
        if (largest := max(abs(int(cell[:20])) for cell in given)) <= _LARGEST:
            return _make_integers(name, cells, largest)
    elif given and (numbers := _parse_numbers(cells, given, table)) is not None:
        return Field(name, DOUBLE), numbers
    column = np.empty(len(texts), object)
    column[:] = [text or None for text in texts]
    return Field(name, STRING), column


def _make_integers(name: str, cells: Sequence[str], largest: int) -> tuple[Field, Column]:
    numbers = [None if cell.lower() in NULLS else int(cell) for cell in cells]
    column = np.empty(len(cells), object)
    column[:] = numbers
    field = Field(name, INTEGER if largest < 2**31 else BIG_INTEGER)
    return field, column if None in numbers else column.astype(np.int64)


def _parse_numbers(cells: Sequence[str], given: Sequence[str], table: CsvTable) -> Column | None:
    if all(map(_REAL.fullmatch, given)):
        return _to_floats(cells)
    if table.has_decimal_commas and all(map(_COMMA.fullmatch, given)):
        return _to_floats([cell.replace(".", "").replace(",", ".") for cell in cells])
    return None


def _to_floats(cells: Sequence[str]) -> NDArray[np.float64]:
    return np.array([np.nan if cell.lower() in NULLS else float(cell) for cell in cells], np.float64)


def find_ordinates(name: str, table: CsvTable) -> NDArray[Any] | int:
    """Return the coordinates of a column, NaN for null, shape (N,), or the line of the first that is none.

    Args:
        name: Name of the column.
        table: The table.
    """
    cells = [text.strip() for text in table.columns[name]]
    given = [cell for cell in cells if cell.lower() not in NULLS]
    if table.has_decimal_commas and any("," in cell for cell in given) and all(map(_COMMA.fullmatch, given)):
        return _to_floats([cell.replace(".", "").replace(",", ".") for cell in cells])
    for line, cell in zip(table.lines, cells, strict=True):
        if cell.lower() not in NULLS and not _ORDINATE.fullmatch(cell):
            return line
    return _to_floats(cells)


def read_ordinates(name: str, table: CsvTable) -> NDArray[Any]:
    """Read a column of coordinates, NaN for null, shape (N,).

    Args:
        name: Name of the column.
        table: The table.

    Raises:
        InvalidValue: A cell holds no number, or one that is not finite.
    """
    found = find_ordinates(name, table)
    if isinstance(found, int):
        raise InvalidValue(
            f"row {found} of the CSV file: column '{name[:60]}' holds no number",
            "numbers with a decimal point; with a decimal comma where semicolons are between the cells",
        )
    if np.isinf(found).any():
        raise InvalidValue(f"column '{name[:60]}' of the CSV file holds a number that is not finite")
    return found
