"""The most memory that a process had resident, as Linux keeps it."""

from __future__ import annotations

import os
import re
from contextlib import suppress

_PEAK = re.compile(rb"^VmHWM:\s*(\d+) kB$", re.M)
_RESET_PEAK = b"5"  # proc(5), clear_refs


def peak_memory(pid: int | str = "self") -> int | None:
    """Return the peak of a process in bytes; None off Linux, and of a process that is gone."""
    try:
        found = _PEAK.search(_read(f"/proc/{pid}/status"))
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def forget_peak() -> None:
    """Let the peak of this process begin anew, where that can be done."""
    with suppress(OSError):
        descriptor = os.open("/proc/self/clear_refs", os.O_WRONLY)
        try:
            os.write(descriptor, _RESET_PEAK)
        finally:
            os.close(descriptor)


def _read(path: str) -> bytes:
    """Return what a small file holds, past the buffers of Python, since a caller waits for it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 8192)
    finally:
        os.close(descriptor)
