"""Value tables: rows of cells, each with the type of its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.protocols.directory.forms.control import ROW, Control
from gpserverless.protocols.directory.forms.lists import EACH, SPARE, read_array
from gpserverless.protocols.directory.forms.parts import MAX_ROWS, Parts
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.value_form import FindForm, Texts, ValueForm
from gpserverless.values.quotation import quoted


class TableForm(ValueForm):
    """A value table. The name of a cell's field ends with the number of its row and of its column.

    Args:
        find_form: Returns the form of a column's type.
    """

    is_flat = False

    def __init__(self, find_form: FindForm) -> None:
        self._find_form = find_form

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the texts of the cells."""
        rows = read_array(value)
        if not isinstance(rows, list) or len(rows) > MAX_ROWS:
            raise InvalidValue(f"{quoted(value)} is not a table that has rows")
        texts: dict[str, Sequence[str]] = {f"{slot.name}.{EACH}": ["1"]}
        for number, row in enumerate(rows):
            cells = self._spread_row(slot, number, row)
            if not any(any(given) for given in cells.values()):
                raise InvalidValue(f"row {number} is empty")
            texts |= cells
        return texts

    def _spread_row(self, slot: Slot, number: int, row: Any) -> dict[str, Sequence[str]]:
        columns = list_columns(slot, number)
        if isinstance(row, Mapping):
            row = [row.get(str(column.info["name"])) for column in columns]
        if not isinstance(row, list) or len(row) != len(columns):
            raise InvalidValue(f"{quoted(row)} is not a row of the table")
        cells: dict[str, Sequence[str]] = {}
        for column, cell in zip(columns, row, strict=True):
            cells |= {} if cell is None else self._find_form(column.data_type).spread(column, cell)
        return cells

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return a row of controls for each row, and some to spare."""
        numbers = [number for number in parts.rows(slot.name) if not self._is_blank(slot, number, parts)]
        first = max(numbers, default=-1) + 1
        rows = [self._draw_row(slot, parts, number) for number in [*numbers, *range(first, first + SPARE)]]
        heads = tuple(Control("input", "", label=column.label) for column in list_columns(slot, ROW))
        template = self._draw_row(slot, Parts.of({}), ROW)
        return Control("table", slot.name, parts=heads, rows=tuple(rows), template=template)

    def _draw_row(self, slot: Slot, parts: Parts, number: int | str) -> tuple[Control, ...]:
        columns = list_columns(slot, number)
        return tuple(self._find_form(column.data_type).draw(column, parts) for column in columns)

    def _is_blank(self, slot: Slot, number: int, parts: Parts) -> bool:
        try:
            return self._join_row(slot, number, parts) is None
        except InvalidValue:
            return False

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the rows that have a cell; an empty table if there are none and the default has some."""
        rows = [self._join_row(slot, number, parts) for number in parts.rows(slot.name)]
        given = [row for row in rows if row is not None]
        return given or ([] if slot.default else None)

    def _join_row(self, slot: Slot, number: int, parts: Parts) -> list[Any] | None:
        cells = []
        for column in list_columns(slot, number):
            try:
                cells.append(self._find_form(column.data_type).join(column, parts))
            except InvalidValue as error:
                problem = f"row {number + 1}, {column.label}: {error.problem}"
                raise InvalidValue(problem, error.accepted) from None
        return None if all(cell is None for cell in cells) else cells


def list_columns(slot: Slot, number: int | str) -> list[Slot]:
    """Return the places of the cells of a row.

    Args:
        slot: The place of the table.
        number: Number of the row, or the word that stands for one.
    """
    return [
        Slot(f"{slot.name}.{number}.{column}", info, str(info.get("displayName") or info["name"]))
        for column, info in enumerate(slot.infos)
    ]
