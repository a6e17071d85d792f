"""What a job has spent: over attempts and retries, however it ends, in its row and in its messages."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from gpserverless.errors import ToolError
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import describe_usage, info
from gpserverless.jobs.pricing import SUBMIT, FunctionSize, count_attempt, price
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import FINAL, Status
from gpserverless.jobs.sweep import sweep
from gpserverless.jobs.usage import Usage
from gpserverless.jobs.work import JobWorker
from gpserverless.storage import clients
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryJobQueue,
    InMemoryJobTable,
    InMemoryObjectStore,
    VirtualClock,
)
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import RunResult, Watcher, attach_peak
from tests.jobs.rig import FENCE, Put, submit

ID = "j" + "5" * 32
CALL = Call("Samples", "Buffer", {"points": "{}"})
MEBIBYTE = 2**20
Run = Callable[[Call, Watcher, float], RunResult]


class Shift:
    """One job that is worked on, a machine of 1024 MB, and everybody who was told of its end."""

    def __init__(self, faults: FaultInjection, clock: VirtualClock) -> None:
        self.faults, self.clock = faults, clock
        self.ended: list[Job] = []
        self.ledger = Ledger(FaultyPort(InMemoryJobTable(), faults), JobRules(), clock, self.ended.append)
        self.objects = InMemoryObjectStore()
        submit(ID, CALL, ledger=self.ledger, objects=self.objects, queue=InMemoryJobQueue())

    def work(
        self, seconds: float = 2, peak: int | None = 80 * MEBIBYTE, error: Exception | None = None
    ) -> str:
        def run(call: Call, watcher: Watcher, limit: float) -> RunResult:
            ends = self.clock.now() + seconds * 1000
            while self.clock.now() < ends:
                watcher.check_cancelled()
                self.clock.sleep(0.25)
            if error is not None:
                attach_peak(error, peak)
                raise error
            return RunResult((Output("zones", "GPString", b"{}"),), peak)

        objects = FaultyPort(self.objects, self.faults)
        return JobWorker(self.ledger, objects, run, FunctionSize(1024)).work(ID, 900_000).outcome

    def job(self) -> Job:
        job = self.ledger.read(ID)
        assert job is not None
        return job

    def usage(self) -> Usage:
        usage = self.job().usage
        assert usage is not None
        return usage


@pytest.fixture
def shift(faults: FaultInjection, clock: VirtualClock) -> Shift:
    return Shift(faults, clock)


def test_usage_of_a_success(shift: Shift) -> None:
    shift.clock.sleep(3)
    shift.work(seconds=2)
    usage = shift.usage()
    assert (usage.queue_ms, usage.run_ms, usage.peak_bytes) == (3_000, 2_000, 80 * MEBIBYTE)
    # the submit; 2 GB-s; an invocation; 6 write units, 2 reads, an object each way, 2 messages
    assert usage.dollars == Decimal("0.000045592")  # rounded from 0.0000455918
    assert shift.ended == [shift.job()]


@pytest.mark.parametrize("error", [ToolError("x"), ValueError("x")])
def test_usage_of_a_failure_counts_like_a_success(shift: Shift, error: Exception) -> None:
    assert shift.work(seconds=2, error=error) == "esriJobFailed"
    assert shift.usage().run_ms == 2_000
    assert shift.usage().peak_bytes == 80 * MEBIBYTE


def test_usage_adds_up_all_attempts(shift: Shift) -> None:
    shift.faults.schedule("put", "down")
    assert shift.work(seconds=4, peak=90 * MEBIBYTE) == "esriJobWaiting"
    first = shift.usage()
    assert (first.queue_ms, first.run_ms) == (0, 4_000)
    assert shift.ended == []
    shift.clock.sleep(7)
    shift.work(seconds=2, peak=80 * MEBIBYTE)
    both = shift.usage()
    assert (both.queue_ms, both.run_ms, both.peak_bytes) == (7_000, 6_000, 90 * MEBIBYTE)
    assert both.dollars > first.dollars + dollars_of_seconds(2)
    assert len(shift.ended) == 1


def dollars_of_seconds(seconds: int) -> Decimal:
    return seconds * Decimal("0.0000133334")


def test_usage_of_a_lost_worker_is_that_of_its_last_beat(shift: Shift) -> None:
    def dies(call: Call, watcher: Watcher, limit: float) -> RunResult:
        for _ in range(100):  # 25 s: one beat at 20 s
            watcher.check_cancelled()
            shift.clock.sleep(0.25)
        raise SystemExit

    with pytest.raises(SystemExit):
        JobWorker(shift.ledger, shift.objects, dies, FunctionSize(1024)).work(ID, 900_000)
    shift.clock.sleep(61)
    sweep(shift.ledger, {"core": InMemoryJobQueue()}, until=shift.clock.now() + 1_000)
    assert shift.job().status is Status.WAITING
    assert 20_000 <= shift.usage().run_ms < 21_000
    assert shift.usage().dollars > dollars_of_seconds(20)
    shift.work(seconds=2)
    assert 22_000 <= shift.usage().run_ms < 23_000
    assert shift.usage().queue_ms == 66_000 - (shift.usage().run_ms - 22_000)


def test_clock_that_is_set_back_makes_no_time_and_no_cost_negative(shift: Shift) -> None:
    def run(call: Call, watcher: Watcher, limit: float) -> RunResult:
        for _ in range(100):  # 25 s: one beat at 20 s
            watcher.check_cancelled()
            shift.clock.sleep(0.25)
        shift.clock.time -= 30_000
        return RunResult()

    worker = JobWorker(shift.ledger, shift.objects, run, FunctionSize(1024))
    result = worker.work(ID, 900_000)
    assert (result.outcome, result.milliseconds) == ("esriJobSucceeded", 0)
    assert shift.usage().run_ms >= 20_000
    assert shift.usage().dollars > dollars_of_seconds(20)
    assert "Elapsed Time: 0.00 seconds" in shift.job().messages[-1].text


def test_clock_that_is_set_back_before_any_beat_counts_as_standing_still(shift: Shift) -> None:
    still = price(SUBMIT) + price(
        count_attempt(0, beats=0, reads=0, puts=0, row_bytes=900), FunctionSize(1024)
    )

    def run(call: Call, watcher: Watcher, limit: float) -> RunResult:
        shift.clock.time -= 3_600_000
        return RunResult()

    JobWorker(shift.ledger, shift.objects, run, FunctionSize(1024)).work(ID, 900_000)
    assert (shift.usage().queue_ms, shift.usage().run_ms) == (0, 0)
    assert shift.usage().dollars == still


def test_usage_of_a_job_cancelled_in_the_queue_is_its_wait(shift: Shift) -> None:
    shift.clock.sleep(9)
    cancel(shift.ledger, shift.job())
    assert shift.usage() == Usage(9_000, 0, None, Decimal("0.000009775"))
    assert [message.text for message in shift.job().messages[-2:]] == [
        "Queued 9.00 seconds, cost about $0.000010.",
        "Cancelled.",
    ]
    assert shift.ended == [shift.job()]


ENDINGS = [
    ("abandon", Status.NEW, {"due_at": 1}),
    ("reap cancelled", Status.CANCELLING, {"due_at": 1, "lease_until": 1}),
    ("reap overdue", Status.EXECUTING, {"due_at": 1, "lease_until": 1, "run_deadline": 1}),
    ("reap lost", Status.EXECUTING, {"due_at": 1, "lease_until": 1, "attempt": 3}),
    ("expire", Status.SUBMITTED, {"due_at": 1, "queue_deadline": 1}),
    ("exhaust", Status.WAITING, {"due_at": 1, "attempt": 3}),
]
BEFORE = {"queue_ms": 1, "run_ms": 300, "peak_bytes": 7, "dollars": Decimal("0.001")}


@pytest.mark.parametrize("usage", [None, BEFORE], ids=["nothing known", "a beat"])
@pytest.mark.parametrize(("name", "status", "given"), ENDINGS, ids=[name for name, _, _ in ENDINGS])
def test_usage_in_the_row_is_kept_by_endings_without_a_worker(
    ledger: Ledger, put: Put, name: str, status: Status, given: dict[str, object], usage: dict[str, object]
) -> None:
    job = put(status, **given, usage=usage)
    sweep(ledger, {"core": InMemoryJobQueue()}, until=ledger.clock.now() + 1_000)
    ended = ledger.read(job.id)
    assert ended is not None
    assert ended.status in FINAL
    assert ended.usage is not None
    before = Decimal("0.001") if usage else price(SUBMIT)
    assert ended.usage.dollars == before + Decimal("0.00000125")
    assert (ended.usage.run_ms, ended.usage.peak_bytes) == ((300, 7) if usage else (0, None))
    waited = {Status.NEW: 0, Status.EXECUTING: 1 if usage else 400, Status.CANCELLING: 1 if usage else 400}
    assert ended.usage.queue_ms == waited.get(status, 600 if usage else 900)


@pytest.mark.parametrize("move", ["succeed", "fail"])
def test_on_end_is_called_once_although_the_answer_was_lost(shift: Shift, move: str) -> None:
    shift.faults.schedule(move, "lost")
    shift.work(error=ToolError("x") if move == "fail" else None)
    assert len(shift.ended) == 1


def test_on_end_is_not_called_for_the_outcome_of_another_writer(ledger: Ledger, put: Put) -> None:
    told: list[Job] = []
    watching = Ledger(ledger.table, ledger.rules, ledger.clock, told.append)
    job = put(Status.SUCCEEDED)
    assert not watching.fail(job.id, FENCE, [], "x").applied
    assert told == []


ACCOUNTS = [
    (Usage(0, 0, None, Decimal("0.0000085")), "Queued 0.00 seconds, cost about $0.000008."),
    (
        Usage(310, 2_100, 182 * MEBIBYTE, Decimal("0.000118")),
        "Queued 0.31 seconds, ran 2.10 seconds, peak memory 182 MB, cost about $0.000118.",
    ),
]


@pytest.mark.parametrize(("usage", "text"), ACCOUNTS)
def test_describe_usage(usage: Usage, text: str) -> None:
    assert describe_usage(usage) == info(text)


@pytest.mark.parametrize("amount", ["0", "0.000000001", "0.5", "12", "0.00000002"])
def test_usage_comes_back_exactly(ledger: Ledger, put: Put, amount: str) -> None:
    usage = Usage(1, 2, None, Decimal(amount))
    job = ledger.fail(put(Status.EXECUTING).id, FENCE, [], "x", usage).job
    assert job is not None
    assert job.usage == usage


@pytest.mark.parametrize("steady_table", ["dynamodb"], indirect=True)
def test_usage_in_the_row_has_four_numbers(ledger: Ledger, put: Put) -> None:
    job = put(Status.EXECUTING)
    ledger.succeed(job.id, FENCE, [], {}, {}, Usage(1, 2, 3, Decimal("0.000000123456")))
    row = clients.dynamodb_client().get_item(TableName="jobs", Key={"pk": {"S": job.id}})["Item"]
    assert row["usage"] == {
        "M": {
            "queue_ms": {"N": "1"},
            "run_ms": {"N": "2"},
            "peak_bytes": {"N": "3"},
            "dollars": {"N": "0.000000123"},
        }
    }
