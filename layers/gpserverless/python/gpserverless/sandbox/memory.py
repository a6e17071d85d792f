"""The most memory that a process had resident, as Linux keeps it."""

from __future__ import annotations

import os
import re

_PEAK = re.compile(rb"^VmHWM:\s*(\d+) kB$", re.M)


def peak_memory(pid: int | str = "self") -> int | None:
    """Return the peak of a process in bytes; None off Linux, and of a process that is gone.

    Args:
        pid: Id of the process.
    """
    try:
        found = _PEAK.search(_read(f"/proc/{pid}/status"))
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def _read(path: str) -> bytes:
    """Read a small file past the buffers of Python, since a caller waits for it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 8192)
    finally:
        os.close(descriptor)
