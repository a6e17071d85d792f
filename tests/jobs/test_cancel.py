"""Cancelling, from every status and against everybody who moves the job meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gpserverless.errors import InvalidParameter, NotFound, StorageError
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import FINAL, Status
from tests.jobs.conftest import FENCE, Put

BECOMES = [
    (Status.SUBMITTED, Status.CANCELLED),
    (Status.WAITING, Status.CANCELLED),
    (Status.EXECUTING, Status.CANCELLING),
    (Status.CANCELLING, Status.CANCELLING),
]


@pytest.mark.parametrize(("status", "becomes"), BECOMES)
def test_cancel(ledger: Ledger, put: Put, status: Status, becomes: Status) -> None:
    job = cancel(ledger, put(status))
    assert job.status is becomes
    assert ledger.read(job.id) == job


@pytest.mark.parametrize("status", FINAL)
def test_a_job_that_has_ended_stays_as_it_is(ledger: Ledger, put: Put, status: Status) -> None:
    job = put(status)
    with pytest.raises(InvalidParameter, match=status.value):
        cancel(ledger, job)
    assert ledger.read(job.id) == job


def test_of_two_who_cancel_at_once_one_has_ended_the_job(ledger: Ledger, put: Put) -> None:
    seen = put(Status.SUBMITTED)
    ended: list[Job] = []
    ledger = replace(ledger, on_end=ended.append)
    assert cancel(ledger, seen).status is Status.CANCELLED
    with pytest.raises(InvalidParameter, match="Cancelled"):
        cancel(ledger, seen)  # it was read before the other one was done
    assert len(ended) == 1


def test_a_job_that_started_meanwhile_is_asked_to_stop(ledger: Ledger, put: Put) -> None:
    seen = put(Status.SUBMITTED)
    ledger.claim(seen.id, FENCE)
    assert cancel(ledger, seen).status is Status.CANCELLING


def test_a_job_that_succeeded_meanwhile_has_succeeded(ledger: Ledger, put: Put) -> None:
    seen = put(Status.EXECUTING)
    ledger.succeed(seen.id, FENCE, [], {}, {})
    with pytest.raises(InvalidParameter):
        cancel(ledger, seen)


def test_a_job_that_is_gone_is_not_found(memory_ledger: Ledger, put: Put) -> None:
    with pytest.raises(NotFound):
        cancel(memory_ledger, put(Status.EXECUTING))


def test_a_job_that_never_stands_still_is_given_up(
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
