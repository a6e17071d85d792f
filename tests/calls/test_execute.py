"""An execute: its files are stored before the answer is written, it is measured, and it ends in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gpserverless.calls.execute import ExecuteResult, Executor
from gpserverless.calls.execute_place import ExecutePlace
from gpserverless.calls.request_deadline import MARGIN_MS, RESERVE_MS, RequestDeadline
from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import DeadlinePassed, ToolError
from gpserverless.testing import InMemoryObjectStore
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import Message, RunResult, Watcher

CALL = Call("Flood", "Depth", {})
PLACE = ExecutePlace.new("https://gp.example.org/arcgis", "Flood", "")
NOW = 1_800_000_000_000


class Writer:
    """Writes the keys that were stored before, and the texts of the messages."""

    def __init__(self, objects: InMemoryObjectStore) -> None:
        self.objects = objects

    def is_quick(self, result: ExecuteResult) -> bool:
        return True

    def write(self, result: ExecuteResult, check_cancelled: CheckCancelled) -> tuple[list[str], list[str]]:
        return list(self.objects.bodies), [message.text for message in result.messages]


class World:
    """A runner, a store and a meter.

    Attributes:
        outputs: The outputs of the run; none for one that fails.
        sizes: The sizes of the outputs of the executes so far.
        seconds: The time that each run was given.
    """

    def __init__(self, *outputs: Output) -> None:
        self.outputs = outputs
        self.objects = InMemoryObjectStore()
        self.sizes: list[int] = []
        self.seconds: list[float] = []
        self.bytes_out = 0

    @contextmanager
    def measure(self, call: Call) -> Iterator[World]:
        try:
            yield self
        finally:
            self.sizes.append(self.bytes_out)

    def run(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        self.seconds.append(seconds)
        watcher.message(Message("informative", "Done."))
        if not self.outputs:
            raise ToolError("The lake is dry.")
        return RunResult(self.outputs)

    def execute(self, left_ms: int = 60_000) -> tuple[list[str], list[str]]:
        executor = Executor(self.run, lambda: self.objects, self.measure, 25)
        deadline = RequestDeadline(NOW, NOW + left_ms, lambda: NOW)
        return executor.execute(CALL, PLACE, deadline, Writer(self.objects))


def test_files_are_stored_before_the_answer_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b")
    world = World(Output("Table", "GPDataFile", b"{}", {"a.csv": path}))
    assert world.execute() == ([f"executes/{PLACE.folder}/a.csv"], ["Done."])
    assert list(world.objects.bodies.values()) == [b"a,b"]


def test_an_execute_is_measured_however_it_ends() -> None:
    world = World(Output("Count", "GPLong", b"12345"), Output("Name", "GPString", b"1"))
    assert world.execute() == ([], ["Done."])
    assert world.sizes == [6]
    failing = World()
    with pytest.raises(ToolError, match="The lake is dry"):
        failing.execute()
    assert failing.sizes == [0]


def test_a_tool_has_the_time_that_is_left() -> None:
    world = World(Output("Count", "GPLong", b"1"))
    world.execute()
    world.execute(left_ms=10_000)
    assert world.seconds == [25, 10 - RESERVE_MS / 1000]


def test_a_tool_without_time_is_not_run() -> None:
    world = World(Output("Count", "GPLong", b"1"))
    with pytest.raises(DeadlinePassed, match="Submit it as a job"):
        world.execute(left_ms=RESERVE_MS)
    assert (world.seconds, world.sizes) == ([], [0])


def test_deadline_counts_from_the_arrival_at_the_gateway() -> None:
    event = {"requestContext": {"timeEpoch": NOW - 3_000}}
    deadline = RequestDeadline.of(event, 10_000, lambda: NOW)
    assert (deadline.began, deadline.end) == (NOW - 3_000, NOW + 10_000 - MARGIN_MS)
