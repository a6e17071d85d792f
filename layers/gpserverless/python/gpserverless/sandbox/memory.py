"""The most memory that a process had resident, as Linux keeps it."""

from __future__ import annotations

import re

from gpserverless.sandbox.processes import read_quickly

_PEAK = re.compile(rb"^VmHWM:\s*(\d+) kB$", re.M)


def peak_memory(pid: int | str = "self") -> int | None:
    """Return the peak of a process in bytes; None off Linux, and of a process that is gone.

    Args:
        pid: Id of the process.
    """
    try:
        found = _PEAK.search(read_quickly(f"/proc/{pid}/status"))
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None
