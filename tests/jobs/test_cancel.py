"""Cancelling, from every status and against everybody who moves the job meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gpserverless.errors import InvalidParameter, NotFound, StorageError
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import FINAL, Status
from tests.jobs.rig import FENCE, Put

BECOMES = [
    (Status.SUBMITTED, Status.CANCELLED),
    (Status.WAITING, Status.CANCELLED),
    (Status.EXECUTING, Status.CANCELLING),
    (Status.CANCELLING, Status.CANCELLING),
]


@pytest.mark.parametrize(("status", "becomes"), BECOMES)
def test_cancel_ends_a_waiting_job_and_asks_a_running_one_to_stop(
    ledger: Ledger, put: Put, status: Status, becomes: Status
) -> None:
    job = cancel(ledger, put(status))
    assert job.status is becomes
    assert ledger.read(job.id) == job


@pytest.mark.parametrize("status", FINAL)
def test_cancel_of_an_ended_job_is_refused(ledger: Ledger, put: Put, status: Status) -> None:
    job = put(status)
    with pytest.raises(InvalidParameter, match=status.value):
        cancel(ledger, job)
    assert ledger.read(job.id) == job


def test_cancel_twice_at_once_ends_the_job_once(ledger: Ledger, put: Put) -> None:
    seen = put(Status.SUBMITTED)
    ended: list[Job] = []
    ledger = replace(ledger, on_end=ended.append)
    assert cancel(ledger, seen).status is Status.CANCELLED
    with pytest.raises(InvalidParameter, match="Cancelled"):
        cancel(ledger, seen)  # it was read before the other one was done
    assert len(ended) == 1


def test_cancel_asks_a_job_that_started_meanwhile_to_stop(ledger: Ledger, put: Put) -> None:
    seen = put(Status.SUBMITTED)
    ledger.claim(seen.id, FENCE)
    assert cancel(ledger, seen).status is Status.CANCELLING


def test_cancel_is_refused_when_the_job_succeeded_meanwhile(ledger: Ledger, put: Put) -> None:
    seen = put(Status.EXECUTING)
    ledger.succeed(seen.id, FENCE, [], {}, {})
    with pytest.raises(InvalidParameter):
        cancel(ledger, seen)


def test_cancel_of_a_removed_job_is_not_found(memory_ledger: Ledger, put: Put) -> None:
    with pytest.raises(NotFound):
        cancel(memory_ledger, put(Status.EXECUTING))


def test_cancel_gives_up_on_a_job_that_changes_all_the_time(
    ledger: Ledger, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = put(Status.SUBMITTED, attempt=0)
    drop, ask = Ledger.drop, Ledger.ask_to_stop

    def claimed_first(ledger: Ledger, seen: Job, by: str) -> object:
        ledger.claim(seen.id, FENCE)
        return drop(ledger, seen, by)

    def released_first(ledger: Ledger, job_id: str) -> object:
        ledger.release(job_id, FENCE, [])
        return ask(ledger, job_id)

    monkeypatch.setattr(Ledger, "drop", claimed_first)
    monkeypatch.setattr(Ledger, "ask_to_stop", released_first)
    with pytest.raises(StorageError, match="changed 4 times"):
        cancel(ledger, seen)
