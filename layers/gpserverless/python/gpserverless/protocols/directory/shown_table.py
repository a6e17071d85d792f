"""Features and rows as a table of the first hundred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.protocols.directory.shown_text import show_date, show_number

MOST_ROWS = 100
"""Rows that a page draws; scripts and files have the others."""

MOST_COLUMNS = 60
MOST_CHARACTERS = 300

_NUMBERS = frozenset(
    f"esriFieldType{name}" for name in ("OID", "Integer", "SmallInteger", "BigInteger", "Double", "Single")
)
_DATE = "esriFieldTypeDate"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Name of the field.
        alias: Its name for people.
        data_type: Its type on the wire.
    """

    name: str
    alias: str
    data_type: str

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.data_type in _NUMBERS

    def to_document(self) -> dict[str, str]:
        """Return the column as JSON for the scripts."""
        return {"name": self.name, "alias": self.alias, "type": self.data_type}


@dataclass(frozen=True)
class Table:
    """The first rows of features or of a record set.

    Attributes:
        columns: Its columns.
        rows: Texts of the cells of the first rows.
        total: Number of all rows.
        hidden: Number of the columns that are not shown.
        is_exceeded: Whether the transfer limit left rows out.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    hidden: int = 0
    is_exceeded: bool = False

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Table:
        """Return the table of a feature set, a layer object or a record set.

        Args:
            value: JSON of the value.
        """
        inner = value.get("featureSet", value)
        features = inner.get("features") or ()
        fields = value.get("fields") or (value.get("layerDefinition") or {}).get("fields")
        columns = _read_columns(fields) if fields else _guess_columns(features)
        shown = columns[:MOST_COLUMNS]
        rows = tuple(_show_row(feature.get("attributes") or {}, shown) for feature in features[:MOST_ROWS])
        is_exceeded = bool(inner.get("exceededTransferLimit"))
        return cls(shown, rows, len(features), len(columns) - len(shown), is_exceeded)

    def of_total(self, total: int) -> Table:
        """Return the table as the beginning of a layer, which is asked for as many rows as are shown.

        Args:
            total: Number of all rows of the layer.
        """
        return replace(self, total=total, is_exceeded=False)


def _read_columns(fields: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(f["name"], f.get("alias") or f["name"], f.get("type", "")) for f in fields)


def _guess_columns(features: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    names = dict.fromkeys(name for each in features[:MOST_ROWS] for name in each.get("attributes") or ())
    return tuple(Column(name, name, "") for name in names)


def _show_row(attributes: Mapping[str, Any], columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(show_cell(attributes.get(column.name), column.data_type) for column in columns)


def show_cell(value: Any, data_type: str) -> str:
    """Return the text of a cell.

    Args:
        value: JSON of the attribute.
        data_type: Type of its field on the wire.
    """
    if value is None:
        return ""
    if data_type == _DATE and (date := show_date(value)):
        return date
    if isinstance(value, bool):
        return "true" if value else "false"
    text = show_number(value) if isinstance(value, int | float) else str(value)
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"
