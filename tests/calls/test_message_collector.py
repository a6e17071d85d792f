"""Messages of an execute: as many as a job keeps, without progress and without secrets."""

from __future__ import annotations

import pytest

from gpserverless.calls.message_collector import MessageCollector
from gpserverless.errors import DeadlinePassed
from gpserverless.toolkit.message_budget import MessageLimits
from gpserverless.toolkit.run import Message


def test_messages_are_kept_in_order_and_the_progress_is_not() -> None:
    collector = MessageCollector(lambda: None)
    collector.message(Message("informative", "One."))
    collector.progress("Half", 50)
    collector.message(Message("warning", "Two."))
    assert [(each.kind, each.text) for each in collector.messages] == [
        ("informative", "One."),
        ("warning", "Two."),
    ]


def test_more_messages_than_a_job_keeps_are_dropped() -> None:
    collector = MessageCollector(lambda: None)
    for number in range(MessageLimits().max_messages + 5):
        collector.message(Message("informative", f"{number}"))
    assert len(collector.messages) == MessageLimits().max_messages


def test_the_run_is_stopped_by_its_check() -> None:
    def check() -> None:
        raise DeadlinePassed("Stopped.")

    with pytest.raises(DeadlinePassed):
        MessageCollector(check).check_cancelled()
