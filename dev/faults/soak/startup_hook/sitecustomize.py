"""Faults of a function's process from its start: a wrong clock, a full disk.

Python imports this module at its start when the folder is on its path. Every function registers itself by a
file in the folder `STARTUP_FAULTS`, and sends its process id in its calls to AWS. The file
`startup_faults.json` there has the faults of workers. Every second worker is spared, or has the opposite
fault.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
import time

_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000  # linux/sched.h
_MS_NOSUID, _MS_REC, _MS_PRIVATE = 0x2, 0x4000, 0x40000  # linux/mount.h


def _set_clock(seconds: float) -> None:
    """Set this process's wall clock wrong by some seconds; timeouts use another clock."""
    read, read_ns = time.time, time.time_ns
    time.time = lambda: read() + seconds
    time.time_ns = lambda: read_ns() + round(seconds * 1e9)


def _fill_disk() -> None:
    """Give this process a directory for temporary files that is full.

    Raises:
        OSError: The kernel does not allow it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWNS):
        _check(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNS))
        for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123  # no import more than needed here
                file.write(line)
    _check(libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))
    folder = tempfile.mkdtemp(prefix="full-", dir=os.environ["STARTUP_FAULTS"])
    _check(libc.mount(b"tmpfs", folder.encode(), b"tmpfs", _MS_NOSUID, b"size=4k,nr_inodes=1"))
    os.environ["TMPDIR"] = tempfile.tempdir = folder


def _check(code: int) -> None:
    if code:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _count_start(folder: str) -> int:
    """Count this start; return the number of starts."""
    counter = os.open(f"{folder}/starts", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(counter, b".")
    starts = os.fstat(counter).st_size
    os.close(counter)
    return starts


def _start(folder: str, name: str) -> None:
    open(f"{folder}/{name}-{os.getpid()}", "w").close()  # noqa: PTH123
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])  # PYTHONPATH is the same for all
    os.environ["AWS_SDK_UA_APP_ID"] = str(os.getpid())
    with open(f"{folder}/startup_faults.json") as told:  # noqa: PTH123
        startup_faults = json.load(told)
    if not startup_faults or not name.endswith("-WorkerFunction"):
        return
    spared = _count_start(folder) % 2 == 0
    if seconds := startup_faults.get("clock", 0.0):
        _set_clock(-seconds if spared else seconds)
    if startup_faults.get("full disk") and not spared:
        _fill_disk()


if "STARTUP_FAULTS" in os.environ:
    _start(os.environ["STARTUP_FAULTS"], os.environ["AWS_LAMBDA_FUNCTION_NAME"])
