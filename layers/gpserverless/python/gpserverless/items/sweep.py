"""The reaper's part: expired services, and folders that no service shows."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from gpserverless.clock import Clock
from gpserverless.errors import StorageError
from gpserverless.items.changes import ERASING, OPEN, retire
from gpserverless.items.ports import ItemTable, Row, RowWrite
from gpserverless.items.service import HostedService
from gpserverless.outputs.object_store import ObjectEraser

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ItemSweep:
    """Retires expired services, and erases folders that are due.

    Attributes:
        items: The table.
        objects: The store of their objects.
        clock: The time.
    """

    items: ItemTable
    objects: ObjectEraser
    clock: Clock

    def sweep(self, until: int) -> Counter[str]:
        """Look after every row that is due, and return counts of what happened.

        Args:
            until: From when on no further row is begun, in milliseconds since 1970-01-01 UTC.
        """
        counts: Counter[str] = Counter()
        for key in self._list_due(counts):
            if self.clock.now() >= until:
                break
            try:
                counts.update(self._look_after(key))
            except StorageError:
                counts["unreachable item"] += 1
            except Exception:  # a row that nobody can read; those behind it have their turn
                logger.exception("item not looked after", extra={"item": key})
                counts["unreadable item"] += 1
        return counts

    def _list_due(self, counts: Counter[str]) -> list[str]:
        try:
            return list(self.items.due(self.clock.now()))
        except StorageError:
            counts["unreachable item"] += 1
            return []

    def _look_after(self, key: str) -> Iterator[str]:
        row, now = self.items.read(key), self.clock.now()
        if row is None or row.get("due_at") is None or row["due_at"] > now:
            return  # the index lags behind the row
        if "folder" in row:
            yield from self._erase(row)
        elif self.items.write(retire(HostedService.from_row(row), now)):
            yield "expired service"

    def _erase(self, row: Row) -> Iterator[str]:
        """Erase a folder. From its first write on no version of it can be shown any more."""
        key = row["pk"]
        erasing = {**row, "state": ERASING}
        if row["state"] == OPEN and not self.items.write([RowWrite(key, erasing, {"state": OPEN})]):
            return
        self.objects.erase(row["folder"])
        if self.items.write([RowWrite(key, None, {"state": ERASING})]):
            yield "erased folder"
