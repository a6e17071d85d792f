"""Tables of values: rows of columns that each have a data type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import (
    MANY_COSTLY,
    Costly,
    Deferrable,
    Echoing,
    Secret,
    echo,
    is_costly,
    is_heavy,
    is_secret,
)
from gpserverless.datatypes.referable import (
    Fetch,
    Referable,
    fetch_references,
    is_given,
    may_be_reference,
    parse_short,
)
from gpserverless.datatypes.scalars import GPString
from gpserverless.datatypes.separated import split_rows, split_separated
from gpserverless.errors import InvalidValue
from gpserverless.values.counts import write_count
from gpserverless.values.quotation import quoted

MAX_ROWS = 10_000
"""Rows that one table may have."""


@dataclass(frozen=True)
class ValueColumn:
    """One column of a value table."""

    #: Name of the member of a row in Python.
    key: str
    #: Name on the wire.
    name: str
    #: The type of its cells.
    data_type: DataType
    #: Whether a cell may be null.
    optional: bool = False
    #: Whether the row's class has a default, which replaces null.
    has_default: bool = False


@dataclass(frozen=True)
class GPValueTable(DataType, Referable, Secret, Costly, Deferrable, Echoing):
    """Rows of values, in Python a list of rows of the author's own class.

    Args:
        columns: The columns, in order.
        row: Makes a row of values by key; a dict in functions that only check and describe.
    """

    columns: tuple[ValueColumn, ...]
    row: Callable[..., Any] = field(default=dict, compare=False, repr=False, metadata={"published": False})

    name = "GPValueTable"

    @property
    def accepted(self) -> str:
        """Rows by position, and by column name if the names allow it."""
        cells = ", ".join(f"{c.name} ({c.data_type.name})" for c in self.columns)
        by_name = ' or objects such as [{"' + self.columns[0].name + '": …}]' if self.has_usable_names else ""
        return f"a JSON array of rows, each an array of {cells}{by_name}"

    @property
    def empty(self) -> JSON:
        """A table without rows."""
        return []

    @property
    def is_secret(self) -> bool:
        """Whether a column is."""
        return any(is_secret(column.data_type) for column in self.columns)

    @property
    def is_costly(self) -> bool:
        """Whether a column is."""
        return any(is_costly(column.data_type) for column in self.columns)

    @property
    def has_usable_names(self) -> bool:
        """Whether all columns have names, and the names differ."""
        names = [column.name for column in self.columns]
        return all(names) and len(set(names)) == len(names)

    @property
    def may_be_reference(self) -> bool:
        """Whether the cells of a column may lie elsewhere."""
        return any(may_be_reference(column.data_type) for column in self.columns)

    def is_blank(self, raw: JSON) -> bool:
        """Return whether the value is null; a table without rows is one."""
        return parse_short(raw) is None

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch the references in the cells."""
        types = [column.data_type for column in self.columns]
        return [
            [
                fetch_references(t, cell, fetch) if is_given(t, cell) else cell
                for t, cell in zip(types, row, strict=True)
            ]
            for row in self._split_rows(raw)
        ]

    def load(self, raw: JSON, options: LoadOptions) -> list[Any]:
        """Read a JSON array or Python literal of rows, each an array, an object or the text of one.

        Clients also send `a,1;b,2`, and one row without the array around it.
        """
        return self._load_rows(self._split_rows(raw), options)

    def check_at_submit(self, raw: JSON, options: LoadOptions) -> Any:
        """Read a light table; of another check only its rows and their number of cells."""
        rows = self._split_rows(raw)
        return None if is_heavy(raw) or self._has_many(rows) else self._load_rows(rows, options)

    def _has_many(self, rows: list[JSON]) -> bool:
        """Return whether the cells take too long for a small function."""
        costly = sum(is_costly(column.data_type) for column in self.columns)
        return costly * len(rows) > MANY_COSTLY

    def _load_rows(self, rows: list[JSON], options: LoadOptions) -> list[Any]:
        return [self._load_row(row, index, options) for index, row in enumerate(rows)]

    def _load_row(self, row: list[JSON], index: int, options: LoadOptions) -> Any:
        cells = {
            column.key: self._load_cell(column, raw, index, options)
            for column, raw in zip(self.columns, row, strict=True)
            if not (column.has_default and self._is_empty(column, raw))
        }
        try:
            return self.row(**cells)
        except ValueError as problem:  # of a check in the author's class
            raise InvalidValue(f"row {index}: {problem}", self.accepted) from None

    def _split_rows(self, raw: JSON) -> list[JSON]:
        rows = self._parse_text(raw) if isinstance(raw, str) else raw
        rows = [rows] if (isinstance(rows, Mapping) and rows) or self._is_row(rows) else rows
        if not isinstance(rows, list):
            self.fail(f"{quoted(raw)} is not a list of rows")
        if len(rows) > MAX_ROWS:
            raise InvalidValue(f"the table has {len(rows):,} rows", f"at most {MAX_ROWS:,}")
        return [self._order_cells(row, index) for index, row in enumerate(rows)]

    def _parse_text(self, raw: str) -> JSON:
        if _is_json(raw):
            return json_text.parse(raw, self.accepted)
        return [split_separated(row, ",") for row in split_rows(raw)]

    def _is_row(self, rows: JSON) -> bool:
        """Return whether an array is one row: as many cells as columns, and none of them may be a row."""
        if not isinstance(rows, list) or len(rows) != len(self.columns):
            return False
        return not any(isinstance(cell, list | Mapping) or self._is_row_text(cell) for cell in rows)

    def _is_row_text(self, cell: JSON) -> bool:
        if not isinstance(cell, str):
            return False
        return _is_json(cell) or len(split_separated(cell, ",")) == len(self.columns)

    def _order_cells(self, row: JSON, index: int) -> list[JSON]:
        if isinstance(row, str):
            row = json_text.parse(row, self.accepted) if _is_json(row) else split_separated(row, ",")
        if isinstance(row, Mapping) and self.has_usable_names:
            return self._order_members(row, index)
        if not isinstance(row, list):
            self.fail(f"row {index} is not an array")
        if len(row) != len(self.columns):
            self.fail(f"row {index} has {self._compare_counts(row)}")
        return row

    def _compare_counts(self, values: Sequence[JSON]) -> str:
        columns = write_count(len(self.columns), "column", "columns")
        return f"{write_count(len(values), 'value', 'values')} for {columns}"

    def _order_members(self, row: Mapping[str, JSON], index: int) -> list[JSON]:
        """Return the cells of an object by column name, in any letter case if that leaves no doubt."""
        names = {column.name: column.name for column in self.columns}
        if len({name.lower() for name in names}) == len(names):
            names |= {name.lower(): name for name in names}
        cells: dict[str, JSON] = {}
        for key, value in row.items():
            name = names.get(key) or names.get(key.lower())
            if name is None:
                self.fail(f"row {index}: there is no column {quoted(key)}")
            if name in cells:
                self.fail(f"row {index}: column {quoted(name)} is there twice")
            cells[name] = value
        return [cells.get(column.name) for column in self.columns]

    def _is_empty(self, column: ValueColumn, raw: JSON) -> bool:
        if raw == "" and isinstance(column.data_type, GPString):
            return False
        return not is_given(column.data_type, raw)

    def _load_cell(self, column: ValueColumn, raw: JSON, index: int, options: LoadOptions) -> Any:
        try:
            if not self._is_empty(column, raw):
                return column.data_type.load(raw, options)
            if column.optional:
                return None
            if isinstance(column.data_type, GPString):
                return column.data_type.load("", options)
            raise InvalidValue("a value is required")
        except InvalidValue as error:
            problem = f"row {index}, column '{column.name}': {error.problem}"
            raise InvalidValue(problem, error.accepted or column.data_type.accepted) from None

    def dump(self, value: Any, options: DumpOptions) -> list[JSON]:
        """Write rows as arrays, or as objects by column name."""
        rows = [self._dump_row(row, options) for row in value or []]
        return list(self.name_cells(rows)) if options.column_names else list(rows)

    def _dump_row(self, row: Any, options: DumpOptions) -> list[JSON]:
        if isinstance(row, Mapping):
            values = [row.get(column.key) for column in self.columns]
        elif isinstance(row, Sequence) and not isinstance(row, str):
            values = list(row)
        elif all(hasattr(row, column.key) for column in self.columns):
            values = [getattr(row, column.key) for column in self.columns]
        else:
            raise InvalidValue(f"{quoted(row)} is not a row")
        if len(values) != len(self.columns):
            raise InvalidValue(f"a row has {self._compare_counts(values)}")
        return [column.data_type.dump(v, options) for column, v in zip(self.columns, values, strict=True)]

    def name_cells(self, rows: Sequence[Sequence[JSON]]) -> list[dict[str, JSON]]:
        """Return rows as objects by column name.

        Args:
            rows: The cells of each row, in the order of the columns.

        Raises:
            InvalidValue: A column has no name, or two have the same name.
        """
        if not self.has_usable_names:
            raise InvalidValue("the columns have no names that tell them apart", "rows by position")
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def describe(self) -> dict[str, JSON]:
        """Return the columns as parameterInfos, and their filters."""
        infos = [
            {"name": c.name, "dataType": c.data_type.name, "displayName": c.name, **c.data_type.describe()}
            for c in self.columns
        ]
        return {**composite_filter(infos), "parameterInfos": infos}

    def echo(self, raw: JSON) -> JSON:
        """Return the rows as they were sent; hidden cells are blank."""
        rows = self._split_rows(raw)
        as_sent = self._has_many(rows)
        return [
            [
                cell if cell is None or (as_sent and is_costly(c.data_type)) else echo(c.data_type, cell)
                for c, cell in zip(self.columns, row, strict=True)
            ]
            for row in rows
        ]


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("[", "{", "("))


def composite_filter(infos: Sequence[Mapping[str, JSON]]) -> dict[str, JSON]:
    """Return the filter of several types: their filters by position; {} if none has one.

    Args:
        infos: Descriptions of the types; one without a filter stands as null.
    """
    filters = [info.get("filter") for info in infos]
    return {"filter": {"type": "composite", "list": filters}} if any(filters) else {}
