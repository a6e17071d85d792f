"""The processes of a local cloud that runs in this one: its functions, and the children that tools run in."""

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
_NOBODY_SECONDS = 0.2


class Killer:
    """Kills or stops processes again and again, as a kernel or a hypervisor does, at random times.

    Whoever starts is spared, and nobody is killed meanwhile: what dies faster than it starts never works, and
    shows nothing.

    Args:
        functions: Whom it may kill.
        seed: Of its choices.
        stopped_seconds: How long a process is stopped, longer than a lease.

    Attributes:
        did: How many of which.
    """

    def __init__(self, functions: Functions, seed: int, stopped_seconds: float) -> None:
        self._functions = functions
        self.did: Counter[str] = Counter()
        self._stopped_seconds = stopped_seconds
        self._random = random.Random(seed)
        self._seconds: Mapping[str, float] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._timers: list[threading.Timer] = []
        self._started: set[int] = set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def upset(self, seconds: Mapping[str, float]) -> None:
        """From now on kill "workers" or "children", or stop workers ("stopped"), each in so many seconds."""
        self._seconds = seconds

    def stop(self) -> None:
        """Stop; return when nothing is killed any more, and nothing is stopped."""
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
                found = [pid for worker in found for pid in _below(worker)]
            if found:
                self.did[kind] += self._strike(kind, self._random.choice(found))

    def _has_started(self, worker: int) -> bool:
        """Return whether a worker has ever been ready: a child for its first tool comes last."""
        if len(_below(worker)) > 1:
            self._started.add(worker)
        return worker in self._started

    def _pause(self) -> float:
        """Return how long to rest, as a Poisson process does: nothing can come to terms with it."""
        kinds = self._seconds
        return (
            self._random.expovariate(sum(1 / each for each in kinds.values())) if kinds else _NOBODY_SECONDS
        )

    def _strike(self, kind: str, pid: int) -> bool:
        if kind != "stopped":
            return send(pid, signal.SIGKILL)
        timer = threading.Timer(self._stopped_seconds, send, (pid, signal.SIGCONT))
        timer.start()
        self._timers = [each for each in self._timers if each.is_alive()] + [timer]
        return send(pid, signal.SIGSTOP)


class Functions:
    """The processes of a local cloud's functions, which were told at their birth to make themselves known.

    Args:
        folder: Where they do.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def workers(self) -> list[int]:
        """Return the processes of the worker that are there."""
        known = (each.name.rpartition("-") for each in self._folder.glob(f"{STACK}-{WORKER}-*"))
        return _children_of([os.getpid()], [int(pid) for _, _, pid in known])

    def kill_workers(self) -> None:
        """Kill every worker; the next ones are born into what holds then."""
        for pid in self.workers():
            send(pid, signal.SIGKILL)


def _below(process: int) -> list[int]:
    """Return the processes in which a worker's tools run: whatever it has started, and they in turn."""
    children = _children_of([process])
    return children + (_children_of(children) if children else [])


def _children_of(parents: Collection[int], pids: Iterable[int] | None = None) -> list[int]:
    """Return those of some or all processes that others have started and that have not ended."""
    if pids is None:
        pids = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return [pid for pid in pids if _parent_of(pid) in parents]


def _parent_of(pid: int) -> int:
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:  # it has just ended
        return 0
    return 0 if state == "Z" else int(parent)


def send(pid: int, number: int) -> bool:
    """Send a signal, and return whether there was a process to take it."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
