"""Submitting once: the same key gets the same job, whatever became of the first answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gpserverless.errors import InvalidParameter, StorageError
from gpserverless.jobs.deletion import delete, erase
from gpserverless.jobs.idempotency import KEPT_MS, LONGEST_KEY, IdempotentSubmit
from gpserverless.jobs.job import NewJob, Origin
from gpserverless.jobs.keys import new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from gpserverless.storage import clients
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.submit_keys import DynamoSubmitKeys
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryJobQueue,
    InMemoryObjectStore,
    VirtualClock,
)
from gpserverless.toolkit.call import Call
from tests.jobs.rig import RULES

CALL = Call("Samples", "Buffer", {"points": "{}"})


class Bench:
    """A caller with keys, and a table that can fail."""

    def __init__(self, table: DynamoJobTable, faults: FaultInjection, clock: VirtualClock) -> None:
        self.faults, self.clock, self.queue = faults, clock, InMemoryJobQueue()
        self.ledger = Ledger(FaultyPort(table, faults), RULES, clock)
        self.keys = DynamoSubmitKeys(clients.dynamodb_client(), "jobs")

    def submit(self, key: str, call: Call = CALL, owner: str = "") -> str:
        job_id = new_job_id()
        queue = FaultyPort(self.queue, self.faults)
        objects = InMemoryObjectStore()
        submitter = IdempotentSubmit(self.ledger, objects, queue, self.keys)
        new = NewJob(job_id, call.with_files_url(f"https://x/{job_id}/"), origin=Origin(owner))
        return submitter.submit(new, key, self.clock.now() + 60_000).id

    def status(self, job_id: str) -> Status:
        job = self.ledger.read(job_id)
        assert job is not None
        return job.status


@pytest.fixture
def bench(dynamodb: DynamoJobTable, faults: FaultInjection, clock: VirtualClock) -> Bench:
    return Bench(dynamodb, faults, clock)


@pytest.fixture
def key() -> str:
    return new_job_id()


def test_submit_with_the_same_key_gets_the_same_job_and_one_message(bench: Bench, key: str) -> None:
    job_id = bench.submit(key)
    assert bench.submit(key) == job_id
    assert bench.queue.sent == [job_id]


def test_submit_without_a_key_is_a_new_job(bench: Bench) -> None:
    assert bench.submit("") != bench.submit("")


@pytest.mark.parametrize(
    ("call", "owner"),
    [(replace(CALL, task="Other"), ""), (replace(CALL, service="Other"), ""), (CALL, "somebody")],
)
def test_key_belongs_to_an_owner_and_a_task(bench: Bench, key: str, call: Call, owner: str) -> None:
    assert bench.submit(key) != bench.submit(key, call, owner)


def test_key_with_other_inputs_is_refused(bench: Bench, key: str) -> None:
    bench.submit(key)
    with pytest.raises(InvalidParameter, match="it was used for other inputs"):
        bench.submit(key, replace(CALL, values={"points": "[]"}))


def test_key_is_free_after_a_day(bench: Bench, key: str) -> None:
    job_id = bench.submit(key)
    bench.clock.time += KEPT_MS
    assert bench.submit(key) != job_id


def test_key_that_is_too_long_is_refused(bench: Bench) -> None:
    with pytest.raises(InvalidParameter, match="characters"):
        bench.submit("k" * (LONGEST_KEY + 1))


class Died(BaseException):
    """The function is gone."""


@pytest.mark.parametrize("step", ["create", "send", "submit"])
def test_submit_that_broke_off_is_finished_by_the_next(
    bench: Bench, key: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(name: str, call: object) -> object:
        if name == step:
            raise Died
        return call()  # type: ignore[operator]

    with monkeypatch.context() as patch:
        patch.setattr(bench.faults, "call", dies)
        with pytest.raises(Died):
            bench.submit(key)
    job_id = bench.submit(key)
    assert bench.status(job_id) is Status.SUBMITTED
    assert set(bench.queue.sent) == {job_id}
    assert bench.submit(key) == job_id


def test_submit_that_was_refused_is_made_anew_by_the_next(bench: Bench, key: str) -> None:
    bench.faults.schedule("send", "down")
    with pytest.raises(StorageError):
        bench.submit(key)
    job_id = bench.submit(key)
    assert bench.status(job_id) is Status.SUBMITTED
    assert bench.submit(key) == job_id


@pytest.mark.parametrize("gone", [False, True])
def test_key_of_a_deleted_job_gets_a_new_job(bench: Bench, key: str, gone: bool) -> None:
    deleted = bench.submit(key)
    job = bench.ledger.read(deleted)
    assert job is not None
    bench.ledger.drop(job, "caller")
    delete(bench.ledger, deleted)
    bench.clock.time += RULES.new_ms
    if gone:
        erase(bench.ledger, InMemoryObjectStore(), [deleted], bench.clock.time + 1)
        assert bench.ledger.read(deleted) is None
    job_id = bench.submit(key)
    assert job_id != deleted
    assert bench.submit(key) == job_id


def test_key_of_an_ended_job_gets_that_job(bench: Bench, key: str) -> None:
    job_id = bench.submit(key)
    job = bench.ledger.read(job_id)
    assert job is not None
    bench.ledger.drop(job, "caller")
    assert bench.submit(key) == job_id
