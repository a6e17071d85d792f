"""A tool has no network, no other process, and no endless file; it has all else that a program has."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from gpserverless import tool
from gpserverless.errors import OutOfDisk, ToolCrashed
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.seccomp import CALLS
from tests.patience import SOON
from tests.sandbox.one_tool import runner_of, value_of
from tests.sandbox.test_next_child import find_siblings

LIBC = ctypes.CDLL(None, use_errno=True)
GIBIBYTE = 2**30


def call(name: str, *arguments: int) -> None:
    """Make a system call as a program in C does; raise the error that it returns."""
    number = CALLS[name][os.uname().machine == "aarch64"]
    if LIBC.syscall(number, *(ctypes.c_long(argument) for argument in arguments)) < 0:
        raise OSError(ctypes.get_errno(), name)


def zygote() -> int:
    return os.getppid()


def function() -> int:
    return int(Path(f"/proc/{zygote()}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


def next_child() -> int:
    while not (found := find_siblings()):
        continue
    return found[0]


def write_at(place: int) -> None:
    with Path("large").open("wb") as file:
        file.seek(place)
        file.write(b"x")


def open_files() -> None:
    held = [os.dup(0) for _ in range(1_030)]
    raise AssertionError(len(held))


REFUSED: dict[str, tuple[Callable[[], Any], int]] = {
    "a socket for IPv4": (lambda: socket.socket(socket.AF_INET), errno.ENONET),
    "a socket for IPv6": (lambda: socket.socket(socket.AF_INET6), errno.ENONET),
    "a socket for UDP": (lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM), errno.ENONET),
    "a socket of this machine": (lambda: socket.socket(socket.AF_UNIX), errno.ENONET),
    "a socket of the kernel": (lambda: call("socket", 16, 3, 0), errno.ENONET),
    "a socket of the virtual machine": (lambda: call("socket", 40, 1, 0), errno.ENONET),
    "a socket by the rings of the kernel": (lambda: call("io_uring_setup", 1, 0), errno.ENOSYS),
    "following the function": (lambda: call("ptrace", 16, function(), 0, 0), errno.EPERM),
    "reading the zygote's memory": (lambda: call("process_vm_readv", zygote(), 0, 0, 0, 0, 0), errno.EPERM),
    "writing the zygote's memory": (lambda: call("process_vm_writev", zygote(), 0, 0, 0, 0, 0), errno.EPERM),
    "a file of the function": (lambda: call("pidfd_getfd", 0, 0, 0), errno.EPERM),
    "ending the function": (lambda: os.kill(function(), signal.SIGKILL), errno.EPERM),
    "ending the zygote": (lambda: os.kill(zygote(), signal.SIGKILL), errno.EPERM),
    "stopping the zygote": (lambda: call("tgkill", zygote(), zygote(), signal.SIGSTOP), errno.EPERM),
    "ending every process": (lambda: os.kill(-1, signal.SIGKILL), errno.EPERM),
    "ending the function's group": (lambda: os.killpg(os.getpgid(function()), signal.SIGKILL), errno.EPERM),
    "ending a thread": (lambda: call("tkill", function(), signal.SIGKILL), errno.EPERM),
    "ending by a handle": (lambda: call("pidfd_send_signal", 0, 0, 0, 0), errno.EPERM),
    "limiting the next child": (
        lambda: resource.prlimit(next_child(), resource.RLIMIT_AS, (1, 1)),
        errno.EPERM,
    ),
    "slowing the next child": (lambda: os.setpriority(os.PRIO_PROCESS, next_child(), 19), errno.EPERM),
    "slowing every process": (lambda: os.setpriority(os.PRIO_USER, 0, 19), errno.EPERM),
    "a file of more than 5 GiB": (lambda: write_at(5 * GIBIBYTE), errno.EFBIG),
    "more than 1,024 open files": (open_files, errno.EMFILE),
}


def start(*arguments: str) -> str:
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def end_own_process() -> int:
    sleeping = subprocess.Popen(["sleep", "30"])
    sleeping.kill()
    return sleeping.wait()


def count_threads() -> int:
    threads = [threading.Thread(target=int) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    return len(threads)


def share_work() -> list[int]:
    with get_context("fork").Pool(2) as pool:
        return pool.map(abs, [-1, -2])


ALLOWED: dict[str, tuple[Callable[[], Any], Any]] = {
    "a pair of sockets": (lambda: len(socket.socketpair()), 2),
    "an event loop": (lambda: asyncio.run(asyncio.sleep(0, "done")), "done"),
    "a program": (lambda: start("echo", "hello"), "hello\n"),
    "ending an own process": (end_own_process, -signal.SIGKILL),
    "a signal to itself": (lambda: os.kill(os.getpid(), signal.SIGURG), None),
    "threads": (count_threads, 3),
    "a pool of processes": (share_work, [1, 2]),
    "an own limit": (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)), None),
    "a lower priority": (lambda: os.nice(1) > 0, True),
    "a file of 5 GiB": (lambda: write_at(5 * GIBIBYTE - 1), None),
    "no dumps": (lambda: resource.getrlimit(resource.RLIMIT_CORE), (0, 0)),
}
OPEN_SOCKET = "import socket; socket.socket()"


@tool
def attempt(what: str) -> int:
    """Do something, and return the number of the system's error.

    Args:
        what: What to do.
    """
    try:
        REFUSED[what][0]()
    except OSError as problem:
        return problem.errno or 0
    return 0


@tool
def succeed(what: str) -> bool:
    """Do something, and return whether it did what it should.

    Args:
        what: What to do.
    """
    action, wanted = ALLOWED[what]
    return bool(action() == wanted)


@tool
def fail(how: str) -> str:
    """Fail as a tool does that expects no error.

    Args:
        how: "library", "program", "large file" or "full disk".
    """
    match how:
        case "library":
            urllib.request.urlopen("http://127.0.0.1:9001/2018-06-01/runtime/invocation/next")
        case "large file":
            write_at(5 * GIBIBYTE)
        case "full disk":
            Path("/dev/full").write_text("x", encoding="ascii")
    ran = subprocess.run([sys.executable, "-c", OPEN_SOCKET], capture_output=True, text=True, check=False)
    return ran.stderr


@tool(network=True)
def call_server(port: int) -> str:
    """Return the answer of a server on this machine.

    Args:
        port: Its port.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=SOON) as connection:
        return connection.recv(100).decode()


