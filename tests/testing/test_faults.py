"""Faults happen to the calls that they are scheduled for, in order, once."""

from __future__ import annotations

import pytest

from gpserverless.errors import StorageError, StorageRefused
from gpserverless.testing import FaultInjection, FaultyPort, InMemoryJobQueue
from gpserverless.testing.faults import Fault

MESSAGES: list[tuple[Fault, type[Exception] | None, int]] = [
    ("", None, 1),
    ("down", StorageError, 0),
    ("refused", StorageRefused, 0),
    ("lost", StorageError, 1),
    ("again", None, 2),
]


@pytest.mark.parametrize(("fault", "error", "sent"), MESSAGES)
def test_fault_happens_to_the_next_call(fault: Fault, error: type[Exception] | None, sent: int) -> None:
    faults, queue = FaultInjection(), InMemoryJobQueue()
    faults.schedule("send", fault)
    if error is None:
        FaultyPort(queue, faults).send("j1")
    else:
        with pytest.raises(error):
            FaultyPort(queue, faults).send("j1")
    assert queue.sent == ["j1"] * sent
    FaultyPort(queue, faults).send("j2")
    assert queue.sent[-1] == "j2"
    assert faults.calls == ["send", "send"]


def test_cleared_faults_do_not_happen() -> None:
    faults, queue = FaultInjection(), InMemoryJobQueue()
    faults.schedule("send", "down")
    faults.clear()
    FaultyPort(queue, faults).send("j1")
    assert queue.sent == ["j1"]
