"""The port of hosted services: a table whose rows are written together or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Row = Mapping[str, Any]
"""A row with plain values, `pk` among them."""


@dataclass(frozen=True)
class RowWrite:
    """A write of one row.

    Attributes:
        key: Its key.
        row: The row as it will be; None removes it.
        seen: Attributes that the row in the table must have; None if there must be none.
    """

    key: str
    row: Row | None
    seen: Row | None

    def allows(self, found: Row | None) -> bool:
        """Return whether the condition of the write holds.

        Args:
            found: The row in the table; None if there is none.
        """
        if found is None or self.seen is None:
            return found is None and self.seen is None
        return found == {**found, **self.seen}


class ItemTable(Protocol):
    """Rows of hosted services, and of folders that are to be erased.

    Every method raises `StorageError` when the table cannot be reached. A write that is repeated, since its
    answer was lost, is answered like the first.
    """

    def read(self, key: str) -> Row | None:
        """Return a row, strongly consistent, or None.

        Args:
            key: Its key.
        """

    def find(self, service_id: str) -> str | None:
        """Return the key of the service of an id, or None; the newest may be missing for a moment.

        Args:
            service_id: Id of the service.
        """

    def list(self) -> Iterator[Row]:
        """Yield the name, the owner and the end of each service, by key.

        The newest may be missing for a moment, and the last removed still be there.
        """

    def write(self, writes: Sequence[RowWrite]) -> bool:
        """Make some writes in one transaction, and return whether their conditions held.

        Args:
            writes: The writes, each of another row.
        """

    def replace(self, row: Row) -> None:
        """Write a row, also in the place of another.

        Args:
            row: The row.
        """

    def due(self, now: int) -> Iterator[str]:
        """Yield the keys of the rows that are due, the most overdue first.

        Args:
            now: Milliseconds since 1970-01-01 UTC.
        """
