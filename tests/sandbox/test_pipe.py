"""Frames between a function and its tools' child: whole, in order, and never a reason to hang."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpserverless.sandbox.pipe import HELD, Pipe

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
    for header, body, later in frames:
        ours.say(header, body, later=later)
    ours.say(b"last")
    for header, body, _ in frames:
        assert theirs.hear() == (header, body)
    assert theirs.has_heard(0)
    assert theirs.hear() == (b"last", b"")
    assert not theirs.has_heard(0)
    ours.close()
    theirs.close()


@pytest.mark.parametrize("size", [HELD, HELD + 1, 5_000_000])
@pytest.mark.parametrize("later", [False, True])
def test_a_body_larger_than_the_system_takes_at_once_arrives(size: int, later: bool, ends: Ends) -> None:
    ours, theirs = ends
    body = os.urandom(size)

    def send() -> None:
        ours.say(b"output", body, later=later)
        ours.say(b"ended")

    sending = threading.Thread(target=send)
    sending.start()
    assert theirs.hear() == (b"output", body)
    assert theirs.hear() == (b"ended", b"")
    sending.join()


def test_what_may_wait_waits_for_what_may_not(ends: Ends) -> None:
    ours, theirs = ends
    ours.say(b"one", b"1", later=True)
    assert not theirs.has_heard(0)
    ours.say(b"two")
    assert theirs.hear() == (b"one", b"1")
    assert theirs.has_heard(0)
    assert theirs.hear() == (b"two", b"")


def test_what_is_too_much_to_hold_does_not_wait(ends: Ends) -> None:
    ours, theirs = ends
    sending = threading.Thread(target=ours.say, args=(b"one", bytes(HELD)), kwargs={"later": True})
    sending.start()
    assert theirs.hear() == (b"one", bytes(HELD))
    sending.join()


def test_very_many_small_frames_arrive(ends: Ends) -> None:
    ours, theirs = ends
    sending = threading.Thread(target=lambda: [ours.say(b"%d" % n, later=True) for n in range(2_000)])
    sending.start()
    sending.join()
    ours.say(b"ended")
    assert [theirs.hear()[0] for _ in range(2_001)] == [*(b"%d" % n for n in range(2_000)), b"ended"]


@pytest.mark.parametrize("kept", [1, 11, 12, 14, 16])
def test_half_a_frame_is_none_and_holds_nobody_up(kept: int, ends: Ends) -> None:
    ours, theirs = ends
    whole = (4).to_bytes(4, "big") + (3).to_bytes(8, "big") + b"headbod"
    os.write(ours.fileno(), whole[:kept])
    assert not theirs.has_heard(0)
    assert not theirs.has_heard(0.01)
    os.write(ours.fileno(), whole[kept:])
    assert theirs.has_heard(1)
    assert theirs.hear() == (b"head", b"bod")


def test_what_was_said_before_the_end_is_heard_and_then_the_end(ends: Ends) -> None:
    ours, theirs = ends
    ours.say(b"ended")
    ours.close()
    assert theirs.hear() == (b"ended", b"")
    with pytest.raises(EOFError, match="closed"):
        theirs.has_heard(1)
    with pytest.raises(EOFError, match="closed"):
        theirs.hear()


def test_what_is_said_to_nobody_is_an_error(ends: Ends) -> None:
    ours, theirs = ends
    theirs.close()
    with pytest.raises(ConnectionError):
        ours.say(b"ended")


def test_threads_do_not_mix_their_frames(ends: Ends) -> None:
    ours, theirs = ends

    def talk(number: int) -> None:
        for turn in range(50):
            ours.say(b"%d" % number, b"%d " % turn * 500, later=turn % 2 == 0)

    threads = [threading.Thread(target=talk, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    heard: dict[bytes, list[bytes]] = {}
    for _ in range(200):
        header, body = theirs.hear()
        heard.setdefault(header, []).append(body)
    for thread in threads:
        thread.join()
    assert heard == {b"%d" % number: [b"%d " % turn * 500 for turn in range(50)] for number in range(4)}
