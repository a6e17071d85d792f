"""The most memory that a process had resident, as Linux keeps it."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.M)
_RESET_PEAK = "5"  # proc(5), clear_refs


def peak_memory(pid: int | str = "self") -> int | None:
    """Return the peak of a process in bytes; None off Linux, and of a process that is gone."""
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        return None
    return int(found[1]) * 1024 if found else None


def forget_peak() -> None:
    """Let the peak of this process begin anew, where that can be done."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text(_RESET_PEAK, encoding="ascii")