@tool
def call_server_without(port: int) -> str:
    """Do the same without having the network.

    Args:
        port: Its port.
    """
    return call_server(port)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    made = runner_of(Attempt=attempt, Succeed=succeed, Fail=fail)
    yield made
    made.close()


@pytest.fixture(scope="module")
def mixed() -> Iterator[Runner]:
    made = runner_of(With=call_server, Without=call_server_without, Attempt=attempt)
    yield made
    made.close()


@pytest.mark.parametrize(("what", "error"), [(what, error) for what, (_, error) in REFUSED.items()])
def test_tool_is_refused(runner: Runner, what: str, error: int) -> None:
    assert errno.errorcode.get(value_of(runner, "Attempt", what=what)) == errno.errorcode[error]


@pytest.mark.parametrize("what", ALLOWED)
def test_tool_has(runner: Runner, what: str) -> None:
    assert value_of(runner, "Succeed", what=what) is True


FAILURES = [
    ("library", "The tool tried to use the network, which is closed to it."),
    ("large file", "The tool wrote more than 5,120 MB into one file."),
]


@pytest.mark.parametrize(("how", "text"), FAILURES)
def test_caller_is_told(runner: Runner, how: str, text: str) -> None:
    with pytest.raises(ToolCrashed) as caught:
        value_of(runner, "Fail", how=how)
    assert str(caught.value) == text


def test_programs_that_a_tool_starts_have_no_network_either(runner: Runner) -> None:
    assert "Machine is not on the network" in value_of(runner, "Fail", how="program")


def test_full_disk_is_no_error_of_a_tool_that_has_not_filled_it(runner: Runner) -> None:
    with pytest.raises(OSError, match="the disk is full, and not of the files of this run"):
        value_of(runner, "Fail", how="full disk")


def test_full_disk_is_told_as_the_error_of_a_tool_that_has(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(0, 0, 0))
    with pytest.raises(OutOfDisk) as caught:
        value_of(runner, "Fail", how="full disk")
    assert str(caught.value) == "The tool ran out of disk space."


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that greets."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with server.accept()[0] as connection:
                connection.sendall(b"hello")

        greeter = threading.Thread(target=greet, daemon=True)
        greeter.start()
        yield server.getsockname()[1]
        with socket.create_connection(server.getsockname()):
            greeter.join()


def test_tool_that_asks_for_the_network_has_it(mixed: Runner, port: int) -> None:
    assert value_of(mixed, "With", port=str(port)) == "hello"
    with pytest.raises(ToolCrashed, match="which is closed to it"):
        value_of(mixed, "Without", port=str(port))
    assert value_of(mixed, "Attempt", what="ending the function") == errno.EPERM


OLD_KERNEL = """
import errno
from gpserverless.sandbox.seccomp import Refusal, install_filter
from tests.sandbox.one_tool import runner_of, value_of
from tests.sandbox.test_confinement import attempt

install_filter([Refusal("seccomp", errno.EINVAL)])
runner = runner_of(Attempt=attempt)
for _ in range(3):
    print(value_of(runner, "Attempt", what="a socket for IPv4"), flush=True)
runner.close()
"""


def test_kernel_without_filters_is_told_once_in_the_log() -> None:
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", OLD_KERNEL]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    told, *values = sorted(ran.stdout.splitlines(), reverse=True)
    assert values == ["0"] * 3
    assert json.loads(told)["message"] == "tools are not confined by a filter"
    assert "Invalid argument" in json.loads(told)["problem"]
