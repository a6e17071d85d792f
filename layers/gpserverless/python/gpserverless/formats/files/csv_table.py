"""The cells of a CSV file: its separator, encoding and columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from pathlib import Path

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count

_SEPARATORS = ",;\t|"
_LONGEST_CELL = 10_000_000
_FRACTION = re.compile(r"[+-]?[0-9]+(\.[0-9]{3})*,[0-9]+", re.ASCII)
_QUOTED = re.compile(r'"[^"]*"')
_NAMED_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)


@dataclass(frozen=True)
class CsvTable:
    """The cells of a CSV file as texts.

    Attributes:
        columns: The cells of each column by its name, N of each.
        lines: Line numbers of the rows, N of them.
        separator: The character between cells.
    """

    columns: dict[str, Sequence[str]]
    lines: Sequence[int]
    separator: str

    @property
    def has_decimal_commas(self) -> bool:
        """Whether a comma within a number can be that of a decimal fraction."""
        return self.separator == ";"

    @cached_property
    def uses_decimal_commas(self) -> bool:
        """Whether a cell holds a decimal comma, so that a point elsewhere may mark thousands."""
        return self.has_decimal_commas and any(
            _FRACTION.fullmatch(cell.strip()) for cells in self.columns.values() for cell in cells
        )


def read_table(path: Path, maximum: int, warn: Warn) -> CsvTable:
    """Read the cells of a CSV file.

    Args:
        path: The file.
        maximum: Most rows to read, and one more.
        warn: Takes a sentence about columns that are renamed, and about an encoding that is assumed.

    Raises:
        InvalidValue: It cannot be read, or a row is malformed.
    """
    try:
        header, rows, separator = _read_rows(path, "utf-8-sig", maximum)
    except UnicodeDecodeError:
        try:
            header, rows, separator = _read_rows(path, "cp1252", maximum)
        except UnicodeDecodeError as problem:
            raise InvalidValue(f"the CSV file cannot be read: {problem}", "CSV in UTF-8") from problem
        warn("The CSV file is not in UTF-8; it was read as Windows-1252.")
    wrong = next(((number, len(line)) for number, line in rows if len(line) != len(header)), None)
    if wrong is not None:
        number, cells_there = wrong
        raise InvalidValue(
            f"row {number} of the CSV file has not {write_count(len(header), 'cell', 'cells')}"
            f" as the first row, but {cells_there}",
            "the names of the columns in the first row, and as many cells in every other one",
        )
    cells = list(zip(*(line for _, line in rows), strict=True)) if rows else [()] * len(header)
    columns: dict[str, Sequence[str]] = dict(zip(_name_columns(header, cells, warn), cells, strict=True))
    columns.pop("", None)
    return CsvTable(columns, [number for number, _ in rows], separator)


def _read_rows(path: Path, encoding: str, maximum: int) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    """Return the header, the rows with their line numbers, and the separator."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
            named = _NAMED_SEPARATOR.fullmatch(first.rstrip("\r\n"))
            if not named:
                file.seek(0)
            separator = named[1] if named else max(_SEPARATORS, key=_QUOTED.sub("", first).count)
            blanks = f'{separator} "' in first  # a blank between the separator and the quotation mark
            reader = csv.reader(file, delimiter=separator, strict=True, skipinitialspace=blanks)
            header = [name.strip() for name in next(reader, [])]
            skipped = 1 if named else 0
            lines = ((reader.line_num + skipped, line) for line in reader if line)
            return header, list(islice(lines, maximum + 1)), separator
    except csv.Error as problem:
        raise InvalidValue(f"the CSV file cannot be read: {problem}", "CSV in UTF-8") from problem
    finally:
        csv.field_size_limit(before)


def _name_columns(header: list[str], cells: Sequence[Sequence[str]], warn: Warn) -> list[str]:
    """Return different names of the columns; empty for one without name and values."""
    taken = {name.lower() for name in header}
    seen: set[str] = set()
    numbers: dict[str, count[int]] = {}  # of each title that comes again: each number is tried once
    names = []
    for number, (title, values) in enumerate(zip(header, cells, strict=True), 1):
        name = title
        if not title and any(value.strip() for value in values):
            name = _choose_free_name("column", count(number), taken)
            warn(f"Column {number} of the CSV file has no name; it is called {name}.")
        elif title and title.lower() in seen:
            name = _choose_free_name(title, numbers.setdefault(title.lower(), count(1)), taken)
            warn(f"The CSV file has several columns '{title[:60]}'; column {number} is called {name[:60]}.")
        seen.add(name.lower())
        taken.add(name.lower())
        names.append(name)
    return names


def _choose_free_name(start: str, numbers: Iterator[int], taken: set[str]) -> str:
    return next(name for n in numbers if (name := f"{start}_{n}").lower() not in taken)
