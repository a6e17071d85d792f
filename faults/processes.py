"""The processes of a local cloud that runs in this one: its workers, and the children that tools run in."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path

_WORKER = b"AWS_LAMBDA_FUNCTION_NAME=gpserverless-local-WorkerFunction\0"


class Killer:
    """Kills a worker or a tool's child again and again, as the kernel does when memory is short.

    Args:
        seconds: How long it rests on average.
        seed: Of its choices.

    Attributes:
        killed: How many of which.
    """

    def __init__(self, seconds: float, seed: int) -> None:
        self.killed: Counter[str] = Counter()
        self._seconds = seconds
        self._random = random.Random(seed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; return when nothing is killed any more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._random.uniform(0.5, 1.5) * self._seconds):
            kind = self._random.choice(["workers", "children"])
            workers = [pid for pid in _children_of(os.getpid()) if _is_worker(pid)]
            found = workers if kind == "workers" else [pid for each in workers for pid in _below(each)]
            if found:
                self.killed[kind] += _kill(self._random.choice(found))


def _children_of(parent: int) -> list[int]:
    """Return the processes that a process has started and that have not ended."""
    pids = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return [pid for pid in pids if _parent_of(pid) == parent]


def _below(process: int) -> list[int]:
    """Return the processes in which a worker's tools run: whatever it has started, and they in turn."""
    children = _children_of(process)
    return children + [pid for child in children for pid in _below(child)]


def _parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has just ended
        return 0


def _is_worker(pid: int) -> bool:
    try:
        return _WORKER in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
