"""The processes of a local cloud that this process runs: its functions, and their tools' processes."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from local.resolver import STACK

WORKER = "WorkerFunction"
_IDLE_SECONDS = 0.2


class ProcessKiller:
    """Kills or stops processes at random times, as a kernel or a hypervisor does.

    It kills nothing while a worker starts: a process that dies faster than it starts never works.

    Args:
        functions: The processes of the functions.
        seed: The seed of its chance.
        stopped_seconds: For how long a process is stopped; longer than a lease.

    Attributes:
        fired: Number of faults by kind.
    """

    def __init__(self, functions: FunctionProcesses, seed: int, stopped_seconds: float) -> None:
        self._functions = functions
        self.fired: Counter[str] = Counter()
        self._stopped_seconds = stopped_seconds
        self._random = random.Random(seed)
        self._seconds: Mapping[str, float] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._timers: list[threading.Timer] = []
        self._started: set[int] = set()

    def start(self) -> None:
        """Start."""
        self._thread.start()

    def set_faults(self, seconds: Mapping[str, float]) -> None:
        """Set the mean seconds between two kills of "workers" or "children", or two stops ("stopped")."""
        self._seconds = seconds

    def stop(self) -> None:
        """End; return when every stopped process runs again."""
        self._ending.set()
        self._thread.join()
        for timer in self._timers:
            timer.join()

    def _run(self) -> None:
        while not self._ending.wait(self._pause()):
            kinds = self._seconds
            if not kinds or not all(map(self._has_started, self._functions.workers())):
                continue
            kind = self._random.choices(list(kinds), [1 / each for each in kinds.values()])[0]
            found = self._functions.workers()
            if kind == "children":
                found = [pid for worker in found for pid in _find_descendants(worker)]
            if found:
                self.fired[kind] += self._strike(kind, self._random.choice(found))

    def _has_started(self, worker: int) -> bool:
        """Say whether a worker has ever been ready: the process for its first tool comes last."""
        if len(_find_descendants(worker)) > 1:
            self._started.add(worker)
        return worker in self._started

    def _pause(self) -> float:
        """Draw the seconds until the next fault, as a Poisson process does."""
        kinds = self._seconds
        return self._random.expovariate(sum(1 / each for each in kinds.values())) if kinds else _IDLE_SECONDS

    def _strike(self, kind: str, pid: int) -> bool:
        if kind != "stopped":
            return send_signal(pid, signal.SIGKILL)
        timer = threading.Timer(self._stopped_seconds, send_signal, (pid, signal.SIGCONT))
        timer.start()
        self._timers = [each for each in self._timers if each.is_alive()] + [timer]
        return send_signal(pid, signal.SIGSTOP)


class FunctionProcesses:
    """The processes of a local cloud's functions, which the startup hook registers.

    Args:
        folder: The folder in which each has a file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def workers(self) -> list[int]:
        """Return the ids of the worker's processes."""
        known = (each.name.rpartition("-") for each in self._folder.glob(f"{STACK}-{WORKER}-*"))
        return _find_children([os.getpid()], [int(pid) for _, _, pid in known])

    def kill_workers(self) -> None:
        """Kill every worker; the next ones start with the present faults."""
        for pid in self.workers():
            send_signal(pid, signal.SIGKILL)


def _find_descendants(process: int) -> list[int]:
    """Return the processes that a worker has started, and those that they have started."""
    children = _find_children([process])
    return children + (_find_children(children) if children else [])


def _find_children(parents: Collection[int], pids: Iterable[int] | None = None) -> list[int]:
    """Return the running processes of some parents; among all processes if `pids` is None."""
    if pids is None:
        pids = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return [pid for pid in pids if _read_parent(pid) in parents]


def _read_parent(pid: int) -> int:
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:  # it has just ended
        return 0
    return 0 if state == "Z" else int(parent)


def send_signal(pid: int, number: int) -> bool:
    """Send a signal, and return whether there was a process to take it."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
