"""What a watcher of a run writes and reads, and when."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gpserverless.errors import Cancelled, DeadlinePassed, LeaseLost, StorageError, StorageRefused
from gpserverless.jobs.job import Job, MoreMessages, NewJob, Progress
from gpserverless.jobs.job_usage import AttemptUsage
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import describe_outcome, error, info
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.jobs.watch import JobWatcher
from gpserverless.testing import FaultInjection, InMemoryObjectStore
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.message_budget import MessageBudget
from gpserverless.toolkit.run import Message

ID = "j" + "0" * 32
FENCE = "feed"


class Desk:
    """A claimed job and its watcher."""

    def __init__(self, ledger: Ledger, faults: FaultInjection) -> None:
        self.ledger = ledger
        self.faults = faults
        ledger.create(NewJob(ID, Call("Samples", "Buffer", {})), "token")
        ledger.submit(ID, "token")
        claimed = ledger.claim(ID, FENCE).job
        assert claimed is not None
        now = ledger.clock.now()
        self.usage = AttemptUsage(claimed, now, now)
        self.watcher = JobWatcher(ledger, claimed, FENCE, now + 840_000, self.usage)
        faults.calls.clear()

    def job(self) -> Job:
        job = self.ledger.table.inner.read(ID)  # type: ignore[attr-defined]
        assert isinstance(job, Job)
        return job

    def list_texts(self) -> list[str]:
        return [message.text for message in self.job().messages[2:]]

    def check_for(self, seconds: float) -> None:
        for _ in range(round(seconds * 4)):
            self.ledger.clock.sleep(0.25)
            self.watcher.check_cancelled()


@pytest.fixture
def desk(memory_ledger: Ledger, faults: FaultInjection) -> Desk:
    return Desk(memory_ledger, faults)


def test_watcher_reads_nothing_at_once(desk: Desk) -> None:
    desk.watcher.check_cancelled()
    assert desk.faults.calls == []


def test_first_message_is_written_at_once(desk: Desk) -> None:
    desk.watcher.message(info("Reading."))
    desk.check_for(0.25)
    assert desk.list_texts() == ["Reading."]


def test_short_run_writes_its_outcome_alone(desk: Desk) -> None:
    desk.watcher.message(info("Reading."))
    desk.ledger.clock.sleep(0.199)
    desk.watcher.check_cancelled()
    assert desk.faults.calls == []
    assert desk.watcher.unsent_messages() == (info("Reading."),)


def test_many_messages_cost_one_write_a_second(desk: Desk) -> None:
    for number in range(40):
        desk.watcher.message(info(f"Step {number}."))
        desk.watcher.progress("Working", number)
        desk.check_for(0.25)
    assert 9 <= len(desk.faults.calls) <= 11
    assert set(desk.faults.calls) == {"beat"}
    desk.check_for(1)
    assert desk.list_texts() == [f"Step {number}." for number in range(40)]
    assert desk.job().progress == Progress("Working", 39)


def test_unchanged_progress_is_not_written(desk: Desk) -> None:
    desk.watcher.progress("Working", 10)
    desk.watcher.check_cancelled()
    desk.watcher.progress("Working", 10)
    desk.check_for(5)
    assert desk.faults.calls.count("beat") == 1


def test_messages_survive_a_table_that_is_away(desk: Desk) -> None:
    desk.faults.schedule("beat", "down", "lost", "again")
    desk.watcher.message(info("Reading."))
    desk.check_for(1)
    desk.watcher.message(info("Writing."))
    desk.check_for(4)
    assert desk.list_texts() == ["Reading.", "Writing."]


@pytest.mark.parametrize("lost", [1, 2, 8])
def test_messages_whose_writes_were_not_answered_are_written_once(desk: Desk, lost: int) -> None:
    desk.faults.schedule("beat", *["lost"] * lost)
    for number in range(lost + 3):
        desk.watcher.message(info(f"Step {number}."))
        desk.check_for(1)
    assert desk.list_texts() == [f"Step {number}." for number in range(lost + 3)]


def test_unsent_messages_leave_out_those_of_a_write_without_an_answer(desk: Desk) -> None:
    desk.faults.schedule("beat", "lost")
    desk.watcher.message(info("Reading."))
    desk.check_for(0.25)
    desk.watcher.message(info("Writing."))
    assert desk.list_texts() == ["Reading."]
    assert desk.watcher.unsent_messages() == (info("Writing."),)


def test_beat_sent_twice_writes_messages_once(desk: Desk) -> None:
    desk.faults.schedule("beat", "again")
    desk.watcher.message(info("Reading."))
    desk.check_for(5)
    assert desk.list_texts() == ["Reading."]


def test_messages_not_written_are_kept_for_the_outcome(desk: Desk) -> None:
    desk.watcher.message(info("Reading."))
    desk.check_for(0.25)
    desk.watcher.message(info("Writing."))
    assert desk.watcher.unsent_messages() == (info("Writing."),)


def test_cancel_is_seen_within_a_second(desk: Desk) -> None:
    desk.ledger.ask_to_stop(ID)
    with pytest.raises(Cancelled):
        desk.check_for(1)


def test_cancel_is_seen_by_a_write_too(desk: Desk) -> None:
    desk.ledger.ask_to_stop(ID)
    desk.watcher.message(info("Reading."))
    with pytest.raises(Cancelled):
        desk.check_for(0.25)
    assert desk.list_texts() == ["Reading."]


def test_deadline_ends_the_run(desk: Desk) -> None:
    with pytest.raises(DeadlinePassed):
        desk.check_for(841)


def test_run_ends_when_the_job_is_gone_or_has_another_worker(desk: Desk) -> None:
    desk.ledger.fail(ID, FENCE, [], "by somebody with our fence")
    with pytest.raises(LeaseLost):
        desk.check_for(2)


def test_clock_that_was_set_back_does_not_end_the_run(desk: Desk) -> None:
    desk.ledger.clock.sleep(-30)
    desk.watcher.message(info("Reading."))
    desk.check_for(5)
    assert desk.watcher.unsent_messages() == (info("Reading."),)
    desk.check_for(40)
    assert desk.list_texts() == ["Reading."]


def test_cancel_is_seen_after_the_clock_was_set_back(desk: Desk) -> None:
    desk.check_for(5)
    desk.ledger.clock.sleep(-600)
    desk.ledger.ask_to_stop(ID)
    with pytest.raises(Cancelled):
        desk.check_for(1)


class TestBudget:
    def test_text_is_cut(self) -> None:
        kept = MessageBudget(JobRules(max_message_chars=5)).admit(info("123456"))
        assert kept == info("1234…")

    @pytest.mark.parametrize(
        ("rules", "kept"),
        [
            (JobRules(max_messages=3), 3),
            (JobRules(max_messages_bytes=25), 2),
        ],
    )
    def test_what_is_over_is_counted(self, rules: JobRules, kept: int) -> None:
        budget = MessageBudget(rules)
        admitted = [budget.admit(info("ÄÄÄÄÄ")) for _ in range(10)]
        assert len([message for message in admitted if message]) == kept
        assert budget.dropped == 10 - kept

    def test_what_the_row_holds_already_counts(self) -> None:
        budget = MessageBudget(JobRules(max_messages=2), [info("Submitted."), info("Executing...")])
        assert budget.admit(info("one")) is None

    def test_messages_without_room_go_into_an_object_in_order(
        self, desk: Desk, objects: InMemoryObjectStore
    ) -> None:
        for number in range(1_000):
            desk.watcher.message(info(str(number)))
        desk.check_for(0.25)
        assert len(desk.job().messages) == desk.ledger.rules.max_messages
        desk.watcher.store_messages(objects, "key")
        assert desk.watcher.unsent_messages() == (MoreMessages("informative", "802 more messages.", "key"),)
        stored = [message["text"] for message in json.loads(objects.get("key"))]
        assert stored == [str(number) for number in range(198, 1_000)]

    def test_after_a_message_without_room_no_shorter_one_overtakes_it(
        self, desk: Desk, objects: InMemoryObjectStore
    ) -> None:
        for text in ("x" * 1_000,) * 64 + ("short",):
            desk.watcher.message(info(text))
        desk.watcher.store_messages(objects, "key")
        assert json.loads(objects.get("key"))[-1]["text"] == "short"
        assert desk.watcher.unsent_messages()[-2].text == "x" * 1_000

    def test_few_messages_need_no_object(self, desk: Desk, objects: InMemoryObjectStore) -> None:
        desk.watcher.message(info("one"))
        desk.watcher.store_messages(objects, "key")
        assert (objects.bodies, desk.watcher.unsent_messages()) == ({}, (info("one"),))

    def test_last_message_says_how_many_are_missing(self, desk: Desk, objects: InMemoryObjectStore) -> None:
        for number in range(5_000):
            desk.watcher.message(info(str(number)))
        desk.watcher.store_messages(objects, "key")
        assert desk.watcher.unsent_messages()[-2:] == (
            MoreMessages("informative", "4,000 more messages.", "key"),
            Message("warning", "802 more messages were not kept."),
        )

    @pytest.mark.parametrize("kind", [StorageError, StorageRefused])
    def test_outcome_does_not_wait_for_messages_that_cannot_be_stored(
        self, desk: Desk, kind: type[StorageError]
    ) -> None:
        class Away(InMemoryObjectStore):
            def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
                raise kind("away")

        for number in range(1_000):
            desk.watcher.message(info(str(number)))
        desk.watcher.store_messages(Away(), "key")
        assert desk.watcher.unsent_messages()[-1].text == "802 more messages were not kept."

    def test_row_full_of_messages_fits_into_the_table(self, ledger: Ledger) -> None:
        desk = Desk(replace(ledger), FaultInjection())
        for _ in range(200):
            desk.watcher.message(info("€" * 1_000))
        desk.check_for(0.25)
        assert len(desk.list_texts()) == 21
        assert sum(len(text.encode()) for text in desk.list_texts()) <= desk.ledger.rules.max_messages_bytes


CLOSINGS = [
    (Status.SUCCEEDED, 1_000, "Succeeded at 1970-01-01 00:00:21 UTC (Elapsed Time: 20.00 seconds)"),
    (Status.FAILED, 20_650, "Failed at 1970-01-01 00:00:21 UTC (Elapsed Time: 0.35 seconds)"),
    (Status.FAILED, 90_000, "Failed at 1970-01-01 00:00:21 UTC (Elapsed Time: 0.00 seconds)"),
    (Status.TIMED_OUT, None, "Timed out at 1970-01-01 00:00:21 UTC"),
    (Status.CANCELLED, 1_000, "Cancelled."),
]


@pytest.mark.parametrize(("status", "started_at", "text"), CLOSINGS)
def test_describe_outcome(status: Status, started_at: int | None, text: str) -> None:
    assert describe_outcome(status, 21_000, started_at) == info(text)


def test_kinds_of_messages() -> None:
    assert (info("a").kind, error("a").kind) == ("informative", "error")
