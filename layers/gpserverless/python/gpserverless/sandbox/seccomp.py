"""Refusing system calls to this process and to all that it starts: a filter of seccomp(2).

There is no library for it that comes as a wheel for both processors, and the rules are few. A filter is a
program of classic BPF that the kernel runs at each call: it sees the number of the call and its arguments.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CALLS = {
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "kill": (62, 129),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "prlimit64": (302, 261),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "seccomp": (317, 277),
    "setpriority": (141, 140),
    "socket": (41, 198),
    "tgkill": (234, 131),
    "tkill": (200, 130),
}
"""Numbers of system calls on x86_64 (asm/unistd_64.h) and on aarch64 (asm-generic/unistd.h)."""

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""The processors, in the order of `CALLS`, and how the kernel names them to a filter (linux/audit.h)."""

PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _SPEC_ALLOW = 1, 4  # linux/seccomp.h; the second leaves the processor as fast as it is
_KILL_PROCESS, _REFUSE, _ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/filter.h
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_FIRST_X32 = 0x4000_0000  # calls of the second kind that x86_64 has
_INSTRUCTION = struct.Struct("=HBBI")

Instruction = tuple[int, int, int, int]
"""Code, how many instructions to leap if it is true and if not, and a constant."""


@dataclass(frozen=True)
class Refusal:
    """A system call that is refused: always, or by the lower half of an argument.

    Attributes:
        call: Its name.
        error: The error that the call returns.
        argument: Number of the argument, from 0; None for always.
        values: The values that are refused, as 32 bits.
        others: Whether all but these values are refused.
    """

    call: str
    error: int = errno.EPERM
    argument: int | None = None
    values: tuple[int, ...] = ()
    others: bool = False


def build_filter(refusals: Iterable[Refusal], machine: str) -> list[Instruction]:
    """Return the program of a filter; a call of another processor's kind ends the process.

    Args:
        refusals: The calls that are refused; all others are allowed.
        machine: The processor: "x86_64" or "aarch64".
    """
    column = [*ARCHITECTURES].index(machine)
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _FIRST_X32),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]
    for refusal in refusals:
        program += _refuse(refusal, CALLS[refusal.call][column])
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _refuse(refusal: Refusal, number: int) -> Iterator[Instruction]:
    checks = [] if refusal.argument is None else [*_check_argument(refusal, refusal.argument)]
    yield _LOAD, 0, 0, _NUMBER
    yield _EQUAL, 0, len(checks) + 1, number
    yield from checks
    yield _RETURN, 0, 0, _REFUSE | refusal.error


def _check_argument(refusal: Refusal, argument: int) -> Iterator[Instruction]:
    """Yield instructions that go on to the next one if the argument is refused, and else leap over it."""
    values = refusal.values
    yield _LOAD, 0, 0, _ARGUMENTS + 8 * argument  # both processors have the lower half first
    for place, value in enumerate(values):
        left = len(values) - 1 - place
        if refusal.others:
            yield _EQUAL, left + 1, 0, value
        else:
            yield _EQUAL, left, 0 if left else 1, value


def install_filter(refusals: Iterable[Refusal]) -> None:
    """Refuse system calls to this process and its descendants, for good.

    Args:
        refusals: The calls.

    Raises:
        OSError: The kernel cannot, or does not allow it.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no filter for {sys.platform} on {machine}")
    libc = ctypes.CDLL(None, use_errno=True)
    program = b"".join(_INSTRUCTION.pack(*each) for each in build_filter(refusals, machine))
    buffer = ctypes.create_string_buffer(program, len(program))
    fprog = _Program(len(program) // _INSTRUCTION.size, ctypes.addressof(buffer))
    number = CALLS["seccomp"][[*ARCHITECTURES].index(machine)]
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(
        number, _SET_MODE_FILTER, _SPEC_ALLOW, ctypes.byref(fprog)
    ):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))
