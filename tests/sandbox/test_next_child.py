"""The child of the next run waits while a tool runs, and the tool cannot do it harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless import Run, tool
from gpserverless.errors import Cancelled
from gpserverless.sandbox.child_process import ChildProcess
from gpserverless.sandbox.processes import PR_SET_DUMPABLE, has_ended, prctl
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.warm_up import warm_up
from gpserverless.toolkit.run import NullWatcher
from tests.patience import LONG, SOON
from tests.sandbox.one_tool import runner_of, value_of


def find_siblings() -> list[int]:
    """Return the processes that this one's parent has started, except this one."""
    children = Path(f"/proc/{os.getppid()}/task/{os.getppid()}/children").read_text(encoding="ascii")
    return [int(pid) for pid in children.split() if int(pid) != os.getpid()]


@tool
def tell_process() -> int:
    """Return the id of the process."""
    return os.getpid()


@tool
def look_around() -> list[int]:
    """Wait for another process of the same parent, and return all of them."""
    while not find_siblings():
        time.sleep(0.001)
    return find_siblings()


@tool
def attack(number: int) -> int:
    """Send a signal to every other process of the same parent, as soon as there is one.

    Args:
        number: The signal.
    """
    while not find_siblings():
        time.sleep(0.001)
    for pid in find_siblings():
        os.kill(pid, number)
    return number


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    made = runner_of(Tell=tell_process, Look=look_around, Attack=attack)
    yield made
    made.close()


def test_it_is_there_before_the_run_has_ended(runner: Runner) -> None:
    (waiting,) = value_of(runner, "Look")
    assert value_of(runner, "Tell") == waiting


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGUSR1])
def test_next_run_succeeds_although_a_tool_sent_its_child(runner: Runner, number: signal.Signals) -> None:
    assert value_of(runner, "Attack", number=str(int(number))) == number
    began = time.monotonic()
    assert value_of(runner, "Tell") > 0
    assert time.monotonic() - began < SOON


@pytest.fixture
def doomed(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> int:
    """The waiting child, of which the runner does not notice that it dies."""
    value_of(runner, "Tell")
    pid = runner._wait_for_child().pid
    monkeypatch.setattr(ChildProcess, "has_died", lambda self: False)
    return pid


def test_run_has_another_child_if_its_own_died_before_the_call_came(runner: Runner, doomed: int) -> None:
    os.kill(doomed, signal.SIGKILL)
    assert value_of(runner, "Tell") != doomed


def test_run_has_another_child_if_its_own_died_before_it_read_the_call(runner: Runner, doomed: int) -> None:
    os.kill(doomed, signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (doomed, signal.SIGKILL))
    killer.start()
    assert value_of(runner, "Tell") != doomed
    killer.join()


def test_it_ends_with_its_zygote() -> None:
    closed = runner_of(Look=look_around)
    (waiting,) = value_of(closed, "Look")
    closed.close()
    assert has_ended(waiting)


LIST = """
import ctypes
from tests.sandbox.test_next_child import list_writable
from tests.sandbox.one_tool import runner_of, value_of

# Root may look into every process. Without capabilities it is a user like others, who owns the files.
version_3, no_capabilities = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert ctypes.CDLL(None).capset(version_3, no_capabilities) == 0
runner = runner_of(List=list_writable)
print(value_of(runner, "List"))
runner.close()
"""


@tool
def list_writable() -> list[str]:
    """Return which processes this one can write to: of its parents, its siblings, and one that lets it."""
    open_to_all = os.fork()
    if open_to_all == 0:
        prctl(PR_SET_DUMPABLE, 1)
        time.sleep(LONG)
    while not find_siblings():
        time.sleep(0.001)
    function = int(Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()[1])
    named = {"sibling": find_siblings()[0], "zygote": os.getppid(), "function": function, "own": open_to_all}
    deadline = time.monotonic() + SOON
    while not can_write(open_to_all) and time.monotonic() < deadline:
        time.sleep(0.001)
    return [name for name, pid in named.items() if can_write(pid)]


def can_write(pid: int) -> bool:
    try:
        Path(f"/proc/{pid}/mem").open("r+b").close()
    except PermissionError:
        return False
    return True


def test_tool_reaches_the_memory_of_no_process_but_its_own() -> None:
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", LIST], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "['own']"


class Caller(NullWatcher):
    """Cancels a warm-up at one of its checks, as a call does that comes then.

    Args:
        at: Number of the check.
    """

    def __init__(self, at: int) -> None:
        self.left = at

    def check_cancelled(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Cancelled


@pytest.mark.parametrize("at", range(1, 5))
def test_its_warm_up_ends_when_a_call_comes(at: int) -> None:
    caller = Caller(at)
    warm_up(Run(caller))
    assert caller.left == 0
