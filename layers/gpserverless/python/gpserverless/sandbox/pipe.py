"""The pipe between a function and the child that runs its tools: frames of a header and a body.

A side that is written to is woken, and that costs more than a small frame does. So what need not be heard at
once waits for the next frame, and all go in one write.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
from typing import Self

HELD = 256_000
"""Bytes of frames that wait for the next one at most."""

_LENGTHS = struct.Struct("!IQ")  # of the header and of the body
_BLOCK = 1 << 20
_MOST_PARTS = 1_000  # of one write: Linux takes 1,024 (limits.h, IOV_MAX), and a frame has three


class Pipe:
    """One end of a pipe.

    Args:
        end: A socket of a pair, which belongs to the pipe from then on.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._poller = select.poll()
        self._poller.register(end, select.POLLIN)
        self._begun = bytearray()
        self._held: list[bytes] = []
        self._lock = threading.Lock()

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        """Return both ends of a new pipe."""
        ours, theirs = socket.socketpair()
        return cls(ours), cls(theirs)

    @classmethod
    def of(cls, descriptor: int) -> Self:
        """Return the end that a file descriptor is."""
        return cls(socket.socket(fileno=descriptor))

    def fileno(self) -> int:
        """Return its file descriptor."""
        return self._socket.fileno()

    def say(self, header: bytes, body: bytes = b"", *, later: bool = False) -> None:
        """Send a frame; several threads may.

        Args:
            header: What it is about.
            body: What belongs to it, sent without being copied.
            later: Whether it may wait for the next frame that may not, if it is small.

        Raises:
            ConnectionError: The other end is closed.
        """
        with self._lock:
            self._held += (_LENGTHS.pack(len(header), len(body)), header, body)
            if later and len(self._held) < _MOST_PARTS and sum(map(len, self._held)) <= HELD:
                return
            parts, self._held = self._held, []
            _write(self._socket, parts)

    def hear(self) -> tuple[bytes, bytes]:
        """Return the header and the body of the next frame, after waiting for it.

        Raises:
            EOFError: The other end is closed.
        """
        while not self._is_whole():
            self._read(0)
        header, body = _LENGTHS.unpack_from(self._begun)
        begin, end = _LENGTHS.size + header, _LENGTHS.size + header + body
        with memoryview(self._begun) as begun:
            frame = bytes(begun[_LENGTHS.size : begin]), bytes(begun[begin:end])
        del self._begun[:end]
        return frame

    def has_heard(self, seconds: float) -> bool:
        """Return whether a frame is there as a whole, after waiting so long at most.

        It may say no earlier, when only a part has come: whoever waits has something to look after meanwhile.

        Raises:
            EOFError: The other end is closed.
        """
        if not self._is_whole() and self._poller.poll(seconds * 1000):
            self._read(socket.MSG_DONTWAIT)
        return self._is_whole()

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def _is_whole(self) -> bool:
        if len(self._begun) < _LENGTHS.size:
            return False
        header, body = _LENGTHS.unpack_from(self._begun)
        return bool(len(self._begun) >= _LENGTHS.size + header + body)

    def _read(self, flags: int) -> None:
        block = self._socket.recv(_BLOCK, flags)
        if not block:
            raise EOFError("the other end of the pipe is closed")
        self._begun += block


def _write(to: socket.socket, parts: list[bytes]) -> None:
    whole = sum(map(len, parts))
    sent = os.writev(to.fileno(), parts)
    if sent < whole:
        # The rest is larger than what the system takes at once, so that it goes in pieces anyway.
        to.sendall(memoryview(b"".join(parts))[sent:])
