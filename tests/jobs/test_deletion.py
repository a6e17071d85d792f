"""Deletion by an operator: hidden at once, erased by the next turn, and nothing dangles in between."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gpserverless.app.reaper import ReaperFunction
from gpserverless.errors import InvalidParameter, NotFound, UnknownJob
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.dead_letter import bury
from gpserverless.jobs.deletion import delete, erase, list_hidden
from gpserverless.jobs.find import get_job_of_any_task
from gpserverless.jobs.job import Job
from gpserverless.jobs.keys import inputs_key, result_key
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import FINAL, OPEN, Status
from gpserverless.jobs.sweep import sweep
from gpserverless.testing import FaultInjection, FaultyPort, InMemoryJobQueue, InMemoryObjectStore
from tests.jobs.rig import Put

NOBODY = "j" + "e" * 32


@pytest.fixture(autouse=True)
def _none_are_left(ledger: Ledger) -> None:
    """The table of a module is shared: erase what other tests have hidden."""
    erase(ledger, InMemoryObjectStore(), list_hidden(ledger), 10**15)


def erased(ledger: Ledger, objects: Any) -> dict[str, int]:
    return dict(erase(ledger, objects, list_hidden(ledger), ledger.clock.now() + 60_000))


def fill(objects: InMemoryObjectStore, job: Job) -> list[str]:
    keys = [inputs_key(job.id), result_key(job.id, 1, "f", "zones"), result_key(job.id, 2, "g", "zones")]
    for key in keys:
        objects.put(key, b"x", "application/json")
    return keys


@pytest.mark.parametrize("status", FINAL)
def test_job_that_is_over_is_hidden_and_then_gone(
    ledger: Ledger, objects: InMemoryObjectStore, put: Put, status: Status
) -> None:
    job, other = put(status), put(status)
    kept = fill(objects, other)
    fill(objects, job)
    delete(ledger, job.id)
    with pytest.raises(UnknownJob):
        get_job_of_any_task(ledger, job.id)
    assert erased(ledger, objects) == {"erase": 1}
    assert ledger.read(job.id) is None
    assert list(objects.bodies) == kept
    assert get_job_of_any_task(ledger, other.id) == other
    assert erased(ledger, objects) == {}


@pytest.mark.parametrize("status", OPEN)
def test_delete_refuses_a_job_that_has_not_ended(ledger: Ledger, put: Put, status: Status) -> None:
    job = put(status)
    with pytest.raises(InvalidParameter, match=f"is {status.public.value}. Accepted: jobs that are over"):
        delete(ledger, job.id)
    assert ledger.read(job.id) == job


def test_delete_can_be_repeated_until_the_row_is_gone(
    ledger: Ledger, objects: InMemoryObjectStore, put: Put
) -> None:
    job = put(Status.SUCCEEDED)
    delete(ledger, job.id)
    delete(ledger, job.id)
    erased(ledger, objects)
    with pytest.raises(UnknownJob):
        delete(ledger, job.id)


def test_hidden_job_is_moved_by_nobody_else(ledger: Ledger, queue: InMemoryJobQueue, put: Put) -> None:
    job = put(Status.SUCCEEDED)
    delete(ledger, job.id)
    hidden = ledger.read(job.id)
    ledger.clock.sleep(3_600)
    assert not bury(ledger, job.id)
    assert not ledger.claim(job.id, "f1").applied
    assert sweep(ledger, {"core": queue}, ledger.clock.now() + 1).counts["stuck"] == 0
    with pytest.raises(UnknownJob):  # a caller who has read the job before it was hidden
        cancel(ledger, replace(job, status=Status.EXECUTING))
    assert ledger.read(job.id) == hidden
    assert queue.sent == []


@pytest.mark.parametrize("failing", ["erase objects", "erase"])
def test_erase_finishes_what_an_earlier_turn_began(
    ledger: Ledger, objects: InMemoryObjectStore, faults: FaultInjection, put: Put, failing: str
) -> None:
    job, other = put(Status.FAILED), put(Status.FAILED)
    for each in (job, other):
        fill(objects, each)
        delete(ledger, each.id)
    faults.schedule(failing, "down")
    assert erased(ledger, FaultyPort(objects, faults)) == {"unreachable": 1}, "the other waits for a store"
    assert erased(ledger, objects) == {"erase": 2}
    assert [ledger.read(job.id), ledger.read(other.id), objects.bodies] == [None, None, {}]


def test_erase_removes_the_row_after_the_objects(
    ledger: Ledger, objects: InMemoryObjectStore, faults: FaultInjection, put: Put
) -> None:
    job = put(Status.FAILED)
    delete(ledger, job.id)
    faults.schedule("erase objects", "down")
    erased(ledger, FaultyPort(objects, faults))
    assert ledger.read(job.id) is not None


def test_erase_counts_jobs_hidden_for_too_long_as_stuck(
    ledger: Ledger, objects: InMemoryObjectStore, faults: FaultInjection, put: Put
) -> None:
    delete(ledger, put(Status.FAILED).id)
    ledger.clock.sleep(300)
    faults.schedule("erase objects", "refused")
    assert erased(ledger, FaultyPort(objects, faults)) == {"stuck": 1, "unreachable": 1}


def test_reaper_sweeps_open_jobs_when_the_index_of_hidden_ones_fails(
    ledger: Ledger, objects: InMemoryObjectStore, queue: InMemoryJobQueue, faults: FaultInjection, put: Put
) -> None:
    put(Status.SUBMITTED, due_at=ledger.clock.now())
    faults.schedule("due", "down")
    assert ReaperFunction(ledger, {"core": queue}, objects).handle({}, 50_000) == {"resend": 1}


def test_reaper_sweeps_before_it_erases(
    ledger: Ledger,
    objects: InMemoryObjectStore,
    queue: InMemoryJobQueue,
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for _ in range(60):
        put(Status.SUBMITTED, due_at=ledger.clock.now())
    monkeypatch.setattr(queue, "send", lambda job_id: ledger.clock.sleep(1))
    delete(ledger, put(Status.FAILED).id)
    began = ledger.clock.now()
    assert ReaperFunction(ledger, {"core": queue}, objects).handle({}, 50_000) == {"resend": 30, "erase": 1}
    assert ledger.clock.now() - began < 38_000
    swept, erased = (json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    assert (swept["Jobs resend"], erased["Jobs erase"]) == ([30.0], [1.0])


def test_erase_whose_answer_was_lost_counts(
    ledger: Ledger, objects: InMemoryObjectStore, faults: FaultInjection, put: Put
) -> None:
    delete(ledger, put(Status.FAILED).id)
    faults.schedule("erase", "again")
    assert erased(ledger, objects) == {"erase": 1}


def test_erase_ends_in_time(ledger: Ledger, objects: InMemoryObjectStore, put: Put) -> None:
    delete(ledger, put(Status.FAILED).id)
    assert erase(ledger, objects, list_hidden(ledger), ledger.clock.now()) == {}


class TestAnOperator:
    """Who may invoke the function names the jobs."""

    def test_is_told_what_became_of_each(
        self, ledger: Ledger, objects: InMemoryObjectStore, put: Put
    ) -> None:
        over, open_job = put(Status.SUCCEEDED), put(Status.EXECUTING)
        fill(objects, over)
        reaper = ReaperFunction(ledger, {"core": InMemoryJobQueue()}, objects)
        answer = reaper.handle({"delete": [over.id, open_job.id, NOBODY, "*"]}, 50_000)
        assert answer == {
            "deleted": [over.id],
            "refused": {
                open_job.id: f"Parameter 'delete': the job {open_job.id} is esriJobExecuting. "
                "Accepted: jobs that are over: cancel it first.",
                NOBODY: f"There is no job '{NOBODY}'.",
                "*": "Parameter 'delete': '*' is no job's id. Accepted: ids of jobs.",
            },
        }
        assert reaper.handle({}, 50_000)["erase"] == 1
        with pytest.raises(NotFound):
            objects.get(inputs_key(over.id))

    def test_may_name_one(self, ledger: Ledger, objects: InMemoryObjectStore, put: Put) -> None:
        job = put(Status.CANCELLED)
        assert ReaperFunction(ledger, {}, objects).handle({"delete": job.id}, 50_000)["deleted"] == [job.id]

    def test_hears_what_there_was_no_time_for(
        self, ledger: Ledger, objects: InMemoryObjectStore, put: Put, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs = [put(Status.CANCELLED).id for _ in range(3)]
        hide = Ledger.hide

        def slowly(self: Ledger, job_id: str) -> Any:
            self.clock.sleep(20)
            return hide(self, job_id)

        monkeypatch.setattr(Ledger, "hide", slowly)
        answer = ReaperFunction(ledger, {}, objects).handle({"delete": jobs}, 50_000)
        assert answer["deleted"] == jobs[:2]
        assert answer["refused"] == {jobs[2]: "There is no time left: name it again."}

    def test_hears_of_a_row_that_nobody_can_read_and_of_the_others(
        self, ledger: Ledger, objects: InMemoryObjectStore, put: Put, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        odd, other = put(Status.CANCELLED).id, put(Status.CANCELLED).id
        hide = Ledger.hide

        def hidden(self: Ledger, job_id: str) -> Any:
            if job_id == odd:
                raise TypeError("no number")
            return hide(self, job_id)

        monkeypatch.setattr(Ledger, "hide", hidden)
        assert ReaperFunction(ledger, {}, objects).handle({"delete": [odd, other]}, 50_000) == {
            "deleted": [other],
            "refused": {odd: "Its row cannot be read (TypeError)."},
        }

    def test_hears_of_a_table_that_is_away(
        self, ledger: Ledger, objects: InMemoryObjectStore, faults: FaultInjection, put: Put
    ) -> None:
        job = put(Status.CANCELLED)
        faults.schedule("hide", "down")
        assert ReaperFunction(ledger, {}, objects).handle({"delete": job.id}, 50_000) == {
            "deleted": [],
            "refused": {job.id: "hide is down"},
        }
        assert ledger.read(job.id) == job
