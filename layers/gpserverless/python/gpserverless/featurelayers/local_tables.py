"""The tables of a layer's file on this machine's disk, read by the SQLite of the standard library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import StorageError
from gpserverless.featurelayers.tables import STEPS, authorize, is_late


class LocalTables:
    """The tables of a file on the disk; see `LayerTables`."""

    def __init__(self, path: Path, check: CheckCancelled) -> None:
        """Open a file.

        Args:
            path: Place of the file. Its name may go while it is open.
            check: Raises when the time of a query is over.

        Raises:
            StorageError: It is missing.
        """
        self._name = path.name
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as problem:
            raise self._describe(problem) from problem
        self.size = path.stat().st_size
        for setting in ("query_only = on", "trusted_schema = off", f"mmap_size = {2**31}"):
            self._database.execute(f"pragma {setting}")  # which reads nothing yet
        self._database.set_authorizer(authorize)
        self._database.set_progress_handler(partial(is_late, check), STEPS)

    def execute(self, statement: str, values: Sequence[int] = ()) -> Iterator[Sequence[Any]]:
        """Yield the rows of a statement; see `LayerTables`."""
        try:
            yield from self._database.execute(statement, values)
        except sqlite3.DatabaseError as problem:
            raise self._describe(problem) from problem

    def close(self) -> None:
        """Close the file; see `LayerTables`."""
        self._database.close()

    def _describe(self, problem: sqlite3.Error) -> StorageError:
        return StorageError(f"the layer's file {self._name} cannot be read: {problem}")
