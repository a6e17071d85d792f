"""Submits, workers with stale fences, a jumping clock, cancels, the reaper and the dead letters in any order.

After every step the invariants of the jobs' room hold: an outcome never changes, a cancelled job never
succeeds, a refused submit leaves no ghost, runs are bounded, and the reaper can see every open job.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from gpserverless.errors import InvalidParameter, StorageError, UnknownJob
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.dead_letter import bury
from gpserverless.jobs.deletion import delete, erase, list_hidden
from gpserverless.jobs.find import find_result, get_job
from gpserverless.jobs.job import StoredResult
from gpserverless.jobs.keys import new_fence, new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import OPEN, Status
from gpserverless.jobs.sweep import sweep
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryJobQueue,
    InMemoryJobTable,
    InMemoryObjectStore,
    VirtualClock,
)
from gpserverless.toolkit.call import Call
from tests.jobs.rig import submit

RULES = JobRules(max_attempts=2)
CALL = Call("Samples", "Buffer", {})
KINDS = st.sampled_from(["", "", "", "down", "lost", "again"])


class JobsMachine(RuleBasedStateMachine):
    """Several jobs, and everybody who moves them."""

    jobs: Bundle[str] = Bundle("jobs")
    runs: Bundle[tuple[str, str, int]] = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.faults = FaultInjection()
        self.rows = InMemoryJobTable()
        self.clock = VirtualClock()
        self.queue = InMemoryJobQueue()
        self.ledger = Ledger(FaultyPort(self.rows, self.faults), RULES, self.clock)
        self.refused: set[str] = set()
        self.cancelled: set[str] = set()
        self.deleted: set[str] = set()
        self.claims: dict[str, int] = {}
        self.ended: dict[str, dict[str, Any]] = {}

    @rule(target=jobs, send=KINDS, mark=KINDS, withdraw=KINDS)
    def submit(self, send: str, mark: str, withdraw: str) -> str:
        job_id = new_job_id()
        for step, kind in (("send", send), ("submit", mark), ("withdraw", withdraw)):
            self.faults.schedule(step, *([kind] if kind else []))
        queue = FaultyPort(self.queue, self.faults)
        try:
            submit(job_id, CALL, ledger=self.ledger, objects=InMemoryObjectStore(), queue=queue)
        except StorageError:
            self.refused.add(job_id)
        self.faults.clear()
        return job_id

    @rule(milliseconds=st.sampled_from([1, 20_000, 61_000, 301_000, 900_000, 3_700_000]))
    def wait(self, milliseconds: int) -> None:
        self.clock.time += milliseconds

    @rule(target=runs, kind=st.sampled_from(["", "again"]))
    def receive(self, kind: str) -> Any:
        if not self.queue.sent:
            return multiple()
        job_id, fence = self.queue.sent.pop(0), new_fence()
        self.faults.schedule("claim", *([kind] if kind else []))
        claimed = self.ledger.claim(job_id, fence)
        if not claimed.applied or claimed.job is None:
            return multiple()
        self.claims[job_id] = self.claims.get(job_id, 0) + 1
        return (job_id, fence, claimed.job.attempt)

    @rule(run=runs, what=st.sampled_from(["beat", "succeed", "fail", "time out", "stop", "release"]))
    def act(self, run: tuple[str, str, int], what: str) -> None:
        """Any run may act at any time, long after it lost its lease."""
        job_id, fence, attempt = run
        results = {"zones": StoredResult(f"jobs/{job_id}/{attempt}-{fence}/zones.json", 1, "GPString")}
        acts = {
            "beat": lambda: self.ledger.beat(job_id, fence, [], None),
            "succeed": lambda: self.ledger.succeed(job_id, fence, [], results, {}),
            "fail": lambda: self.ledger.fail(job_id, fence, [], "x"),
            "time out": lambda: self.ledger.time_out(job_id, fence, []),
            "stop": lambda: self.ledger.stop(job_id, fence, []),
            "release": lambda: self.ledger.release(job_id, fence, []),
        }
        if acts[what]().applied and what == "release":
            self.queue.sent.append(job_id)

    @rule(job_id=jobs)
    def cancel(self, job_id: str) -> None:
        job = self.rows.read(job_id)
        if job is None or not job.status.is_visible:
            return
        try:
            cancel(self.ledger, job)
        except InvalidParameter:
            assert job.status.is_final
        else:
            self.cancelled.add(job_id)

    @rule(kind=KINDS)
    def sweep(self, kind: str) -> None:
        self.faults.schedule("send", *([kind] if kind else []))
        sweep(self.ledger, {"core": FaultyPort(self.queue, self.faults)}, until=self.clock.now() + 1)
        self.faults.clear()

    @rule(job_id=jobs)
    def bury(self, job_id: str) -> None:
        bury(self.ledger, job_id)

    @rule(job_id=jobs)
    def delete(self, job_id: str) -> None:
        found = self.rows.read(job_id)
        try:
            delete(self.ledger, job_id)
        except InvalidParameter:
            assert found is not None
            assert found.status in OPEN
        except UnknownJob:
            assert found is None
        else:
            self.deleted.add(job_id)

    @rule(kind=st.sampled_from(["", "down", "again"]))
    def erase(self, kind: str) -> None:
        self.faults.schedule("erase", *([kind] if kind else []))
        erase(self.ledger, InMemoryObjectStore(), list_hidden(self.ledger), until=self.clock.now() + 1)
        self.faults.clear()

    @rule(job_id=jobs)
    def deliver_again(self, job_id: str) -> None:
        self.queue.sent.append(job_id)

    @invariant()
    def an_outcome_never_changes(self) -> None:
        for job_id, row in self.rows.rows.items():
            if Status(row["status"]).is_final:
                assert self.ended.setdefault(job_id, row) == row

    @invariant()
    def what_was_deleted_is_never_seen_again(self) -> None:
        assert all(
            self.rows.rows[job_id]["status"] == Status.DELETING for job_id in self.deleted & {*self.rows.rows}
        )

    @invariant()
    def what_has_ended_only_goes(self) -> None:
        for job_id in {*self.ended} & {*self.rows.rows}:
            assert self.rows.rows[job_id]["status"] in (self.ended[job_id]["status"], Status.DELETING)

    @invariant()
    def a_cancelled_job_never_succeeds_and_a_refused_one_neither(self) -> None:
        for job_id, row in self.rows.rows.items():
            assert row["status"] != Status.SUCCEEDED or job_id not in self.cancelled | self.refused

    @invariant()
    def results_are_those_of_the_worker_that_ended_the_job(self) -> None:
        for row in self.rows.rows.values():
            assert ("results" in row) == (row["status"] == Status.SUCCEEDED) or row["pk"] in self.deleted
            if "results" in row:
                assert f"-{row['done_by']}/" in row["results"]["zones"]["key"]

    @invariant()
    def runs_are_bounded(self) -> None:
        assert all(claims <= RULES.max_attempts for claims in self.claims.values())
        assert all(row["attempt"] <= RULES.max_attempts for row in self.rows.rows.values())

    @invariant()
    def the_reaper_sees_exactly_the_open_jobs(self) -> None:
        for row in self.rows.rows.values():
            is_open = not Status(row["status"]).is_final
            assert ("open_shard" in row, "due_at" in row) == (is_open, is_open)
            leased = row["status"] in (Status.EXECUTING, Status.CANCELLING)
            assert ("lease_owner" in row, "lease_until" in row) == (leased, leased)

    def teardown(self) -> None:
        """With the reaper at work and no worker left, every job ends."""
        for _ in range(10):
            self.clock.time += RULES.wait_ms + RULES.run_ms
            sweep(self.ledger, {"core": self.queue}, until=self.clock.now() + 1)
        erase(self.ledger, InMemoryObjectStore(), list_hidden(self.ledger), until=self.clock.now() + 1)
        assert all(Status(row["status"]).is_final for row in self.rows.rows.values())
        for job_id, row in self.rows.rows.items():
            row["expires_at"] = self.clock.now() + 1
            job = get_job(self.ledger, job_id, "Samples", "Buffer")
            assert job.status is not Status.SUCCEEDED or find_result(job, "zones")


JobsMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestJobs = JobsMachine.TestCase
