"""Memory and processor time of processes (Linux's proc(5) and clocks)."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

QUIET_SHARE = 0.05
"""Share of one core under which processes count as idle."""


def resident(pid: int, field: str) -> int:
    """Return bytes of memory of a process, by the name of a line of proc(5)'s status."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    found = next((line for line in lines if line.startswith(field)), f"{field}: 0 kB")
    return 1024 * int(found.split()[1])


def processor_seconds(pid: int) -> float:
    """Return seconds of the processor that a process has had, by its clock (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def descendants(pid: int) -> list[int]:
    """Return the ids of all processes that a process, or one of these, has started."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            fields = status.read_text("ascii", "replace").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found = list(parents.get(pid, ()))
    for each in found:
        found.extend(parents.get(each, ()))
    return found


def settle(pid: int, seconds: float) -> None:
    """Wait until a process and all that it has started are idle, but not for longer than some seconds."""
    deadline = time.monotonic() + seconds
    before, began = _together(pid), time.monotonic()
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now, ended = _together(pid), time.monotonic()
        if now - before < QUIET_SHARE * (ended - began):
            return
        before, began = now, ended


def _together(pid: int) -> float:
    total = 0.0
    for each in (pid, *descendants(pid)):
        with suppress(OSError):
            total += processor_seconds(each)
    return total
