"""The pipe between a function and the child that runs its tool: frames of a header and a body.

Waking the process at the other end costs more than a small frame does. So a frame that is not urgent waits
for the next urgent one, and all of them go in one write.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
from typing import Self

MAX_HELD = 256_000
"""Most bytes of frames that wait for an urgent one."""

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
        self._received = bytearray()
        self._held: list[bytes] = []
        self._lock = threading.Lock()

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        """Return both ends of a new pipe."""
        ours, theirs = socket.socketpair()
        return cls(ours), cls(theirs)

    @classmethod
    def from_descriptor(cls, descriptor: int) -> Self:
        """Return the end that a file descriptor stands for.

        Args:
            descriptor: Number of an open file descriptor; the pipe closes it.
        """
        return cls(socket.socket(fileno=descriptor))

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._socket.fileno()

    def send(self, header: bytes, body: bytes = b"", *, urgent: bool = True) -> None:
        """Send a frame; several threads may.

        Args:
            header: The header.
            body: The body, sent without being copied.
            urgent: Whether the other end is woken for it; if not, a small frame waits for an urgent one.

        Raises:
            ConnectionError: The other end is closed.
        """
        with self._lock:
            self._held += (_LENGTHS.pack(len(header), len(body)), header, body)
            if not urgent and len(self._held) < _MOST_PARTS and sum(map(len, self._held)) <= MAX_HELD:
                return
            parts, self._held = self._held, []
            _write(self._socket, parts)

    def receive(self) -> tuple[bytes, bytes]:
        """Wait for the next frame, and return its header and its body.

        Raises:
            EOFError: The other end is closed.
        """
        while not self._has_frame():
            self._read(0)
        header, body = _LENGTHS.unpack_from(self._received)
        begin, end = _LENGTHS.size + header, _LENGTHS.size + header + body
        with memoryview(self._received) as received:
            frame = bytes(received[_LENGTHS.size : begin]), bytes(received[begin:end])
        del self._received[:end]
        return frame

    def wait(self, seconds: float) -> bool:
        """Wait until data comes, and return whether the next frame is complete.

        It returns early when only a part of the frame has come, so that the caller can do other things.

        Args:
            seconds: The longest wait.

        Raises:
            EOFError: The other end is closed.
        """
        if not self._has_frame() and self._poller.poll(seconds * 1000):
            self._read(socket.MSG_DONTWAIT)
        return self._has_frame()

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _has_frame(self) -> bool:
        if len(self._received) < _LENGTHS.size:
            return False
        header, body = _LENGTHS.unpack_from(self._received)
        return bool(len(self._received) >= _LENGTHS.size + header + body)

    def _read(self, flags: int) -> None:
        block = self._socket.recv(_BLOCK, flags)
        if not block:
            raise EOFError("the other end of the pipe is closed")
        self._received += block


def _write(to: socket.socket, parts: list[bytes]) -> None:
    size = sum(map(len, parts))
    sent = os.writev(to.fileno(), parts)
    if sent < size:
        # The rest is larger than the system takes at once, so it goes in pieces anyway.
        to.sendall(memoryview(b"".join(parts))[sent:])
