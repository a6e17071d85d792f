"""A job whose call is wrong: its row is written once, as Failed, and nothing is queued."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from gpserverless.errors import StorageError
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.find import get_job
from gpserverless.jobs.idempotency import IdempotentSubmit
from gpserverless.jobs.job import Job, NewJob, Origin
from gpserverless.jobs.keys import inputs_key, new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.pricing import PRICES
from gpserverless.jobs.status import Status
from gpserverless.jobs.submit import reject
from gpserverless.jobs.sweep import sweep
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryJobQueue,
    InMemoryObjectStore,
    InMemorySubmitKeys,
)
from gpserverless.toolkit.call import Call
from tests.jobs.rig import RULES

PROBLEM = "Parameter 'distance': 'far' is not a number. Accepted: a number."
CALL = Call("Samples", "Buffer", {"distance": "far"})


def new_job(problem: str = PROBLEM) -> NewJob:
    job_id = new_job_id()
    return NewJob(
        job_id, CALL.with_files_url(f"https://x/{job_id}/"), "core", Origin("", "https://x"), problem
    )


@pytest.fixture
def store(objects: InMemoryObjectStore, faults: FaultInjection) -> FaultyPort:
    return FaultyPort(objects, faults)


def test_reject_takes_one_object_and_one_write(
    ledger: Ledger, store: FaultyPort, objects: InMemoryObjectStore, faults: FaultInjection
) -> None:
    new = new_job()
    job = reject(new, ledger, store)
    assert faults.calls == ["put", "reject"]
    assert Call.from_json(json.loads(objects.get(inputs_key(new.id)))) == new.call
    assert ledger.read(new.id) == job


def test_rejected_job_has_ended_when_it_begins(ledger: Ledger, store: FaultyPort) -> None:
    now = ledger.clock.now()
    job = reject(new_job(), ledger, store)
    assert (job.status, job.rev, job.attempt, job.inputs) == (Status.FAILED, 1, 0, ("distance",))
    assert (job.created_at, job.submitted_at, job.ended_at, job.started_at) == (now, now, now, None)
    assert job.expires_at == now + RULES.retention_ms
    assert (job.open_shard, job.due_at, job.lease_owner, job.run_deadline) == (None, None, None, None)
    assert (job.reason, job.results) == (PROBLEM, {})


def test_its_messages_say_why_and_end_as_those_of_every_failure(ledger: Ledger, store: FaultyPort) -> None:
    messages = reject(new_job(), ledger, store).messages
    assert [message.kind for message in messages] == [
        "informative",
        "error",
        "error",
        "informative",
        "informative",
    ]
    texts = [message.text for message in messages]
    assert texts[:3] == ["Submitted.", PROBLEM, "Failed to execute (Buffer)."]
    assert texts[3].startswith("Queued 0.00 seconds, cost about $0.0000")
    assert texts[4].startswith("Failed at 2023-11-14 ")


def test_sentence_is_no_longer_than_a_message_may_be(ledger: Ledger, store: FaultyPort) -> None:
    job = reject(new_job("é" * 5_000), ledger, store)
    assert len(job.messages[1].text) == RULES.max_message_chars


def test_it_costs_one_object_and_one_write(ledger: Ledger, store: FaultyPort) -> None:
    usage = reject(new_job(), ledger, store).usage
    assert usage is not None
    assert usage.dollars == (PRICES.put + PRICES.write).quantize(Decimal("0.000000001"))
    assert (usage.queue_ms, usage.run_ms) == (0, 0)


def test_its_end_is_told_once(ledger: Ledger, store: FaultyPort, faults: FaultInjection) -> None:
    ended: list[Job] = []
    telling = replace(ledger, on_end=ended.append)
    faults.schedule("reject", "again")
    job = reject(new_job(), telling, store)
    assert ended == [job]


@pytest.mark.parametrize(
    ("failing", "written"),
    [({"put": "down"}, False), ({"reject": "down"}, False), ({"reject": "lost"}, True)],
)
def test_store_that_fails_is_an_error(
    ledger: Ledger, store: FaultyPort, faults: FaultInjection, failing: dict[str, str], written: bool
) -> None:
    new = new_job()
    for step, kind in failing.items():
        faults.schedule(step, kind)  # type: ignore[arg-type]
    with pytest.raises(StorageError):
        reject(new, ledger, store)
    found = ledger.read(new.id)
    assert (found is not None) == written
    assert found is None or found.status is Status.FAILED


def test_nobody_works_on_it_cancels_it_or_sweeps_it(
    ledger: Ledger, store: FaultyPort, queue: InMemoryJobQueue
) -> None:
    job = reject(new_job(), ledger, store)
    assert not ledger.claim(job.id, "f1").applied
    assert not ledger.submit(job.id, "another").applied
    with pytest.raises(Exception, match="ended with esriJobFailed"):
        cancel(ledger, job)
    ledger.clock.sleep(3_600)
    sweep(ledger, {"core": queue}, until=ledger.clock.now() + 1_000)
    assert queue.sent == []
    assert get_job(ledger, job.id, "Samples", "Buffer") == job


def test_id_is_never_used_twice(ledger: Ledger, store: FaultyPort) -> None:
    new = new_job()
    reject(new, ledger, store)
    with pytest.raises(StorageError, match="taken"):
        reject(new, ledger, store)


class TestWithAKey:
    """A submit that is repeated with its key."""

    @pytest.fixture
    def submitter(self, ledger: Ledger, store: FaultyPort, queue: InMemoryJobQueue) -> IdempotentSubmit:
        return IdempotentSubmit(ledger, store, queue, InMemorySubmitKeys())

    def test_same_call_gets_the_same_failed_job(
        self, submitter: IdempotentSubmit, queue: InMemoryJobQueue
    ) -> None:
        until = submitter.ledger.clock.now() + 60_000
        first = submitter.submit(new_job(), "k", until)
        assert submitter.submit(new_job(), "k", until) == first
        assert first.status is Status.FAILED
        assert queue.sent == []

    def test_submit_whose_answer_was_lost_is_the_same_job(
        self, submitter: IdempotentSubmit, faults: FaultInjection
    ) -> None:
        until = submitter.ledger.clock.now() + 60_000
        faults.schedule("reject", "lost")
        new = new_job()
        # The row is there after the error, so it is read back and returned.
        assert submitter.submit(new, "k", until).id == new.id
        assert submitter.submit(new_job(), "k", until).id == new.id

    def test_corrected_call_needs_a_key_of_its_own(self, submitter: IdempotentSubmit) -> None:
        until = submitter.ledger.clock.now() + 60_000
        submitter.submit(new_job(), "k", until)
        for other in (
            replace(new_job(""), call=replace(CALL, values={"distance": "5"})),
            new_job("Parameter 'env:outSR': it is wrong."),
        ):
            with pytest.raises(Exception, match="it was used for other inputs"):
                submitter.submit(other, "k", until)
        assert submitter.submit(replace(new_job(""), call=CALL), "k2", until).status is Status.SUBMITTED
