"""What a process has beside its modules, and what of it a run has left changed."""

from __future__ import annotations

import decimal
import fcntl
import gc
import locale
import logging
import os
import random
import resource
import signal
import socket
import stat
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

_DESCRIPTORS = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
_LIMITS = (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)
_WRITABLE = 0o3  # the access mode of an open file, fcntl(2)


class ProcessState:
    """A process as it is before its first run.

    Args:
        packages: Packages of the tools, none of whose modules a run should have to import.
    """

    def __init__(self, packages: Iterable[str]) -> None:
        self._packages = frozenset(packages)
        self._environment = dict(os.environ)
        self._settings = _settings()
        self._descriptors = _open_descriptors()
        self._modules = len(sys.modules)
        self._drawn: tuple[Any, ...] = ()
        self.renew()

    def renew(self) -> None:
        """Put back what can be put back: the environment, and chance, which no run shares with another."""
        wanted = {**self._environment, "TMPDIR": tempfile.gettempdir()}
        if os.environ != wanted:
            os.environ.clear()
            os.environ.update(wanted)
        random.seed()
        if _drawn() != self._drawn:  # seeding numpy takes longer than looking whether it has been used
            sys.modules["numpy.random"].seed()
            self._drawn = _drawn()

    def left(self) -> str | None:
        """Return what a run has left, or None if the process is as it was found."""
        if _has_processes():
            return "a process"
        if threading.active_count() != 1:
            return "a thread"
        for name, now in _settings().items():
            if now != self._settings[name]:
                return name
        return self._new_module() or self._open_file()

    def _new_module(self) -> str | None:
        if len(sys.modules) == self._modules:
            return None
        new = list(sys.modules)[self._modules :]
        self._modules = len(sys.modules)
        return next((f"module {name}" for name in new if name.partition(".")[0] in self._packages), None)

    def _open_file(self) -> str | None:
        """Return an open file; libraries may keep theirs, which are only read and lie elsewhere."""
        for number in _open_descriptors() - self._descriptors:
            path = Path(_DESCRIPTORS, str(number)).readlink()
            is_file = stat.S_ISREG(os.fstat(number).st_mode)
            is_writable = bool(fcntl.fcntl(number, fcntl.F_GETFL) & _WRITABLE)
            if is_writable or not is_file or path.is_relative_to(tempfile.gettempdir()):
                return f"open file {path}"
            self._descriptors.add(number)
        return None


def _drawn() -> tuple[Any, ...]:
    """Return how far numpy has come in its random numbers; it imports them late."""
    if "numpy.random" not in sys.modules:
        return ()
    state = sys.modules["numpy.random"].get_state(legacy=True)
    return (int(state[1][0]), *state[2:])


def _settings() -> dict[str, Any]:
    """Return what a run could set for the whole process."""
    return {
        "a signal handler": [*map(signal.getsignal, range(1, 32))],
        "a timer": signal.getitimer(signal.ITIMER_REAL)[0] > 0,
        "sys.path": list(sys.path),
        "sys.meta_path": list(sys.meta_path),
        "a standard stream": (sys.stdin, sys.stdout, sys.stderr, sys.stdout.closed, sys.stderr.closed),
        "a filter of warnings": list(warnings.filters),
        "a handler of logs": (*logging.root.handlers, logging.root.level, logging.root.disabled),
        "the locale": locale.setlocale(locale.LC_ALL),
        "the decimal context": repr(decimal.getcontext()),
        "how numpy treats errors": np.geterr(),
        "the default timeout of sockets": socket.getdefaulttimeout(),
        "the garbage collector": gc.isenabled(),
        "the recursion limit": sys.getrecursionlimit(),
        "a trace function": (sys.gettrace(), sys.getprofile()),
        "a blocked signal": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        "a limit of the system": [*map(resource.getrlimit, _LIMITS)],
        "the priority": os.getpriority(os.PRIO_PROCESS, 0),
        "the mask of new files": _mask(),
        "a switch of logs": logging.root.manager.disable,
        "how often garbage is collected": gc.get_threshold(),
        "how numpy prints": np.get_printoptions(),
    }


def _mask() -> int:
    """Return the mask of new files, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _open_descriptors() -> set[int]:
    with os.scandir(_DESCRIPTORS) as entries:
        numbers = [int(entry.name) for entry in entries]
    return set(filter(_is_open, numbers))  # the list itself was read by one


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _has_processes() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True
