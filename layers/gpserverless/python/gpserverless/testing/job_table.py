"""The table of jobs in memory."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from gpserverless.items.ports import RowWrite
from gpserverless.jobs.job import Job
from gpserverless.jobs.move import Change
from gpserverless.jobs.ports import JobPlace, MoveResult
from gpserverless.testing.item_table import InMemoryItemTable

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class InMemoryJobTable:
    """Job rows in a dictionary. Interprets `transitions.MOVES` instead of building expressions from them.

    Args:
        items: The table of items, which some moves write too.

    Attributes:
        rows: The rows by job id.
    """

    def __init__(self, items: InMemoryItemTable | None = None) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self._items = items or InMemoryItemTable()

    def insert(self, change: Change) -> MoveResult:
        """Write the row of a move that starts from none, unless its key is taken."""
        found = self.rows.setdefault(change.values["pk"], deepcopy(dict(change.values)))
        return MoveResult(change.was_applied(found), Job.from_item(found))

    def read(self, job_id: str) -> Job | None:
        """Return a job, or None."""
        return Job.from_item(self.rows[job_id]) if job_id in self.rows else None

    def move(self, job_id: str, change: Change, beside: Sequence[RowWrite] = ()) -> MoveResult:
        """Make one move if its conditions hold."""
        row = self.rows.get(job_id)
        if row is None:
            return MoveResult(False, None)
        if not _allows(row, change):
            return MoveResult(change.was_applied(row), Job.from_item(row))
        if not self._items.apply(beside):
            return MoveResult(False, Job.from_item(row), is_refused_beside=True)
        self.rows[job_id] = _apply(row, change)
        return MoveResult(True, Job.from_item(self.rows[job_id]))

    def remove(self, job_id: str, change: Change) -> bool:
        """Remove a row if a move's conditions hold, and return whether there is none now."""
        if job_id in self.rows and _allows(self.rows[job_id], change):
            del self.rows[job_id]
        return job_id not in self.rows

    def due(self, shard: int, now: int) -> Iterator[str]:
        """Yield the ids of the jobs of a shard that were due by `now`, most overdue first."""
        rows = [row for row in self.rows.values() if row.get("open_shard") == shard and row["due_at"] <= now]
        yield from [row["pk"] for row in sorted(rows, key=lambda row: row["due_at"])]

    def list_owned(self, owner: str, since: int, after: JobPlace | None, count: int) -> list[JobPlace]:
        """Return the places of an owner's jobs, newest first."""
        rows = [row for row in self.rows.values() if row.get("listed_for") == owner]
        places = [JobPlace(row["created_at"], row["pk"]) for row in rows if row["created_at"] >= since]
        later = [place for place in places if after is None or place < after]
        return sorted(later, reverse=True)[:count]

    def read_many(self, job_ids: Sequence[str]) -> list[Job]:
        """Return those of some jobs that have a row."""
        return [job for job in map(self.read, job_ids) if job is not None]


def _allows(row: Mapping[str, Any], change: Change) -> bool:
    return row["status"] in change.move.sources and all(
        guard.attribute in row
        and _COMPARISONS[guard.comparison](row[guard.attribute], change.values[guard.operand])
        for guard in change.move.guards
    )


def _apply(row: Mapping[str, Any], change: Change) -> dict[str, Any]:
    move, values = change.move, deepcopy(dict(change.values))
    after = {name: value for name, value in row.items() if name not in move.removes}
    after |= {name: values[name] for name in move.sets}
    after |= {name: row.get(name, values[name]) for name in move.sets_once}
    after |= {name: row[name] + 1 for name in ("rev", *move.counts)}
    after |= {name: row[name] + values[name] for name in move.appends}
    return after | ({"status": move.target.value} if move.target else {})
