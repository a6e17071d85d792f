"""The reaper: what it does with each overdue job, twice over, half way and without its stores."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import FINAL, Status
from gpserverless.jobs.sweep import sweep
from gpserverless.testing import FaultInjection, FaultyPort, InMemoryJobQueue
from tests.jobs.rig import Put

PAST = 1_600_000_000_000
LATE = {"due_at": PAST}
LOST = {"due_at": PAST, "lease_until": PAST}


class Case(NamedTuple):
    """An overdue job, the move that the reaper makes, where it ends, and how many messages are sent."""

    number: str
    status: Status
    given: dict[str, Any]
    name: str
    becomes: Status
    sent: int


CASES = [
    Case("T4", Status.NEW, LATE, "abandon", Status.FAILED, 0),
    Case("T14", Status.CANCELLING, LOST, "reap cancelled", Status.CANCELLED, 0),
    Case(
        "T14",
        Status.CANCELLING,
        LOST | {"attempt": 3, "run_deadline": PAST},
        "reap cancelled",
        Status.CANCELLED,
        0,
    ),
    Case("T15", Status.EXECUTING, LOST | {"run_deadline": PAST}, "reap overdue", Status.TIMED_OUT, 0),
    Case(
        "T15",
        Status.EXECUTING,
        LOST | {"run_deadline": PAST, "attempt": 3},
        "reap overdue",
        Status.TIMED_OUT,
        0,
    ),
    Case("T16", Status.EXECUTING, LOST, "retry", Status.WAITING, 1),
    Case("T17", Status.EXECUTING, LOST | {"attempt": 3}, "reap lost", Status.FAILED, 0),
    Case("T18", Status.SUBMITTED, LATE, "resend", Status.SUBMITTED, 1),
    Case("T18", Status.WAITING, LATE, "resend", Status.WAITING, 1),
    Case("T19", Status.SUBMITTED, LATE | {"queue_deadline": PAST}, "expire", Status.TIMED_OUT, 0),
    Case("T19", Status.WAITING, LATE | {"queue_deadline": PAST, "attempt": 3}, "expire", Status.TIMED_OUT, 0),
    Case("T19", Status.WAITING, LATE | {"attempt": 3}, "exhaust", Status.FAILED, 0),
]


@pytest.fixture(autouse=True)
def _empty_index(ledger: Ledger) -> None:
    """The tables of a module are shared: end what other tests have left open."""
    for shard in range(ledger.rules.shards):
        for job_id in list(ledger.table.due(shard, 10**15)):
            seen = ledger.read(job_id)
            assert seen is not None
            if seen.status is Status.EXECUTING:
                ledger.fail(seen.id, seen.lease_owner or "", [], "tidied up")
            elif seen.status is Status.CANCELLING:
                ledger.stop(seen.id, seen.lease_owner or "", [])
            elif seen.status is Status.NEW:
                ledger.withdraw(seen, "tidied up")
            else:
                ledger.drop(seen, "tidied up")


def swept(ledger: Ledger, queue: InMemoryJobQueue) -> dict[str, int]:
    return dict(sweep(ledger, {"core": queue}, until=ledger.clock.now() + 60_000).counts)


def now(ledger: Ledger, job: Job) -> Job:
    found = ledger.read(job.id)
    assert found is not None
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number} {case.status}")
def test_sweep_moves_an_overdue_job(ledger: Ledger, queue: InMemoryJobQueue, put: Put, case: Case) -> None:
    job = put(case.status, **case.given)
    assert swept(ledger, queue) == {case.name: 1, "stuck": 1}
    assert now(ledger, job).status is case.becomes
    assert queue.sent == [job.id] * case.sent
    queue.sent.clear()
    assert swept(ledger, queue) == {}
    assert queue.sent == []


@pytest.mark.parametrize("status", [*FINAL, Status.NEW, Status.SUBMITTED, Status.WAITING, Status.EXECUTING])
def test_sweep_leaves_jobs_that_are_not_due(
    ledger: Ledger, queue: InMemoryJobQueue, put: Put, status: Status
) -> None:
    job = put(status)
    assert swept(ledger, queue) == {}
    assert now(ledger, job) == job


def test_sweep_never_touches_a_valid_lease(ledger: Ledger, queue: InMemoryJobQueue, put: Put) -> None:
    job = put(Status.EXECUTING, due_at=PAST, run_deadline=PAST, attempt=3)
    assert swept(ledger, queue) == {"stuck": 1}
    assert now(ledger, job) == job


def test_sweep_ignores_an_index_that_lags_behind(
    ledger: Ledger, queue: InMemoryJobQueue, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, gone = put(Status.SUBMITTED).id, "j" + "d" * 32
    monkeypatch.setattr(ledger.table, "due", lambda shard, now: [late, gone] if shard == 0 else [])
    assert swept(ledger, queue) == {}
    assert queue.sent == []


def test_sweep_counts_only_long_overdue_jobs_as_stuck(
    ledger: Ledger, queue: InMemoryJobQueue, put: Put
) -> None:
    put(Status.SUBMITTED, due_at=ledger.clock.now() - 299_999)
    assert swept(ledger, queue) == {"resend": 1}


def test_sweep_finds_jobs_of_all_shards(ledger: Ledger, queue: InMemoryJobQueue, put: Put) -> None:
    for shard in range(ledger.rules.shards):
        put(Status.SUBMITTED, open_shard=shard, due_at=ledger.clock.now())
    assert swept(ledger, queue) == {"resend": 4}


def test_sweep_ends_in_time_and_the_next_one_goes_on(
    ledger: Ledger, queue: InMemoryJobQueue, put: Put
) -> None:
    put(Status.SUBMITTED, **LATE)
    assert sweep(ledger, {"core": queue}, until=ledger.clock.now()).counts == {}
    assert swept(ledger, queue) == {"resend": 1, "stuck": 1}


def test_sweep_goes_on_when_a_store_fails_one_job(
    ledger: Ledger, faults: FaultInjection, queue: InMemoryJobQueue, put: Put
) -> None:
    for _ in range(3):
        put(Status.SUBMITTED, due_at=ledger.clock.now())
    faults.schedule("read", "down")
    assert swept(ledger, queue) == {"unreachable": 1, "resend": 2}


def test_sweep_goes_on_after_an_unreadable_row(
    ledger: Ledger, queue: InMemoryJobQueue, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = put(Status.SUBMITTED, due_at=ledger.clock.now() - 1)
    put(Status.SUBMITTED, due_at=ledger.clock.now())
    read = Ledger.read

    def read_some(self: Ledger, job_id: str) -> Job | None:
        if job_id == odd.id:
            raise ValueError("'esriJobPaused' is not a valid Status")
        return read(self, job_id)

    monkeypatch.setattr(Ledger, "read", read_some)
    assert swept(ledger, queue) == {"unreadable": 1, "resend": 1}


def test_sweep_reads_rows_of_a_newer_version(ledger: Ledger, put: Put) -> None:
    later = {"later": {"a": [1]}}
    stored = {"key": "k", "size": 3, "data_type": "GPString", **later}
    job = put(
        Status.SUCCEEDED,
        messages=[{"kind": "informative", "text": "Submitted.", **later}],
        results={"zones": stored},
        files={"a.csv": {"key": "k", "size": 3, **later}},
        usage={"queue_ms": 1, **later},
        **later,
    )
    assert (job.messages[0].text, job.results["zones"].size, job.files["a.csv"].size) == ("Submitted.", 3, 3)
    put(Status.EXECUTING, progress={"text": "Half", "percent": 50, **later})


@pytest.mark.parametrize("failing", ["send", "resend"])
def test_resend_without_its_write_sends_again(
    ledger: Ledger, faults: FaultInjection, queue: InMemoryJobQueue, put: Put, failing: str
) -> None:
    job = put(Status.SUBMITTED, due_at=ledger.clock.now())
    faults.schedule(failing, "down")
    sweep(ledger, {"core": FaultyPort(queue, faults)}, until=ledger.clock.now() + 1)
    assert swept(ledger, queue) == {"resend": 1}
    assert queue.sent[-1] == job.id


def test_retry_without_its_message_is_due_again(
    ledger: Ledger, faults: FaultInjection, queue: InMemoryJobQueue, put: Put
) -> None:
    job = put(Status.EXECUTING, **LOST)
    faults.schedule("send", "down")
    sweep(ledger, {"core": FaultyPort(queue, faults)}, until=ledger.clock.now() + 1)
    assert now(ledger, job).status is Status.WAITING
    ledger.clock.sleep(301)
    assert swept(ledger, queue) == {"resend": 1}


def test_sweep_tells_the_caller_why(ledger: Ledger, queue: InMemoryJobQueue, put: Put) -> None:
    job = put(Status.EXECUTING, attempt=3, **LOST)
    swept(ledger, queue)
    assert [(message.kind, message.text) for message in now(ledger, job).messages] == [
        ("informative", "Submitted."),
        ("error", "The worker was lost 3 times."),
        ("informative", "Queued 0.40 seconds, cost about $0.000010."),
        ("informative", "Failed at 2023-11-14 22:13:20 UTC (Elapsed Time: 0.50 seconds)"),
    ]
    assert now(ledger, job).reason == "The worker was lost 3 times."


def test_sweep_goes_on_when_a_shard_fails(
    ledger: Ledger, faults: FaultInjection, queue: InMemoryJobQueue, put: Put
) -> None:
    for shard in range(ledger.rules.shards):
        put(Status.SUBMITTED, due_at=ledger.clock.now(), open_shard=shard)
    faults.schedule("due", "down")
    assert swept(ledger, queue) == {"unreachable": 1, "resend": ledger.rules.shards - 1}


def test_sweep_begins_with_another_shard_every_minute(
    ledger: Ledger, queue: InMemoryJobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    monkeypatch.setattr(ledger.table, "due", lambda shard, now: looked.append(shard) or ())
    shards = ledger.rules.shards
    for _ in range(shards):
        swept(ledger, queue)
        ledger.clock.sleep(60)
    assert sorted(looked[::shards]) == list(range(shards))
    assert {tuple(sorted(looked[n : n + shards])) for n in range(0, len(looked), shards)} == {
        tuple(range(shards))
    }


@pytest.mark.parametrize(("worker", "sent"), [("vector", [0, 1]), ("core", [1, 0])])
def test_resend_goes_to_the_queue_of_the_jobs_worker(
    ledger: Ledger, put: Put, worker: str, sent: list[int]
) -> None:
    put(Status.SUBMITTED, **LATE, worker=worker)
    queues = {"core": InMemoryJobQueue(), "vector": InMemoryJobQueue()}
    found = sweep(ledger, queues, until=ledger.clock.now() + 60_000)
    assert found.counts == {"stuck": 1, "resend": 1}
    assert [len(queue.sent) for queue in queues.values()] == sent


def test_job_of_a_removed_worker_waits_until_it_expires(ledger: Ledger, put: Put) -> None:
    job = put(Status.SUBMITTED, **LATE, worker="cobol")
    assert swept(ledger, InMemoryJobQueue())["unreachable"] == 1
    put(Status.SUBMITTED, **LATE, worker="cobol", pk=job.id, queue_deadline=PAST)
    assert swept(ledger, InMemoryJobQueue())["expire"] == 1
