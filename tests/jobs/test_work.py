"""What a worker makes of a message: the outcomes of a run, and everything that can come between."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gpserverless.errors import (
    Cancelled,
    DeadlinePassed,
    InvalidParameter,
    NotFound,
    OutOfMemory,
    StorageRefused,
    ToolCrashed,
    ToolError,
)
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.job import Job, NewJob
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from gpserverless.jobs.sweep import sweep
from gpserverless.jobs.work import AttemptResult, JobWorker
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryJobQueue,
    InMemoryJobTable,
    InMemoryObjectStore,
)
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import Message, RunResult, Watcher
from tests.jobs.rig import submit

ID = "j" + "0" * 32
CALL = Call("Samples", "Buffer", {"points": "{}"})
BODY = b'{"paramName":"zones","dataType":"GPString","value":"x"}'
FENCE = "feed"
FUNCTION_MS = 900_000
Run = Callable[[Call, Watcher, float], RunResult]


def answer(call: Call, watcher: Watcher, seconds: float) -> RunResult:
    return RunResult((Output("zones", "GPString", BODY, has_z=True),))


def raises(error: BaseException) -> Run:
    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        raise error

    return run


class Bench:
    """A submitted job, and a worker for it."""

    def __init__(self, ledger: Ledger, faults: FaultInjection) -> None:
        self.ledger = ledger
        self.clock = ledger.clock
        self.faults = faults
        self.rows: InMemoryJobTable = ledger.table.inner  # type: ignore[attr-defined]
        self.objects = InMemoryObjectStore()
        submit(ID, CALL, ledger=ledger, objects=self.objects, queue=InMemoryJobQueue())
        faults.calls.clear()

    def work(self, run: Run = answer, remaining_ms: int = FUNCTION_MS, fence: str = FENCE) -> AttemptResult:
        worker = JobWorker(self.ledger, FaultyPort(self.objects, self.faults), run)
        return worker.work(ID, remaining_ms, fence)

    def runs_for(self, seconds: float, then: Run = answer) -> Run:
        """A tool that takes its time; its runner looks four times a second, as the real one does."""

        def run(call: Call, watcher: Watcher, limit: float) -> RunResult:
            ends = self.clock.now() + seconds * 1000
            while self.clock.now() < ends:
                watcher.check_cancelled()
                self.clock.sleep(0.25)
            return then(call, watcher, limit)

        return run

    def job(self) -> Job:
        job = self.rows.read(ID)
        assert job is not None
        return job

    def list_texts(self) -> list[str]:
        return [message.text for message in self.job().messages]


@pytest.fixture
def bench(memory_ledger: Ledger, faults: FaultInjection) -> Bench:
    return Bench(memory_ledger, faults)


def test_success_takes_two_writes_and_lists_the_stored_results(bench: Bench, tmp_path: Path) -> None:
    picture = tmp_path / "zones.png"
    picture.write_bytes(b"png")
    seen: list[tuple[Call, float]] = []

    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        seen.append((call, seconds))
        bench.clock.sleep(0.35)
        return RunResult((Output("zones", "GPString", BODY, {"zones.png": picture}, has_z=True),))

    worked = bench.work(run)
    job = bench.job()
    assert seen == [(CALL.for_worker(), 840.0)]
    assert bench.faults.calls == ["claim", "get", "put", "put file", "succeed"]
    assert worked == AttemptResult(ID, "esriJobSucceeded", None, None, 350)
    assert (job.status, job.done_by, job.attempt) == (Status.SUCCEEDED, FENCE, 1)
    stored = job.results["zones"]
    assert stored.key == f"jobs/{ID}/1-{FENCE}/zones.json"
    assert (stored.size, stored.data_type, stored.has_z, stored.has_m) == (len(BODY), "GPString", True, False)
    assert bench.objects.get(stored.key) == BODY
    assert job.expires_at == (job.ended_at or 0) + 24 * 3_600_000
    assert bench.rows.rows[ID]["ttl_at"] == (job.ended_at or 0) // 1000 + 4 * 86_400
    assert job.files["zones.png"].key == f"jobs/{ID}/1-{FENCE}/files/zones.png"
    assert (job.files["zones.png"].size, bench.objects.get(job.files["zones.png"].key)) == (3, b"png")
    assert bench.list_texts() == [
        "Submitted.",
        "Executing...",
        "Queued 0.00 seconds, ran 0.35 seconds, cost about $0.000024.",
        "Succeeded at 2023-11-14 22:13:20 UTC (Elapsed Time: 0.35 seconds)",
    ]


ENDINGS = [
    (ToolError("There are no points."), Status.FAILED, "There are no points."),
    (ToolCrashed("The tool's process died (SIGSEGV)."), Status.FAILED, "The tool's process died (SIGSEGV)."),
    (OutOfMemory("The tool ran out of memory."), Status.FAILED, "The tool ran out of memory."),
    (
        InvalidParameter("distance", "'x' is not a number"),
        Status.FAILED,
        "Parameter 'distance': 'x' is not a number.",
    ),
    (
        NotFound("Task 'Buffer' not found in service 'Samples'."),
        Status.FAILED,
        "Task 'Buffer' not found in service 'Samples'.",
    ),
    (ValueError("a secret of ours"), Status.FAILED, "The server could not run the tool."),
    (DeadlinePassed("The tool ran out of time."), Status.TIMED_OUT, "The tool ran longer than it may."),
]


@pytest.mark.parametrize(("error", "status", "why"), ENDINGS, ids=lambda value: type(value).__name__)
def test_run_ends_with_the_status_of_its_error(
    bench: Bench, error: Exception, status: Status, why: str
) -> None:
    worked = bench.work(raises(error))
    assert (worked.outcome, worked.hand_back_seconds, worked.problem) == (status.value, None, error)
    job = bench.job()
    assert job.status is status
    assert job.results == {}
    assert Message("error", why) in job.messages
    assert job.messages[-1].text.startswith("Failed at 2" if status is Status.FAILED else "Timed out at 2")


def test_run_may_take_the_time_left_to_the_function(bench: Bench) -> None:
    limits: list[float] = []

    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        limits.append(seconds)
        return RunResult()

    bench.work(run, remaining_ms=100_000)
    assert limits == [85.0]


@pytest.mark.parametrize("remaining_ms", [0, -1, 19_999])
def test_job_is_not_started_without_time(bench: Bench, remaining_ms: int) -> None:
    assert bench.work(remaining_ms=remaining_ms).hand_back_seconds == 0
    assert bench.job().status is Status.SUBMITTED


def test_job_out_of_time_is_not_run_again(bench: Bench) -> None:
    queue_again(bench, run_deadline=bench.clock.now())
    assert bench.work(raises(AssertionError("the tool was started"))).outcome == "esriJobTimedOut"


def queue_again(bench: Bench, **given: object) -> None:
    """Put the job back into the queue, as the reaper does when it takes the worker for lost."""
    bench.rows.rows[ID] |= {"status": "esriJobWaiting", **given}


def test_cancel_reaches_the_tool_within_two_seconds(bench: Bench) -> None:
    asked_at = bench.clock.now() + 60_250
    stopped_at: list[int] = []

    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        try:
            while bench.clock.now() < asked_at:
                watcher.check_cancelled()
                bench.clock.sleep(0.25)
            assert cancel(bench.ledger, bench.job()).status is Status.CANCELLING
            return bench.runs_for(60)(call, watcher, seconds)
        except Cancelled:
            stopped_at.append(bench.clock.now())
            raise

    assert bench.work(run).outcome == "esriJobCancelled"
    assert stopped_at[0] - asked_at <= 2_000
    assert bench.list_texts()[-1] == "Cancelled."


@pytest.mark.parametrize(
    "ending", [answer, raises(ToolError("too late")), raises(DeadlinePassed("too late"))]
)
def test_cancel_that_was_accepted_wins_over_every_outcome(bench: Bench, ending: Run) -> None:
    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        cancel(bench.ledger, bench.job())
        return ending(call, watcher, seconds)

    assert bench.work(run).outcome == "esriJobCancelled"
    assert (bench.job().status, bench.job().results) == (Status.CANCELLED, {})


def test_job_cancelled_before_its_message_came_is_not_run(bench: Bench) -> None:
    assert cancel(bench.ledger, bench.job()).status is Status.CANCELLED
    worked = bench.work(raises(AssertionError("the tool was started")))
    assert worked == AttemptResult(ID, "not to be claimed: esriJobCancelled")


def test_message_delivered_twice_runs_the_job_once(bench: Bench) -> None:
    def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        assert bench.work(fence="another").hand_back_seconds is None
        return answer(call, watcher, seconds)

    assert bench.work(run).outcome == "esriJobSucceeded"
    assert bench.work(fence="another") == AttemptResult(ID, "not to be claimed: esriJobSucceeded")
    assert bench.job().attempt == 1


def test_message_about_an_unknown_job_is_done_with(
    memory_ledger: Ledger, objects: InMemoryObjectStore
) -> None:
    worked = JobWorker(memory_ledger, objects, answer).work(ID, FUNCTION_MS)
    assert worked == AttemptResult(ID, "not to be claimed: no such job")


class TestOvertaking:
    """The message was faster than the submit that sent it."""

    def test_worker_waits_a_moment(self, memory_ledger: Ledger, objects: InMemoryObjectStore) -> None:
        objects.put(f"jobs/{ID}/inputs.json", json.dumps(CALL.to_json()).encode(), "application/json")
        memory_ledger.create(NewJob(ID, CALL), "token")
        slept = memory_ledger.clock.sleep

        def submitted_meanwhile(seconds: float) -> None:
            slept(seconds)
            memory_ledger.submit(ID, "token")

        memory_ledger.clock.sleep = submitted_meanwhile  # type: ignore[method-assign]
        worked = JobWorker(memory_ledger, objects, answer).work(ID, FUNCTION_MS)
        assert worked.outcome == "esriJobSucceeded"

    def test_and_then_hands_the_message_back(
        self, memory_ledger: Ledger, objects: InMemoryObjectStore
    ) -> None:
        memory_ledger.create(NewJob(ID, CALL), "token")
        began = memory_ledger.clock.now()
        worked = JobWorker(memory_ledger, objects, answer).work(ID, FUNCTION_MS)
        assert worked == AttemptResult(ID, "not submitted yet", hand_back_seconds=5)
        assert 1_500 <= memory_ledger.clock.now() - began <= 2_000


class TestLease:
    def test_long_run_keeps_it(self, bench: Bench) -> None:
        assert bench.work(bench.runs_for(800)).outcome == "esriJobSucceeded"

    def test_beats_come_every_twenty_seconds(self, bench: Bench) -> None:
        bench.work(bench.runs_for(95))
        assert bench.faults.calls.count("beat") == 4
        assert bench.faults.calls.count("read") <= 95

    def test_worker_that_cannot_renew_it_stops_and_writes_nothing(self, bench: Bench) -> None:
        bench.faults.schedule("beat", *["down"] * 1000)
        bench.faults.schedule("read", *["down"] * 1000)
        began = bench.clock.now()
        worked = bench.work(bench.runs_for(800))
        assert worked.outcome == "lease lost"
        assert bench.clock.now() - began <= 50_250
        assert bench.job().status is Status.EXECUTING
        assert "succeed" not in bench.faults.calls

    def test_table_that_is_away_for_a_while_does_no_harm(self, bench: Bench) -> None:
        bench.faults.schedule("read", *["down"] * 20)
        bench.faults.schedule("beat", "down", "down")
        assert bench.work(bench.runs_for(100)).outcome == "esriJobSucceeded"

    def test_paused_worker_finds_that_another_one_has_the_job(self, bench: Bench) -> None:
        def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
            bench.clock.sleep(61)
            queue_again(bench)
            assert bench.work(fence="another").outcome == "esriJobSucceeded"
            return bench.runs_for(10)(call, watcher, seconds)

        assert bench.work(run).outcome == "lease lost"
        assert bench.job().done_by == "another"

    def test_worker_that_never_looks_up_cannot_change_the_others_results(self, bench: Bench) -> None:
        def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
            bench.clock.sleep(30)
            queue_again(bench)
            bench.work(fence="another")
            return RunResult((Output("zones", "GPString", b"stale"),))

        bench.work(run)
        assert bench.job().done_by == "another"
        assert bench.objects.get(bench.job().results["zones"].key) == BODY


class TestStores:
    @pytest.mark.parametrize("failing", ["get", "put"])
    def test_failing_store_costs_an_attempt(self, bench: Bench, failing: str) -> None:
        bench.faults.schedule(failing, "down")
        worked = bench.work()
        assert (worked.outcome, worked.hand_back_seconds) == ("esriJobWaiting", 5)
        assert bench.job().status.public is Status.SUBMITTED
        assert bench.work(fence="second").outcome == "esriJobSucceeded"
        assert bench.job().attempt == 2

    def test_but_not_more_attempts_than_there_are(self, bench: Bench) -> None:
        bench.faults.schedule("put", *["down"] * 9)
        outcomes = [bench.work(fence=f"f{n}").outcome for n in range(4)]
        assert outcomes == ["esriJobWaiting"] * 2 + ["esriJobFailed", "not to be claimed: esriJobFailed"]

    def test_missing_inputs_fail_the_job(self, bench: Bench) -> None:
        bench.objects.bodies.clear()
        assert bench.work().outcome == "esriJobFailed"

    def test_claim_that_fails_hands_the_message_back(self, bench: Bench) -> None:
        bench.faults.schedule("claim", "down")
        assert bench.work().hand_back_seconds == 5
        assert bench.job().attempt == 0

    def test_machine_whose_disk_is_full_leaves_the_job_to_another(self, bench: Bench) -> None:
        worked = bench.work(raises(OSError(errno.ENOSPC, "No space left on device")))
        assert (worked.outcome, worked.hand_back_seconds) == ("esriJobWaiting", 5)

    def test_claim_whose_answer_was_lost_is_found_again_by_the_reaper(self, bench: Bench) -> None:
        bench.faults.schedule("claim", "lost")
        assert bench.work().hand_back_seconds == 5
        assert bench.work(fence="another").outcome == "not to be claimed: esriJobExecuting"

    @pytest.mark.parametrize("kind", ["down", "lost", "again"])
    def test_success_is_not_lost(self, bench: Bench, kind: str) -> None:
        bench.faults.schedule("succeed", kind)
        assert bench.work().outcome == "esriJobSucceeded"
        assert bench.job().rev == 4

    @pytest.mark.parametrize("failing", ["get", "put"])
    def test_store_that_refuses_for_good_fails_the_job_at_once(self, bench: Bench, failing: str) -> None:
        bench.faults.schedule(failing, "refused")
        assert bench.work().outcome == "esriJobFailed"
        assert (bench.job().attempt, bench.job().results) == (1, {})
        assert "The server could not read the inputs or write the results." in bench.list_texts()

    def test_outcome_that_can_never_be_written_is_a_failure_that_says_so(self, bench: Bench) -> None:
        bench.faults.schedule("succeed", "refused")
        worked = bench.work()
        assert (worked.outcome, worked.hand_back_seconds) == ("esriJobFailed", None)
        assert isinstance(worked.problem, StorageRefused)
        assert bench.faults.calls == ["claim", "get", "put", "succeed", "fail"]
        assert (bench.job().reason, bench.job().results) == ("The server could not write the outcome.", {})

    def test_cancel_wins_over_an_outcome_that_can_never_be_written(self, bench: Bench) -> None:
        def run(call: Call, watcher: Watcher, seconds: float) -> RunResult:
            cancel(bench.ledger, bench.job())
            return answer(call, watcher, seconds)

        bench.faults.schedule("succeed", "refused")
        assert bench.work(run).outcome == "esriJobCancelled"

    def test_table_that_takes_no_outcome_at_all_is_asked_twice_an_attempt(self, bench: Bench) -> None:
        bench.faults.schedule("succeed", "refused")
        bench.faults.schedule("fail", "refused")
        assert bench.work().outcome == "outcome not written"
        assert bench.faults.calls[-2:] == ["succeed", "fail"]
        bench.clock.sleep(61)
        assert sweep(bench.ledger, {"core": InMemoryJobQueue()}, bench.clock.now() + 1000).counts == {
            "retry": 1
        }

    def test_job_that_lists_too_many_files_fails(self, bench: Bench, tmp_path: Path) -> None:
        (tmp_path / "tile").touch()
        files = {f"{number:05d}-{'tile' * 50}.png": tmp_path / "tile" for number in range(1_000)}
        assert (
            bench.work(lambda *_: RunResult((Output("zones", "GPString", BODY, files),))).outcome
            == "esriJobFailed"
        )
        assert "put" not in bench.faults.calls
        assert "The tool made 1,000 files. A job can list 200,000 bytes" in (bench.job().reason or "")

    def test_outcome_that_cannot_be_written_is_left_to_the_reaper(self, bench: Bench) -> None:
        bench.faults.schedule("succeed", *["down"] * 100)
        worked = bench.work()
        assert (worked.outcome, worked.hand_back_seconds) == ("outcome not written", 5)
        assert bench.job().status is Status.EXECUTING
