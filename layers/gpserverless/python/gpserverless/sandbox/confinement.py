"""Taking from the processes of tools what no tool needs: the network, other processes, endless files.

The zygote takes it from itself, so every child starts without, and no run pays for it.
"""

from __future__ import annotations

import errno
import os
import resource

from gpserverless.sandbox.seccomp import Refusal, install_filter

LARGEST_FILE = 5 * 2**30
"""Most bytes of a file that a tool writes: those of the largest upload. A worker has a disk of twice that."""

MOST_OPEN_FILES = 1024
"""Most files that a process of a tool has open: as many as Lambda allows."""

NO_NETWORK = errno.ENONET
"""The error that a tool gets for a socket; no other call returns it."""

_SELF = (0,)  # the id by which a process means itself
_PRIO_USER = 2  # linux/resource.h: all processes of a user

_LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: LARGEST_FILE,
    resource.RLIMIT_NOFILE: MOST_OPEN_FILES,
}

_SOCKETS = (
    Refusal("socket", NO_NETWORK),
    Refusal("io_uring_setup", errno.ENOSYS),  # it opens sockets without that call
)

_OTHER_PROCESSES = (
    Refusal("ptrace"),
    Refusal("process_vm_readv"),
    Refusal("process_vm_writev"),
    Refusal("pidfd_getfd"),
    Refusal("kcmp"),
    Refusal("tkill"),
    Refusal("rt_sigqueueinfo"),
    Refusal("rt_tgsigqueueinfo"),
    Refusal("pidfd_send_signal"),
    Refusal("prlimit64", argument=0, values=_SELF, others=True),
    Refusal("sched_setattr", argument=0, values=_SELF, others=True),
    Refusal("sched_setparam", argument=0, values=_SELF, others=True),
    Refusal("sched_setscheduler", argument=0, values=_SELF, others=True),
    Refusal("setpriority", argument=0, values=(_PRIO_USER,)),
    Refusal("setpriority", argument=1, values=_SELF, others=True),
)


def limit_files() -> None:
    """Limit the size and the number of files of this process and its descendants, and let none dump core."""
    for name, most in _LIMITS.items():
        hard = resource.getrlimit(name)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(hard, most)
        resource.setrlimit(name, (limit, limit))


def refuse_other_processes() -> None:
    """Refuse this process and its descendants to look into others, to limit others, and to end its parents.

    A signal to this process and to its parent is refused, so it must be the zygote that calls this.

    Raises:
        OSError: The kernel cannot, or does not allow it.
    """
    parents = (os.getpid(), os.getppid())
    all_of_them = (-1, *(-os.getpgid(pid) for pid in parents))
    signals = (
        Refusal("kill", argument=0, values=_as_32_bits(*parents, *all_of_them)),
        Refusal("tgkill", argument=0, values=_as_32_bits(*parents)),
    )
    install_filter((*_OTHER_PROCESSES, *signals))


def refuse_network() -> None:
    """Refuse sockets to this process and its descendants; a pair of sockets and a pipe are none.

    Raises:
        OSError: The kernel cannot, or does not allow it.
    """
    install_filter(_SOCKETS)


def _as_32_bits(*numbers: int) -> tuple[int, ...]:
    return tuple({number & 0xFFFF_FFFF for number in numbers})
