"""Tables of values: rows of columns that each have a data type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.references import Fetch
from gpserverless.datatypes.scalars import GPString, quoted
from gpserverless.errors import InvalidValue

MAX_ROWS = 10_000
"""Rows that one table may have."""


@dataclass(frozen=True)
class ValueColumn:
    """One column of a value table.

    Args:
        key: Name of the member of a row in Python.
        name: Name on the wire.
        data_type: The type of its cells.
        optional: Whether a cell may be null.
        has_default: Whether the row's class has a default that takes the place of null.
    """

    key: str
    name: str
    data_type: DataType
    optional: bool = False
    has_default: bool = False


@dataclass(frozen=True)
class GPValueTable(DataType):
    """Rows of values, in Python a list of rows of the author's own class.

    Args:
        columns: The columns, in order.
        row: Makes a row of the values by key; functions that only check and describe use dicts.
    """

    columns: tuple[ValueColumn, ...]
    row: Callable[..., Any] = field(default=dict, compare=False, repr=False, metadata={"published": False})

    @property
    def name(self) -> str:
        """GPValueTable."""
        return "GPValueTable"

    @property
    def accepted(self) -> str:
        """Rows by position, and by name if the names allow it."""
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
        return any(column.data_type.is_secret for column in self.columns)

    @property
    def has_usable_names(self) -> bool:
        """Whether all columns have a name, and no two the same."""
        names = [column.name for column in self.columns]
        return all(names) and len(set(names)) == len(names)

    @property
    def may_be_reference(self) -> bool:
        """Whether the cells of a column may lie elsewhere."""
        return any(column.data_type.may_be_reference for column in self.columns)

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what cells point to."""
        types = [column.data_type for column in self.columns]
        return [
            [t.fetch_references(raw, fetch) for t, raw in zip(types, row, strict=True)]
            for row in self._rows(raw)
        ]

    def load(self, raw: JSON, reading: LoadOptions) -> list[Any]:
        """Read a JSON array or Python literal of rows, each an array or an object."""
        return [self._loaded(row, index, reading) for index, row in enumerate(self._rows(raw))]

    def _loaded(self, row: list[JSON], index: int, reading: LoadOptions) -> Any:
        cells = {
            column.key: self._cell(column, raw, index, reading)
            for column, raw in zip(self.columns, row, strict=True)
            if not (column.has_default and self._is_empty(column, raw))
        }
        try:
            return self.row(**cells)
        except ValueError as problem:  # of a check in the author's class
            raise InvalidValue(f"row {index}: {problem}", self.accepted) from None

    def _rows(self, raw: JSON) -> list[JSON]:
        rows = json_text.parse(raw, self.accepted) if isinstance(raw, str) else raw
        if not isinstance(rows, list):
            raise InvalidValue(f"{quoted(raw)} is not a list of rows", self.accepted)
        if len(rows) > MAX_ROWS:
            raise InvalidValue(f"the table has {len(rows):,} rows", f"at most {MAX_ROWS:,}")
        return [self._positional(row, index) for index, row in enumerate(rows)]

    def _positional(self, row: JSON, index: int) -> list[JSON]:
        """Return the raw cells of a row in the order of the columns."""
        if isinstance(row, Mapping) and self.has_usable_names:
            strange = sorted(set(row) - {column.name for column in self.columns})
            if strange:
                raise InvalidValue(f"row {index}: there is no column {quoted(strange[0])}", self.accepted)
            return [row.get(column.name) for column in self.columns]
        if not isinstance(row, list):
            raise InvalidValue(f"row {index} is not an array", self.accepted)
        if len(row) != len(self.columns):
            raise InvalidValue(
                f"row {index} has {len(row)} values for {len(self.columns)} columns", self.accepted
            )
        return row

    def _is_empty(self, column: ValueColumn, raw: JSON) -> bool:
        return raw is None or (raw == "" and not isinstance(column.data_type, GPString))

    def _cell(self, column: ValueColumn, raw: JSON, index: int, reading: LoadOptions) -> Any:
        try:
            if not self._is_empty(column, raw):
                return column.data_type.load(raw, reading)
            if column.optional:
                return None
            if isinstance(column.data_type, GPString):
                return column.data_type.load("", reading)
            raise InvalidValue("a value is required")
        except InvalidValue as error:
            problem = f"row {index}, column '{column.name}': {error.problem}"
            raise InvalidValue(problem, error.accepted or column.data_type.accepted) from None

    def dump(self, value: Any, writing: DumpOptions) -> list[JSON]:
        """Write rows as arrays, or as objects where names of columns are asked for."""
        rows = [self._dumped(row, writing) for row in value or []]
        return list(self.by_name(rows)) if writing.column_names else list(rows)

    def _dumped(self, row: Any, writing: DumpOptions) -> list[JSON]:
        if isinstance(row, Mapping):
            values = [row.get(column.key) for column in self.columns]
        elif isinstance(row, Sequence) and not isinstance(row, str):
            values = list(row)
        elif all(hasattr(row, column.key) for column in self.columns):
            values = [getattr(row, column.key) for column in self.columns]
        else:
            raise InvalidValue(f"{quoted(row)} is not a row")
        if len(values) != len(self.columns):
            raise InvalidValue(f"a row has {len(values)} values for {len(self.columns)} columns")
        return [column.data_type.dump(v, writing) for column, v in zip(self.columns, values, strict=True)]

    def by_name(self, rows: Sequence[Sequence[JSON]]) -> list[dict[str, JSON]]:
        """Return rows as objects.

        Raises:
            InvalidValue: A column has no name, or two have the same.
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
        """Return the rows as they were sent; cells that are hidden are blank."""
        return [
            [
                None if cell is None else c.data_type.echo(cell)
                for c, cell in zip(self.columns, row, strict=True)
            ]
            for row in self._rows(raw)
        ]


def composite_filter(infos: Sequence[Mapping[str, JSON]]) -> dict[str, JSON]:
    """Return the filter of several types: theirs by position, null for none; {} if none has one."""
    filters = [info.get("filter") for info in infos]
    return {"filter": {"type": "composite", "list": filters}} if any(filters) else {}
