"""The tables of a layer's file in the store, of which SQLite reads only the blocks that a query needs.

The SQLite of the standard library reads local files alone. That of apsw asks an object of Python for bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import apsw

from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import StorageError
from gpserverless.featurelayers.blocks import Blocks
from gpserverless.featurelayers.layout import PAGE_BYTES
from gpserverless.featurelayers.tables import STEPS, authorize, is_late

_ADDRESS = "file:layer?mode=ro&immutable=1"
_READ_ONLY = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI


class RemoteTables:
    """The tables of a file in the store; see `LayerTables`."""

    def __init__(self, blocks: Blocks, check: CheckCancelled) -> None:
        """Open a file.

        Args:
            blocks: Its bytes; they are closed with it.
            check: Raises when the time of a query is over.

        Raises:
            StorageError: It cannot be read.
            RequestError: The time is over.
        """
        self.size = blocks.size
        disk = _Disk(_File(partial(blocks.read, check), blocks.size))
        with ExitStack() as opened:
            opened.callback(blocks.close)
            opened.callback(disk.unregister)
            with _read_errors():
                self._database = apsw.Connection(_ADDRESS, flags=_READ_ONLY, vfs=disk.name)
                opened.callback(self._database.close)
                for setting in ("query_only = on", "trusted_schema = off", "temp_store = memory"):
                    self._database.execute(f"pragma {setting}")
            self._opened = opened.pop_all()
        self._database.authorizer = authorize
        self._database.set_progress_handler(partial(is_late, check), STEPS)

    def execute(self, statement: str, values: Sequence[int] = ()) -> Iterator[Sequence[Any]]:
        """Yield the rows of a statement; see `LayerTables`."""
        with _read_errors():
            yield from self._database.execute(statement, tuple(values))

    def close(self) -> None:
        """Close the file; see `LayerTables`."""
        self._opened.close()


@contextmanager
def _read_errors() -> Iterator[None]:
    """Turn the errors of SQLite into `StorageError`; those of the store come through it as they are."""
    try:
        yield
    except apsw.Error as problem:
        raise StorageError(f"the layer's file cannot be read: {problem}") from problem


class _File:
    """What SQLite takes for an open file that nobody writes; it is locked by nobody, as it never changes."""

    def __init__(self, read: Callable[[int, int], bytes], size: int) -> None:
        self.xRead = read
        self._size = size

    def xFileSize(self) -> int:  # noqa: N802
        return self._size

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return PAGE_BYTES

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_IMMUTABLE

    def xClose(self) -> None:  # noqa: N802
        """Close nothing: the blocks are closed behind the connection."""


class _Disk(apsw.VFS):
    """What SQLite takes for a disk with one file."""

    def __init__(self, file: _File) -> None:
        self.name, self._file = f"layer-{id(self)}", file
        super().__init__(self.name, base="")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        if not flags[0] & apsw.SQLITE_OPEN_MAIN_DB:
            raise apsw.CantOpenError("there is one file, and no room for others")
        return self._file  # type: ignore[return-value]  # it need not be one of SQLite's own

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802
        return False
