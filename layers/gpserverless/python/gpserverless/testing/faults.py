"""Fault injection: calls of a table, an object store or a queue that fail on request."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from gpserverless.errors import StorageError, StorageRefused
from gpserverless.items.ports import RowWrite
from gpserverless.jobs.job import Job
from gpserverless.jobs.move import Change
from gpserverless.jobs.ports import MoveResult

Fault = Literal["", "down", "refused", "lost", "again"]
"""How a call fails.

""         not at all
"down"     the call is not made; it may succeed later
"refused"  the call is not made, and never will be
"lost"     the call is made; its answer is lost
"again"    the call is made twice: the client library repeats it, since the first answer was lost
"""


class FaultInjection:
    """Faults by the name of the call that they happen to.

    Names of calls are those of moves (`claim`, `beat`, `succeed` …), and `read`, `due`, `put`, `get`,
    `erase objects`, `send`, `put file`, `write items`.

    Attributes:
        calls: Names of all calls so far, failed ones included.
    """

    def __init__(self) -> None:
        self._scheduled: dict[str, deque[Fault]] = defaultdict(deque)
        self.calls: list[str] = []

    def schedule(self, name: str, *faults: Fault) -> None:
        """Let the next calls of a name fail, one fault a call.

        Args:
            name: Name of the calls, such as "move".
            *faults: The faults, that of the next call first.
        """
        self._scheduled[name].extend(faults)

    def clear(self) -> None:
        """Let no further call fail."""
        self._scheduled.clear()

    def call(self, name: str, call: Callable[[], Any]) -> Any:
        """Make a call with the fault that is scheduled for it.

        Args:
            name: Name of the call.
            call: Makes it.

        Raises:
            StorageError: The call is "down" or "lost".
            StorageRefused: The call is "refused".
        """
        self.calls.append(name)
        fault = self._scheduled[name].popleft() if self._scheduled[name] else ""
        if fault == "down":
            raise StorageError(f"{name} is down")
        if fault == "refused":
            raise StorageRefused(f"{name} is refused")
        answer = call()
        if fault == "lost":
            raise StorageError(f"the answer of {name} was lost")
        return call() if fault == "again" else answer


class FaultyPort:
    """A table, an object store or a queue whose calls can fail.

    Args:
        inner: The table, object store or queue; it answers every other call itself.
        faults: The faults.
    """

    def __init__(self, inner: Any, faults: FaultInjection) -> None:
        self.inner = inner
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def insert(self, change: Change) -> MoveResult:
        """Write a row: the call of the move's name."""
        result: MoveResult = self._faults.call(change.move.name, lambda: self.inner.insert(change))
        return result

    def read(self, job_id: str) -> Job | None:
        """Read a row."""
        job: Job | None = self._faults.call("read", lambda: self.inner.read(job_id))
        return job

    def due(self, *place: int) -> Iterator[str]:
        """Read an index, or a part of it."""
        yield from self._faults.call("due", lambda: self.inner.due(*place))

    def move(self, job_id: str, change: Change, beside: Sequence[RowWrite] = ()) -> MoveResult:
        """Make a move: the call of the move's name."""
        result: MoveResult = self._faults.call(
            change.move.name, lambda: self.inner.move(job_id, change, beside)
        )
        return result

    def write(self, writes: Sequence[RowWrite]) -> bool:
        """Write rows of items: the call `write items`."""
        is_made: bool = self._faults.call("write items", lambda: self.inner.write(writes))
        return is_made

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: Callable[[], None], encoding: str = ""
    ) -> None:
        """Write a file as an object: the call `put file`."""
        put_file = self.inner.put_file
        self._faults.call("put file", lambda: put_file(key, path, content_type, check_cancelled, encoding))

    def remove(self, job_id: str, change: Change) -> bool:
        """Remove a row: the call of the move's name."""
        is_gone: bool = self._faults.call(change.move.name, lambda: self.inner.remove(job_id, change))
        return is_gone

    def erase(self, prefix: str) -> None:
        """Erase objects: the call `erase objects`."""
        self._faults.call("erase objects", lambda: self.inner.erase(prefix))

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        """Write an object."""
        self._faults.call("put", lambda: self.inner.put(key, body, content_type, encoding))

    def get(self, key: str) -> bytes:
        """Read an object."""
        body: bytes = self._faults.call("get", lambda: self.inner.get(key))
        return body

    def send(self, job_id: str) -> None:
        """Send a message."""
        self._faults.call("send", lambda: self.inner.send(job_id))
