"""A write whose answer was lost and that is sent again finds its own work, and takes it for a success."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gpserverless.jobs.job import Job, NewJob
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import info
from gpserverless.jobs.ports import MoveResult
from gpserverless.jobs.status import Status
from gpserverless.testing import FaultInjection
from gpserverless.toolkit.call import Call
from tests.jobs.rig import FENCE, TOKEN, Put

CALL = Call("Samples", "Buffer", {"points": "{}"})
SENT_TWICE: dict[str, tuple[Status, Callable[[Ledger, Job], MoveResult]]] = {
    "submit": (Status.NEW, lambda ledger, job: ledger.submit(job.id, TOKEN)),
    "withdraw": (Status.NEW, lambda ledger, job: ledger.withdraw(job, "x")),
    "claim": (Status.SUBMITTED, lambda ledger, job: ledger.claim(job.id, "f1")),
    "beat": (Status.EXECUTING, lambda ledger, job: ledger.beat(job.id, FENCE, [info("once")], None)),
    "succeed": (Status.EXECUTING, lambda ledger, job: ledger.succeed(job.id, FENCE, [], {}, {})),
    "fail": (Status.EXECUTING, lambda ledger, job: ledger.fail(job.id, FENCE, [], "x")),
    "time out": (Status.EXECUTING, lambda ledger, job: ledger.time_out(job.id, FENCE, [])),
    "stop": (Status.CANCELLING, lambda ledger, job: ledger.stop(job.id, FENCE, [])),
}


@pytest.mark.parametrize("name", SENT_TWICE)
def test_move_sent_twice_is_applied_once(ledger: Ledger, faults: FaultInjection, put: Put, name: str) -> None:
    status, write = SENT_TWICE[name]
    job = put(status)
    faults.schedule(name, "again")
    moved = write(ledger, job)
    assert moved.applied
    assert moved.job is not None
    assert moved.job.rev == job.rev + 1


def test_create_sent_twice_makes_one_row(ledger: Ledger, faults: FaultInjection) -> None:
    faults.schedule("create", "again")
    assert ledger.create(NewJob("j" + "a" * 32, CALL), TOKEN).applied


def test_create_with_a_taken_id_is_not_applied(ledger: Ledger) -> None:
    ledger.create(NewJob("j" + "b" * 32, CALL), "theirs")
    assert not ledger.create(NewJob("j" + "b" * 32, CALL), TOKEN).applied


def test_claim_counts_as_applied_although_cancelled_meanwhile(ledger: Ledger, put: Put) -> None:
    job = put(Status.SUBMITTED)
    ledger.claim(job.id, "f1")
    ledger.ask_to_stop(job.id)
    assert ledger.claim(job.id, "f1").applied
    assert not ledger.claim(job.id, "f2").applied


def test_success_is_not_taken_for_a_failure(ledger: Ledger, put: Put) -> None:
    job = put(Status.EXECUTING)
    ledger.succeed(job.id, FENCE, [], {}, {})
    assert not ledger.fail(job.id, FENCE, [], "x").applied
