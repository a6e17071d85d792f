"""The values of a column of CSV: integers, numbers or texts, as all of its cells fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import BIG_INTEGER, DOUBLE, INTEGER, STRING, Field
from gpserverless.features.rows import Column, make_object_column
from gpserverless.formats.files.csv_table import CsvTable

NULLS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none"})
"""Texts, in small letters, that stand for null among numbers."""

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_REAL = re.compile(r"-?((0|[1-9][0-9]*)\.?|(0|[1-9][0-9]*)?\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_COMMA = re.compile(
    r"-?(0|[1-9][0-9]*|[1-9][0-9]{0,2}(\.[0-9]{3})+(?=,))(,[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.A
)
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+", re.A)
_ORDINATE = re.compile(r"[+-]?([0-9]+\.?|[0-9]*\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_LARGEST = 2**63 - 1
_DIGITS = 20  # of the largest, and a sign


def infer_column(name: str, table: CsvTable) -> tuple[Field, Column]:
    """Convert a column to integers or floats if every cell is one or null, else to texts.

    Texts with leading zeros, integers beyond 64 bits and points that may mark thousands stay texts, an empty
    cell is null.

    Args:
        name: Name of the column.
        table: The table.
    """
    texts = table.columns[name]
    cells = _Cells.of(texts)
    if cells.all_match(_WHOLE):
        short = all(len(cell) <= _DIGITS for cell in cells.given)
        if short and (largest := max(abs(int(cell)) for cell in cells.given)) <= _LARGEST:
            return Field(name, INTEGER if largest < 2**31 else BIG_INTEGER), cells.to_integers()
    elif cells.all_match(_REAL) and not (table.uses_decimal_commas and cells.all_match(_THOUSANDS)):
        floats = cells.to_floats()
        if not np.isinf(floats).any():
            return Field(name, DOUBLE), floats
    elif table.has_decimal_commas and cells.all_match(_COMMA):
        return Field(name, DOUBLE), cells.with_points().to_floats()
    column = np.empty(len(texts), object)
    column[:] = [text or None for text in texts]
    return Field(name, STRING), column


@dataclass(frozen=True)
class _Cells:
    """The cells of a column without blanks around them.

    Attributes:
        cells: All of them, N.
        given: The different ones that are not null.
        nulls: The different ones that are null among numbers.
    """

    cells: list[str]
    given: frozenset[str]
    nulls: frozenset[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Cells:
        cells = [text.strip() for text in texts]
        different = frozenset(cells)
        nulls = frozenset(cell for cell in different if len(cell) < 5 and cell.lower() in NULLS)
        return cls(cells, different - nulls, nulls)

    def all_match(self, pattern: re.Pattern[str]) -> bool:
        return bool(self.given) and all(map(pattern.fullmatch, self.given))

    def with_points(self) -> _Cells:
        return _Cells.of([cell.replace(".", "").replace(",", ".") for cell in self.cells])

    def to_integers(self) -> Column:
        if not self.nulls:
            return np.array(list(map(int, self.cells)), np.int64)
        return make_object_column([None if cell in self.nulls else int(cell) for cell in self.cells])

    def to_floats(self) -> NDArray[np.float64]:
        if not self.nulls:
            return np.array(list(map(float, self.cells)), np.float64)
        return np.array([np.nan if cell in self.nulls else float(cell) for cell in self.cells], np.float64)


def find_ordinates(name: str, table: CsvTable, *, in_degrees: bool = False) -> NDArray[np.float64] | int:
    """Return the coordinates of a column, NaN for null, shape (N,), or the line of the first that is none.

    Args:
        name: Name of the column.
        table: The table.
        in_degrees: Whether they are degrees, where a point cannot mark thousands.
    """
    cells = _Cells.of(table.columns[name])
    if not in_degrees and table.uses_decimal_commas and cells.all_match(_THOUSANDS):
        return table.lines[next(i for i, cell in enumerate(cells.cells) if cell in cells.given)]
    if not cells.given or cells.all_match(_ORDINATE):
        return cells.to_floats()
    if table.has_decimal_commas and cells.all_match(_COMMA):
        return cells.with_points().to_floats()
    wrong = next(i for i, c in enumerate(cells.cells) if c in cells.given and not _ORDINATE.fullmatch(c))
    return table.lines[wrong]


def read_ordinates(name: str, table: CsvTable, *, in_degrees: bool) -> NDArray[np.float64]:
    """Read a column of coordinates, NaN for null, shape (N,).

    Args:
        name: Name of the column.
        table: The table.
        in_degrees: Whether they are degrees, where a point cannot mark thousands.

    Raises:
        InvalidValue: A cell holds no number, or one that is not finite.
    """
    found = find_ordinates(name, table, in_degrees=in_degrees)
    if isinstance(found, int):
        raise InvalidValue(
            f"row {found} of the CSV file: column '{name[:60]}' holds no number",
            "numbers with a decimal point; with a decimal comma where semicolons are between the cells",
        )
    if np.isinf(found).any():
        raise InvalidValue(f"column '{name[:60]}' of the CSV file holds a number that is not finite")
    return found
