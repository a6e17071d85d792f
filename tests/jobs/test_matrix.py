"""Every operation against every status, on both tables: exactly the legal moves happen, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from gpserverless.jobs import transitions as t
from gpserverless.jobs.job import Job, StoredResult
from gpserverless.jobs.keys import DELETED_SHARD
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import info
from gpserverless.jobs.move import Move
from gpserverless.jobs.ports import MoveResult
from gpserverless.jobs.status import FINAL, OPEN, Status
from tests.jobs.rig import FENCE, TOKEN, Put

Operation = Callable[[Ledger, Job, str], MoveResult]
NEW, SUBMITTED, WAITING, EXECUTING, CANCELLING = OPEN
DELETING = Status.DELETING
SUCCEEDED, FAILED, TIMED_OUT, CANCELLED = FINAL

RESULTS = {"zones": StoredResult("jobs/j0/1-f0/zones.json", 10, "GPFeatureRecordSetLayer", has_z=True)}
WORKER: Mapping[str, tuple[Operation, dict[Status, Status]]] = {
    "beat": (
        lambda ledger, job, fence: ledger.beat(job.id, fence, [info("half")], None),
        {EXECUTING: EXECUTING, CANCELLING: CANCELLING},
    ),
    "succeed": (
        lambda ledger, job, fence: ledger.succeed(job.id, fence, [], RESULTS, {}),
        {EXECUTING: SUCCEEDED},
    ),
    "fail": (lambda ledger, job, fence: ledger.fail(job.id, fence, [], "x"), {EXECUTING: FAILED}),
    "time out": (lambda ledger, job, fence: ledger.time_out(job.id, fence, []), {EXECUTING: TIMED_OUT}),
    "release": (lambda ledger, job, fence: ledger.release(job.id, fence, []), {EXECUTING: WAITING}),
    "stop": (lambda ledger, job, fence: ledger.stop(job.id, fence, []), {CANCELLING: CANCELLED}),
}
OTHERS: Mapping[str, tuple[Operation, dict[Status, Status]]] = {
    "submit": (lambda ledger, job, _: ledger.submit(job.id, TOKEN), {NEW: SUBMITTED}),
    "withdraw": (
        lambda ledger, job, _: ledger.withdraw(replace(job, create_token=TOKEN), "x"),
        {NEW: FAILED},
    ),
    "claim": (
        lambda ledger, job, _: ledger.claim(job.id, "f1"),
        {SUBMITTED: EXECUTING, WAITING: EXECUTING},
    ),
    "drop": (lambda ledger, job, _: ledger.drop(job, "x"), {SUBMITTED: CANCELLED, WAITING: CANCELLED}),
    "ask to stop": (lambda ledger, job, _: ledger.ask_to_stop(job.id), {EXECUTING: CANCELLING}),
    "retry": (lambda ledger, job, _: ledger.retry(job), {EXECUTING: WAITING}),
    "resend": (
        lambda ledger, job, _: ledger.resend(job),
        {SUBMITTED: SUBMITTED, WAITING: WAITING},
    ),
    "hide": (lambda ledger, job, _: ledger.hide(job.id), dict.fromkeys(FINAL, DELETING)),
}


def reaping(move: Move) -> Operation:
    return lambda ledger, job, _: ledger.reap(move, job, info("why"))


REAPINGS = {
    move.name: (reaping(move), dict.fromkeys(move.sources, target))
    for move, target in (
        (t.ABANDON, FAILED),
        (t.REAP_CANCELLED, CANCELLED),
        (t.REAP_OVERDUE, TIMED_OUT),
        (t.EXPIRE, TIMED_OUT),
        (t.BURY, FAILED),
    )
}
OPERATIONS = {**WORKER, **OTHERS, **REAPINGS}
# What makes a job overdue, by the operation that may then be made.
OVERDUE = {
    "abandon": {"due_at": 1},
    "reap cancelled": {"lease_until": 1},
    "reap overdue": {"lease_until": 1, "run_deadline": 1},
    "retry": {"lease_until": 1},
    "expire": {"queue_deadline": 1},
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_moves_a_job_from_legal_statuses_only(
    ledger: Ledger, put: Put, name: str, status: Status
) -> None:
    operation, allowed = OPERATIONS[name]
    before = put(status, **(OVERDUE.get(name, {}) if status in OPEN else {}))
    moved = operation(ledger, before, FENCE)
    after = ledger.read(before.id)
    assert after is not None
    assert moved.job == after
    assert moved.applied == (status in allowed)
    if status not in allowed:
        assert after == before
        return
    assert after.status is allowed[status]
    assert after.rev == before.rev + 1
    if after.status.is_final:
        assert (after.open_shard, after.due_at, after.lease_owner, after.lease_until) == (None,) * 4
        assert after.expires_at == ledger.clock.now() + ledger.rules.retention_ms
    else:
        assert after.open_shard == (DELETED_SHARD if after.status is DELETING else 0)
        assert after.due_at is not None


@pytest.mark.parametrize("status", Status)
def test_erase_removes_hidden_jobs_only(ledger: Ledger, put: Put, status: Status) -> None:
    before = put(status)
    assert ledger.erase(before) == (status is DELETING)
    assert ledger.read(before.id) == (None if status is DELETING else before)


def test_erase_removes_the_row_only_as_it_was_read(ledger: Ledger, put: Put) -> None:
    seen = put(DELETING, rev=4)
    put(DELETING, pk=seen.id)
    assert not ledger.erase(seen)
    assert ledger.read(seen.id) is not None


@pytest.mark.parametrize("name", WORKER)
def test_fence_of_another_worker_moves_nothing(ledger: Ledger, put: Put, name: str) -> None:
    operation, allowed = WORKER[name]
    before = put(next(iter(allowed)))
    assert not operation(ledger, before, "zombie").applied
    assert ledger.read(before.id) == before


@pytest.mark.parametrize("name", ["retry", "resend", *REAPINGS])
def test_reaper_moves_the_row_only_as_it_was_read(ledger: Ledger, put: Put, name: str) -> None:
    operation, allowed = OPERATIONS[name]
    seen = put(next(iter(allowed)), **OVERDUE.get(name, {}), rev=4)
    before = put(seen.status, **OVERDUE.get(name, {}), pk=seen.id)
    assert not operation(ledger, seen, FENCE).applied
    assert ledger.read(seen.id) == before


@pytest.mark.parametrize(
    ("name", "status", "given"),
    [
        ("submit", NEW, {"create_token": "another submit's"}),
        ("withdraw", NEW, {"create_token": "another submit's"}),
        ("claim", WAITING, {"attempt": 3}),
        ("claim", SUBMITTED, {"queue_deadline": 1}),
        ("release", EXECUTING, {"attempt": 3}),
        ("retry", EXECUTING, {"lease_until": 1, "attempt": 3}),
        ("retry", EXECUTING, {}),
        ("reap overdue", EXECUTING, {"lease_until": 1}),
        ("reap overdue", EXECUTING, {"run_deadline": 1}),
        ("reap cancelled", CANCELLING, {}),
        ("expire", SUBMITTED, {}),
        ("abandon", NEW, {}),
    ],
)
def test_guards_refuse_moves(
    ledger: Ledger, put: Put, name: str, status: Status, given: dict[str, object]
) -> None:
    before = put(status, **given)
    assert not OPERATIONS[name][0](ledger, before, FENCE).applied
    assert ledger.read(before.id) == before


def test_beat_never_moves_the_lease_back(ledger: Ledger, put: Put) -> None:
    before = put(EXECUTING, lease_until=ledger.clock.now() + 10**9)
    assert not ledger.beat(before.id, FENCE, [], None).applied


@pytest.mark.parametrize("move", [t.EXHAUST, t.REAP_LOST], ids=lambda move: move.name)
@pytest.mark.parametrize("attempts", [2, 3])
def test_claim_refuses_an_attempt_too_many(ledger: Ledger, put: Put, move: Move, attempts: int) -> None:
    seen = put(move.sources[-1], attempt=attempts, lease_until=1)
    assert ledger.reap(move, seen, info("why")).applied == (attempts >= ledger.rules.max_attempts)


def test_claim_sets_the_run_deadline_once(ledger: Ledger, put: Put) -> None:
    job = put(WAITING, run_deadline=77, started_at=7)
    claimed = ledger.claim(job.id, "f1").job
    assert claimed is not None
    assert (claimed.run_deadline, claimed.started_at, claimed.attempt) == (77, 7, 2)


def test_moves_append_messages_and_keep_results(ledger: Ledger, put: Put) -> None:
    job = put(EXECUTING)
    ledger.beat(job.id, FENCE, [info("one"), info("two")], None)
    done = ledger.succeed(job.id, FENCE, [info("three")], RESULTS, {}).job
    assert done is not None
    assert [message.text for message in done.messages] == ["Submitted.", "one", "two", "three"]
    assert done.results == RESULTS


def test_moves_of_a_missing_job_do_nothing(ledger: Ledger) -> None:
    assert ledger.claim("j" + "f" * 32, FENCE) == MoveResult(False, None)
    assert ledger.read("j" + "f" * 32) is None
