"""Frames between a function and its tools' child: whole, in order, and never a reason to hang."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpserverless.sandbox.pipe import MAX_HELD, Pipe
from tests.patience import SOON

Ends = tuple[Pipe, Pipe]
FRAMES = st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=40), st.booleans()), max_size=8)


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = Pipe.pair()
    yield ours, theirs
    ours.close()
    theirs.close()


@given(FRAMES)
def test_frames_arrive_as_they_were_sent(frames: list[tuple[bytes, bytes, bool]]) -> None:
    ours, theirs = Pipe.pair()
    for header, body, urgent in frames:
        ours.send(header, body, urgent=urgent)
    ours.send(b"last")
    for header, body, _ in frames:
        assert theirs.receive() == (header, body)
    assert theirs.wait(0)
    assert theirs.receive() == (b"last", b"")
    assert not theirs.wait(0)
    ours.close()
    theirs.close()


@pytest.mark.parametrize("size", [MAX_HELD, MAX_HELD + 1, 5_000_000])
@pytest.mark.parametrize("urgent", [False, True])
def test_body_larger_than_the_system_takes_at_once_arrives(size: int, urgent: bool, ends: Ends) -> None:
    ours, theirs = ends
    body = os.urandom(size)

    def send() -> None:
        ours.send(b"output", body, urgent=urgent)
        ours.send(b"ended")

    sending = threading.Thread(target=send)
    sending.start()
    assert theirs.receive() == (b"output", body)
    assert theirs.receive() == (b"ended", b"")
    sending.join()


def test_frames_wait_for_an_urgent_one(ends: Ends) -> None:
    ours, theirs = ends
    ours.send(b"one", b"1", urgent=False)
    assert not theirs.wait(0)
    ours.send(b"two")
    assert theirs.receive() == (b"one", b"1")
    assert theirs.wait(0)
    assert theirs.receive() == (b"two", b"")


def test_large_frame_does_not_wait(ends: Ends) -> None:
    ours, theirs = ends
    sending = threading.Thread(target=ours.send, args=(b"one", bytes(MAX_HELD)), kwargs={"urgent": False})
    sending.start()
    assert theirs.receive() == (b"one", bytes(MAX_HELD))
    sending.join()


def test_very_many_small_frames_arrive(ends: Ends) -> None:
    ours, theirs = ends
    sending = threading.Thread(target=lambda: [ours.send(b"%d" % n, urgent=False) for n in range(2_000)])
    sending.start()
    sending.join()
    ours.send(b"ended")
    assert [theirs.receive()[0] for _ in range(2_001)] == [*(b"%d" % n for n in range(2_000)), b"ended"]


@pytest.mark.parametrize("kept", [1, 11, 12, 14, 16])
def test_wait_returns_early_when_half_a_frame_has_come(kept: int, ends: Ends) -> None:
    ours, theirs = ends
    whole = (4).to_bytes(4, "big") + (3).to_bytes(8, "big") + b"headbod"
    os.write(ours.fileno(), whole[:kept])
    assert not theirs.wait(0)
    assert not theirs.wait(0.01)
    os.write(ours.fileno(), whole[kept:])
    assert theirs.wait(SOON)
    assert theirs.receive() == (b"head", b"bod")


def test_frames_sent_before_the_close_arrive_and_then_the_close(ends: Ends) -> None:
    ours, theirs = ends
    ours.send(b"ended")
    ours.close()
    assert theirs.receive() == (b"ended", b"")
    with pytest.raises(EOFError, match="closed"):
        theirs.wait(SOON)
    with pytest.raises(EOFError, match="closed"):
        theirs.receive()


def test_send_raises_when_the_other_end_is_closed(ends: Ends) -> None:
    ours, theirs = ends
    theirs.close()
    with pytest.raises(ConnectionError):
        ours.send(b"ended")


def test_frames_of_threads_are_not_mixed(ends: Ends) -> None:
    ours, theirs = ends

    def send(number: int) -> None:
        for turn in range(50):
            ours.send(b"%d" % number, b"%d " % turn * 500, urgent=turn % 2 == 1)

    threads = [threading.Thread(target=send, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    received: dict[bytes, list[bytes]] = {}
    for _ in range(200):
        header, body = theirs.receive()
        received.setdefault(header, []).append(body)
    for thread in threads:
        thread.join()
    assert received == {b"%d" % number: [b"%d " % turn * 500 for turn in range(50)] for number in range(4)}
