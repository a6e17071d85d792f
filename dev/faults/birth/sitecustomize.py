"""What befalls a function of a local cloud when it is born: a clock that is wrong, a disk that is full.

Python imports this at its start when the folder is on its path. Every function makes itself known by a file
in the folder `FAULTS_AT_BIRTH`, and by its number in its calls to AWS. The file `fate.json` there says what
is to happen to workers now; every second one is spared, or has it the other way round.
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
    """Let this process's clock go wrong by so many seconds; timeouts, which go by another one, do not."""
    tell, tell_ns = time.time, time.time_ns
    time.time = lambda: tell() + seconds
    time.time_ns = lambda: tell_ns() + round(seconds * 1e9)


def _fill_disk() -> None:
    """Have a directory for temporary files, for this process alone, in which there is no room for one.

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
    folder = tempfile.mkdtemp(prefix="full-", dir=os.environ["FAULTS_AT_BIRTH"])
    _check(libc.mount(b"tmpfs", folder.encode(), b"tmpfs", _MS_NOSUID, b"size=4k,nr_inodes=1"))
    os.environ["TMPDIR"] = tempfile.tempdir = folder


def _check(code: int) -> None:
    if code:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _number_of_births(folder: str) -> int:
    """Count this one, and return how many there have been."""
    counter = os.open(f"{folder}/births", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(counter, b".")
    births = os.fstat(counter).st_size
    os.close(counter)
    return births


def _be_born(folder: str, name: str) -> None:
    open(f"{folder}/{name}-{os.getpid()}", "w").close()  # noqa: PTH123
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])  # PYTHONPATH is the same for all
    os.environ["AWS_SDK_UA_APP_ID"] = str(os.getpid())
    with open(f"{folder}/fate.json") as told:  # noqa: PTH123
        fate = json.load(told)
    if not fate or not name.endswith("-WorkerFunction"):
        return
    spared = _number_of_births(folder) % 2 == 0
    if seconds := fate.get("clock", 0.0):
        _set_clock(-seconds if spared else seconds)
    if fate.get("full disk") and not spared:
        _fill_disk()


if "FAULTS_AT_BIRTH" in os.environ:
    _be_born(os.environ["FAULTS_AT_BIRTH"], os.environ["AWS_LAMBDA_FUNCTION_NAME"])
