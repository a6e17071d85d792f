"""Submitting, with each step failing: an error means no job, an id means a job that ends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gpserverless.errors import StorageError
from gpserverless.jobs.job import Job, Origin
from gpserverless.jobs.keys import inputs_key, is_job_id, new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from gpserverless.jobs.sweep import sweep
from gpserverless.testing import FaultInjection, FaultyPort, InMemoryJobQueue, InMemoryObjectStore
from gpserverless.toolkit.call import Call, CallOptions
from tests.jobs.rig import submit

ID = "j" + "0" * 32
CALL = Call(
    "Samples",
    "Buffer",
    {"points": '{"features":[]}', "distance": "5"},
    CallOptions(return_z=True),
    "https://x/",
)


class Site:
    """A submit with everything it needs, where faults can be asked for."""

    def __init__(self, ledger: Ledger, faults: FaultInjection) -> None:
        self.ledger = ledger
        self.objects = InMemoryObjectStore()
        self.queue = InMemoryJobQueue()
        self.faults = faults

    def submit(self) -> Job:
        return submit(
            ID,
            CALL,
            ledger=self.ledger,
            objects=FaultyPort(self.objects, self.faults),
            queue=FaultyPort(self.queue, self.faults),
            origin=Origin("ada", "https://gis.example.org/arcgis"),
        )

    def status(self) -> Status | None:
        job = self.ledger.table.read(ID)
        return job.status if job else None


@pytest.fixture
def site(memory_ledger: Ledger, faults: FaultInjection) -> Site:
    return Site(memory_ledger, faults)


def test_submit_takes_one_object_two_writes_and_one_message(site: Site) -> None:
    job = site.submit()
    assert site.faults.calls == ["put", "create", "send", "submit"]
    assert site.queue.sent == [ID]
    assert Call.from_json(json.loads(site.objects.get(inputs_key(ID)))) == CALL
    assert (job.id, job.status, job.owner, job.service, job.task) == (
        ID,
        Status.SUBMITTED,
        "ada",
        "Samples",
        "Buffer",
    )
    assert job.inputs == ("points", "distance")
    assert [message.text for message in job.messages] == ["Submitted."]


# what fails, whether the caller gets an id, and where the job stands once the reaper has been by
OUTCOMES = [
    ({}, True, Status.SUBMITTED),
    ({"put": "down"}, False, None),
    ({"create": "down"}, False, None),
    ({"create": "lost"}, False, Status.FAILED),
    ({"send": "down"}, False, Status.FAILED),
    ({"send": "lost"}, False, Status.FAILED),
    ({"send": "down", "withdraw": "lost"}, True, Status.FAILED),
    ({"send": "down", "withdraw": "down"}, True, Status.FAILED),
    ({"submit": "down"}, False, Status.FAILED),
    ({"submit": "lost"}, True, Status.SUBMITTED),
    ({"submit": "again"}, True, Status.SUBMITTED),
    ({"submit": "down", "withdraw": "down"}, True, Status.FAILED),
    ({"submit": "lost", "withdraw": "down"}, True, Status.SUBMITTED),
    ({"put": "refused"}, False, None),
    ({"create": "refused"}, False, None),
    ({"send": "refused"}, False, Status.FAILED),
    ({"submit": "refused"}, False, Status.FAILED),
    ({"send": "refused", "withdraw": "down"}, False, Status.FAILED),
    ({"submit": "refused", "withdraw": "refused"}, False, Status.FAILED),
]


@pytest.mark.parametrize(("failing", "accepted", "status"), OUTCOMES)
def test_submit_when_a_step_fails(
    site: Site, failing: dict[str, str], accepted: bool, status: Status | None
) -> None:
    for step, kind in failing.items():
        site.faults.schedule(step, kind)
    try:
        job: Job | None = site.submit()
    except StorageError:
        job = None
    assert (job is not None) == accepted
    site.ledger.clock.sleep(61)
    sweep(site.ledger, {"core": site.queue}, until=site.ledger.clock.now() + 1000)
    assert site.status() is status


@pytest.mark.parametrize("step", ["put", "send"])
def test_submit_is_withdrawn_when_its_caller_could_be_gone(site: Site, step: str) -> None:
    slow = site.objects if step == "put" else site.queue
    do = getattr(slow, step)

    def slowly(*given: Any) -> None:
        site.ledger.clock.sleep(60)
        do(*given)

    setattr(slow, step, slowly)
    with pytest.raises(StorageError, match="the stores took too long"):
        site.submit()
    assert site.status() is Status.FAILED


def test_submit_slower_than_the_reaper_is_an_error(site: Site) -> None:
    def reaped_first(job_id: str) -> None:
        site.ledger.clock.sleep(61)
        sweep(site.ledger, {"core": site.queue}, until=site.ledger.clock.now() + 1000)

    site.queue.send = reaped_first  # type: ignore[method-assign]
    with pytest.raises(StorageError, match="given up"):
        site.submit()
    assert site.status() is Status.FAILED


def test_submit_slower_than_a_worker_returns_the_outcome(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted = Ledger.submit

    def overtaken(ledger: Ledger, job_id: str, token: str) -> object:
        submitted(ledger, job_id, token)
        ledger.claim(job_id, "f1")
        raise StorageError("the answer was lost")

    monkeypatch.setattr(Ledger, "submit", overtaken)
    assert site.submit().status is Status.EXECUTING


def test_id_is_never_used_twice(site: Site) -> None:
    site.submit()
    with pytest.raises(StorageError, match="taken"):
        site.submit()


def test_ids_cannot_be_told_in_advance() -> None:
    ids = {new_job_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(is_job_id(each) for each in ids)


@pytest.mark.parametrize(
    "text", ["", "j", "J" + "0" * 32, "j" + "0" * 31, "j" + "0" * 33, f"{ID}\n", "j" + "g" * 32]
)
def test_is_job_id_refuses_other_texts(text: str) -> None:
    assert not is_job_id(text)
