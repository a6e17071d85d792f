"""Stand-ins for the table, the object store, the queue and the clock: the same rules, in memory."""

from __future__ import annotations

import operator
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from gpserverless.errors import NotFound, StorageError, StorageRefused
from gpserverless.jobs.job import Job
from gpserverless.jobs.move import Change
from gpserverless.jobs.ports import JobTable, MoveResult
from gpserverless.jobs.transitions import CREATE

COMPARISONS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class VirtualClock:
    """A clock that only goes on when somebody sleeps or turns it."""

    def __init__(self) -> None:
        self.time = 1_700_000_000_000

    def now(self) -> int:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += round(seconds * 1000)


class MemoryTable:
    """Job rows in a dictionary; interprets the table of moves instead of building expressions from it."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    def insert(self, item: Mapping[str, Any]) -> MoveResult:
        found = self.rows.setdefault(item["pk"], deepcopy(dict(item)))
        return MoveResult(Change(CREATE, item).was_applied(found), Job.from_item(found))

    def read(self, job_id: str) -> Job | None:
        return Job.from_item(self.rows[job_id]) if job_id in self.rows else None

    def move(self, job_id: str, change: Change) -> MoveResult:
        row = self.rows.get(job_id)
        if row is None:
            return MoveResult(False, None)
        if not self._allows(row, change):
            return MoveResult(change.was_applied(row), Job.from_item(row))
        self.rows[job_id] = self._after(row, change)
        return MoveResult(True, Job.from_item(self.rows[job_id]))

    def remove(self, job_id: str, change: Change) -> bool:
        if job_id in self.rows and self._allows(self.rows[job_id], change):
            del self.rows[job_id]
        return job_id not in self.rows

    def due(self, shard: int, now: int) -> Iterator[str]:
        open_rows = [r for r in self.rows.values() if r.get("open_shard") == shard and r["due_at"] <= now]
        yield from [row["pk"] for row in sorted(open_rows, key=lambda row: row["due_at"])]

    @staticmethod
    def _allows(row: Mapping[str, Any], change: Change) -> bool:
        return row["status"] in change.move.sources and all(
            guard.attribute in row
            and COMPARISONS[guard.comparison](row[guard.attribute], change.values[guard.operand])
            for guard in change.move.guards
        )

    @staticmethod
    def _after(row: Mapping[str, Any], change: Change) -> dict[str, Any]:
        move, values = change.move, deepcopy(dict(change.values))
        after = {name: value for name, value in row.items() if name not in move.removes}
        after |= {name: values[name] for name in move.sets}
        after |= {name: row.get(name, values[name]) for name in move.sets_once}
        after |= {name: row[name] + 1 for name in ("rev", *move.counts)}
        after |= {name: row[name] + values[name] for name in move.appends}
        return after | ({"status": move.target.value} if move.target else {})


class MemoryObjects:
    """Objects in a dictionary; none is ever overwritten."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        self.bodies.setdefault(key, body)

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: Callable[[], None], encoding: str = ""
    ) -> None:
        check_cancelled()
        self.put(key, path.read_bytes(), content_type, encoding)

    def get(self, key: str) -> bytes:
        if key not in self.bodies:
            raise NotFound("The object is not there any more.")
        return self.bodies[key]

    def erase(self, prefix: str) -> None:
        self.bodies = {key: body for key, body in self.bodies.items() if not key.startswith(prefix)}

    def presign_url(self, key: str, seconds: int, content_type: str, filename: str) -> str:
        return f"https://objects.test/{key}?seconds={seconds}&type={content_type}&name={filename}"


class MemoryQueue:
    """Messages in a list; deliveries are the test's business."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.handed_back: list[tuple[str, int]] = []

    def send(self, job_id: str) -> None:
        self.sent.append(job_id)

    def hand_back(self, receipt: str, seconds: int) -> None:
        self.handed_back.append((receipt, seconds))


class Faults:
    """What goes wrong next, by the name of a call: "down" or "refused" (not done), "lost" (not answered)."""

    def __init__(self) -> None:
        self._coming: dict[str, deque[str]] = defaultdict(deque)
        self.calls: list[str] = []

    def next(self, name: str, *kinds: str) -> None:
        self._coming[name].extend(kinds)

    def clear(self) -> None:
        self._coming.clear()

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        self.calls.append(name)
        kind = self._coming[name].popleft() if self._coming[name] else ""
        if kind == "down":
            raise StorageError(f"{name} is down")
        if kind == "refused":
            raise StorageRefused(f"{name} is refused")
        answer = call()
        if kind == "lost":
            raise StorageError(f"the answer of {name} was lost")
        if kind == "again":  # the client library sent it a second time, since the first answer was lost
            answer = call()
        return answer


class Unsteady:
    """A table, an object store or a queue, with faults; moves go by their own names."""

    def __init__(self, inner: Any, faults: Faults) -> None:
        self.steady = inner
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self.steady, name)

    def insert(self, item: Mapping[str, Any]) -> MoveResult:
        return self._faults.around("create", lambda: self.steady.insert(item))

    def read(self, job_id: str) -> Job | None:
        return self._faults.around("read", lambda: self.steady.read(job_id))

    def due(self, shard: int, now: int) -> Iterator[str]:
        yield from self._faults.around("due", lambda: self.steady.due(shard, now))

    def move(self, job_id: str, change: Change) -> MoveResult:
        return self._faults.around(change.move.name, lambda: self.steady.move(job_id, change))

    def remove(self, job_id: str, change: Change) -> bool:
        return self._faults.around(change.move.name, lambda: self.steady.remove(job_id, change))

    def erase(self, prefix: str) -> None:
        self._faults.around("erase objects", lambda: self.steady.erase(prefix))

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        self._faults.around("put", lambda: self.steady.put(key, body, content_type, encoding))

    def get(self, key: str) -> bytes:
        return self._faults.around("get", lambda: self.steady.get(key))

    def send(self, job_id: str) -> None:
        self._faults.around("send", lambda: self.steady.send(job_id))


def unsteady_table(inner: JobTable, faults: Faults) -> JobTable:
    return Unsteady(inner, faults)
