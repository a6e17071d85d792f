"""The tables of a layer's file, as `LayerFile` reads them, and all that a connection to them may do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import RequestError

STEPS = 10_000
"""Instructions of SQLite between two looks at the time: about a millisecond."""

_TABLES = frozenset({"meta", "c", "g"})
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


class LayerTables(Protocol):
    """An open connection to the tables of a layer's file; it is never written.

    Attributes:
        size: Bytes of the file.
    """

    size: int

    def execute(self, statement: str, values: Sequence[int] = ()) -> Iterator[Sequence[Any]]:
        """Yield the rows of a statement.

        Args:
            statement: A select.
            values: Values of its placeholders.

        Raises:
            StorageError: The file cannot be read, or the statement was stopped.
            RequestError: The time is over.
            NotFound: The file is gone.
        """

    def close(self) -> None:
        """Close the file."""


OpenTables = Callable[[CheckCancelled], LayerTables]
"""Opens a file; takes a check that raises `RequestError` when the time of the query is over."""


def authorize(action: int, table: str | None, *_: str | None) -> int:
    """Tell SQLite whether a statement may do something: it may only select from the tables of a layer.

    Args:
        action: Code of the action.
        table: Name of the table.
    """
    allowed = action in _READS and (action == sqlite3.SQLITE_SELECT or table in _TABLES)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def is_late(check: CheckCancelled) -> bool:
    """Return whether the time of a query is over, as SQLite asks for it.

    Args:
        check: Raises when it is.
    """
    try:
        check()
    except RequestError:
        return True
    return False
