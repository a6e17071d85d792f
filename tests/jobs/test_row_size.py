"""A row never gets too large for the table, whatever a tool says and makes, however often it is tried."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.read import read_messages
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.jobs.work import AttemptResult, JobWorker
from gpserverless.storage import clients
from gpserverless.storage.attributes import encode
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.testing import InMemoryJobQueue, InMemoryObjectStore, VirtualClock
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import Message, RunResult, Watcher
from tests.jobs.rig import submit

MOST_BYTES = 400 * 1024
"""Of a row, with the names of its attributes (docs.aws.amazon.com/amazondynamodb/latest/developerguide/
ServiceQuotas.html)."""

CALL = Call("Samples" * 8, "Buffer" * 10, {f"parameter_{number:02}" * 4: "" for number in range(100)})
BIG = "€" * 1_000


class Talkative:
    """A tool that says, shows and makes as much as it can; its first attempts find the disk full."""

    def __init__(self, files: Mapping[str, Path], lost: int) -> None:
        self._files = files
        self._lost = lost

    def __call__(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        for number in range(3_000):
            watcher.message(Message("informative", f"{number} {BIG if number % 10 else ''}"))
        watcher.progress(BIG, 50)
        self._lost -= 1
        if self._lost >= 0:
            raise OSError("No space left on device")
        names = [f"output_{number:02}" * 4 for number in range(30)]
        outputs = tuple(Output(name, "GPFeatureRecordSetLayer", b"{}") for name in names)
        return RunResult((*outputs, Output("files", "GPDataFile", b"{}", self._files)))


class Bench:
    """A job on DynamoDB with the most parameters, and workers for it."""

    def __init__(self, table: DynamoJobTable) -> None:
        self.ledger = Ledger(table, JobRules(), VirtualClock())
        self.objects = InMemoryObjectStore()
        self.id = new_job_id()
        submit(self.id, CALL, ledger=self.ledger, objects=self.objects, queue=InMemoryJobQueue())

    def work(self, tool: Talkative) -> AttemptResult:
        def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
            self.ledger.clock.sleep(1)
            return tool(call, watcher, seconds)

        return JobWorker(self.ledger, self.objects, run).work(self.id, 900_000)

    def job(self) -> Job:
        job = self.ledger.read(self.id)
        assert job is not None
        return job

    def row_bytes(self) -> int:
        row = clients.dynamodb_client().get_item(TableName="jobs", Key={"pk": encode(self.id)})["Item"]
        return sum(len(name) + size_of(value) for name, value in row.items())


def size_of(typed: Mapping[str, Any]) -> int:
    """Return what a value takes, by the developer guide's chapter on item sizes."""
    ((kind, value),) = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "L":
        return 3 + sum(1 + size_of(member) for member in value)
    if kind == "M":
        return 3 + sum(1 + len(name) + size_of(member) for name, member in value.items())
    return 1 if kind in ("NULL", "BOOL") else 2 + len(value) // 2


@pytest.fixture
def bench(dynamodb: DynamoJobTable) -> Bench:
    return Bench(dynamodb)


def named(folder: Path, count: int, length: int) -> dict[str, Path]:
    (folder / "tile").touch()
    return {f"{number:05}".ljust(length, "x"): folder / "tile" for number in range(count)}


def test_row_with_the_most_messages_and_files_fits(bench: Bench, tmp_path: Path) -> None:
    tool = Talkative(named(tmp_path, 265, 250), lost=2)
    outcomes = [bench.work(tool).outcome for _ in range(3)]
    assert outcomes == ["esriJobWaiting", "esriJobWaiting", "esriJobSucceeded"]
    assert MOST_BYTES * 0.5 < bench.row_bytes() < MOST_BYTES * 0.8
    assert len(bench.job().files) == 265


def test_too_many_files_fail_the_job(bench: Bench, tmp_path: Path) -> None:
    assert bench.work(Talkative(named(tmp_path, 5_000, 12), lost=0)).outcome == "esriJobFailed"
    assert "The tool made 5,000 files." in (bench.job().reason or "")
    assert bench.job().status is Status.FAILED


def test_messages_are_read_in_order(bench: Bench, tmp_path: Path) -> None:
    bench.work(Talkative({}, lost=0))
    said = read_messages(bench.objects, bench.job())
    numbers = [int(message.text.split()[0]) for message in said if message.text.split()[0].isdigit()]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 250
    assert [message.text for message in said[:2]] == ["Submitted.", "Executing..."]
    assert said[len(numbers) + 2].text == f"{3_000 - len(numbers):,} more messages were not kept."
    assert said[-1].text.startswith("Succeeded at ")


def test_messages_whose_object_is_gone_are_replaced_by_their_number(bench: Bench) -> None:
    bench.work(Talkative({}, lost=0))
    bench.objects.bodies.clear()
    said = read_messages(bench.objects, bench.job())
    assert [message.text[-15:] for message in said].count(" more messages.") == 1


def test_messages_in_the_store_are_not_read_while_a_job_runs(bench: Bench) -> None:
    bench.work(Talkative({}, lost=1))
    bench.objects.bodies.clear()
    job = bench.job()
    assert read_messages(bench.objects, job) == job.messages
