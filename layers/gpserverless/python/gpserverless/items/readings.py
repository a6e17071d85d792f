"""Readings: several requests of one client that must be answered from one version of a service.

A service that was overwritten lately marks which version a client has begun to read. A client that goes on
without a mark began before the first overwriting. Nothing is read or written for any other service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from gpserverless.items.ports import ItemTable
from gpserverless.items.series import READING_MS, Series
from gpserverless.items.service import HostedService

PAUSE_MS = 120_000
"""A client that reads several pages asks for the next within this time."""

TOTAL_MS = 5_000
"""A client that asks how many rows its pages will have does so within this time after the first page."""

STEP_MS = 1_000
"""A client that takes a count for the number of pages asks for the first within this time."""

MARKED_MS = 4 * READING_MS
"""How long a mark counts; the version that it names is gone before."""

Way = Literal["whole", "count", "total", "first", "again", "next", "ids", "part"]
"""How a request reads rows.

"whole"   what one answer has: documents, a feature, a file
"count"   the number or the extent of rows
"total"   the same with the fields of a page, as GDAL asks it after the first one
"first"   rows from the first on, without an offset
"again"   rows from the first on, with the offset 0, as a client asks that goes on from a count
"next"    rows from a later one on
"ids"     all object ids
"part"    rows of some object ids
"""

_PAGES, _COUNTS, _IDS = "pages", "counts", "ids"
_PLACES = {"ids": _IDS, "part": _IDS, "next": _PAGES, "count": _COUNTS}
_USED = "used"
_WITHOUT_BEGINNING = ("part", "next")


@dataclass(frozen=True)
class Step:
    """A request, as a step of a reading.

    Attributes:
        way: How it reads.
        client: The client: a user or an address, and the client's program.
        layer: Number of the layer.
        condition: The conditions on its rows, as text.
    """

    way: Way
    client: tuple[str, str] = ("", "")
    layer: int = 0
    condition: str = ""


@dataclass(frozen=True)
class _Mark:
    """A version that a client reads, the way in which it began, and when, in milliseconds."""

    version: str
    way: str
    at: int


@dataclass(frozen=True)
class Readings:
    """Chooses the version from which a step is answered.

    Attributes:
        items: The table of hosted services, which has the marks.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    items: ItemTable
    now: Callable[[], int]

    def choose_version(self, shown: HostedService, step: Step) -> str:
        """Return the version from which a step is answered.

        Args:
            shown: The service as it was read from the table.
            step: The step.

        Raises:
            StorageError: The table cannot be reached.
        """
        marks = self._find_marks(shown, step)
        return shown.version if marks is None else marks.choose_version()

    def note_page(self, shown: HostedService, step: Step, version: str, *, has_more: bool) -> None:
        """Mark the version of a page before it is sent, if others follow it, or if it is the last.

        A mark without a beginning counts for another while.

        Args:
            shown: The service as it was read from the table.
            step: The step.
            version: The version of the page.
            has_more: Whether there are more rows.

        Raises:
            StorageError: The table cannot be reached.
        """
        marks = self._find_marks(shown, step)
        if marks is None:
            return
        if step.way in ("first", "again") if has_more else step.way == "next":
            marks.write(_PAGES, version, step.way if has_more else _USED)
        elif step.way in _WITHOUT_BEGINNING:
            marks.keep(_PLACES[step.way])

    def _find_marks(self, shown: HostedService, step: Step) -> _Marks | None:
        now = self.now()
        if shown.series is None or not shown.series.is_open(now) or step.way == "whole":
            return None
        return _Marks(self.items, shown, shown.series, step, now)


@dataclass(frozen=True)
class _Marks:
    """The marks of one client in a series of overwritings."""

    items: ItemTable
    shown: HostedService
    series: Series
    step: Step
    now: int

    def choose_version(self) -> str:
        choices = {
            "ids": self._begin,
            "count": self._begin,
            "part": self._go_on,
            "next": self._go_on,
            "again": self._begin_again,
            "total": self._find_total,
        }
        choose = choices.get(self.step.way)
        return self.shown.version if choose is None else choose()

    def _begin(self) -> str:
        """Return the version that is shown, from which the steps that follow are answered."""
        return self.write(_PLACES[self.step.way], self.shown.version)

    def _go_on(self) -> str:
        """Return the version that is marked; without a mark, that before the first overwriting.

        Who goes on without a beginning may be a reader, or show some rows now and then. So a mark without one
        ends with a pause.
        """
        place = _PLACES[self.step.way]
        mark = self._read(place)
        if mark is None and place == _PAGES:
            mark = self._read_young(_COUNTS, STEP_MS)
        if mark is not None and not self._has_ended(mark):
            return mark.version
        return self.write(place, self._guess(place))

    def _guess(self, place: str) -> str:
        """Return the version that a client most likely reads which asks for rows without a beginning."""
        if self.now >= self.series.began_at + PAUSE_MS:
            return self.shown.version
        # Who shows rows asks for one of them by its id. A later page follows no count.
        begun = self._read(_PAGES) or self._read(_COUNTS) if place == _IDS else None
        return self.series.first if begun is None else begun.version

    def _begin_again(self) -> str:
        """Return the version whose rows were just counted, once; else that which is shown."""
        mark = self._read_young(_COUNTS, STEP_MS)
        if mark is None or mark.way == _USED:
            return self.shown.version
        return self.write(_COUNTS, mark.version, _USED, mark.at)

    def _find_total(self) -> str:
        """Return the version of which pages have just been begun; else that which is shown."""
        mark = self._read_young(_PAGES, TOTAL_MS)
        return self.shown.version if mark is None or mark.way == _USED else mark.version

    def keep(self, place: str) -> None:
        """Let a mark without a beginning count from now on, unless it has just begun to."""
        mark = self._read(place)
        if mark is None or mark.way not in _WITHOUT_BEGINNING or self._has_ended(mark):
            return
        if self.now - mark.at >= PAUSE_MS // 4:
            self.write(place, mark.version, mark.way)

    def _has_ended(self, mark: _Mark) -> bool:
        return mark.way in _WITHOUT_BEGINNING and self.now - mark.at >= PAUSE_MS

    def write(self, place: str, version: str, way: str = "", at: int | None = None) -> str:
        """Mark a version, and return it."""
        row = {
            "pk": self._key(place),
            "series": self.series.first,
            "version": version,
            "way": way or self.step.way,
            "at": self.now if at is None else at,
            "ttl_at": (self.now + MARKED_MS) // 1000,
        }
        self.items.replace(row)
        return version

    def _read(self, place: str) -> _Mark | None:
        row = self.items.read(self._key(place))
        if row is None or row["series"] != self.series.first or row["ttl_at"] * 1000 < self.now:
            return None
        return _Mark(row["version"], row["way"], row["at"])

    def _read_young(self, place: str, most: int) -> _Mark | None:
        mark = self._read(place)
        return mark if mark is not None and self.now - mark.at < most else None

    def _key(self, place: str) -> str:
        condition = "" if place == _IDS else self.step.condition
        parts = (*self.step.client, str(self.step.layer), place, condition)
        digest = sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()
        return f"reading#{self.shown.id}#{digest}"
