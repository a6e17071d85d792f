"""The table of hosted services in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from gpserverless.items.ports import Row, RowWrite
from gpserverless.items.service import DUE_SHARD, LIST_SHARD


class InMemoryItemTable:
    """Rows of hosted services and folders in a dictionary.

    Attributes:
        rows: The rows by key.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    def read(self, key: str) -> Row | None:
        """Return a row, or None."""
        return deepcopy(self.rows.get(key))

    def find(self, service_id: str) -> str | None:
        """Return the key of the service of an id, or None."""
        return next((key for key, row in self.rows.items() if row.get("id") == service_id), None)

    def list(self) -> Iterator[Row]:
        """Yield the name, the owner and the end of each service, by key."""
        listed = [row for _, row in sorted(self.rows.items()) if row.get("list_shard") == LIST_SHARD]
        yield from deepcopy(listed)

    def write(self, writes: Sequence[RowWrite]) -> bool:
        """Make some writes together, and return whether they are in the table."""
        return self.apply(writes) or all(self.rows.get(each.key) == each.row for each in writes)

    def apply(self, writes: Sequence[RowWrite]) -> bool:
        """Make some writes together if the conditions of all hold, and return whether they do.

        Args:
            writes: The writes.
        """
        if not all(each.allows(self.rows.get(each.key)) for each in writes):
            return False
        for each in writes:
            if each.row is None:
                self.rows.pop(each.key, None)
            else:
                self.rows[each.key] = deepcopy(dict(each.row))
        return True

    def replace(self, row: Row) -> None:
        """Write a row, also in the place of another."""
        self.rows[row["pk"]] = deepcopy(dict(row))

    def due(self, now: int) -> Iterator[str]:
        """Yield the keys of the rows that are due, the most overdue first."""
        rows = [
            row for row in self.rows.values() if row.get("due_shard") == DUE_SHARD and row["due_at"] <= now
        ]
        yield from [row["pk"] for row in sorted(rows, key=lambda row: row["due_at"])]
