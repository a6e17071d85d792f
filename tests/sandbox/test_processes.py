"""Processes are forked, told of, and ended as Linux has them."""

from __future__ import annotations

import subprocess
import sys

import pytest

FORK = """
import ctypes, os, sys, threading
from gpserverless.sandbox.processes import fork, fork_without_handlers

told = []
handler = ctypes.CFUNCTYPE(None)(lambda: told.append("of C"))
ctypes.CDLL(None).__register_atfork(None, None, handler, None)
os.register_at_fork(after_in_child=lambda: told.append("of Python"))
forks = {"fork": fork, "without": fork_without_handlers}
stop = threading.Event()
if sys.argv[2] == "2":
    threading.Thread(target=stop.wait).start()
if forks[sys.argv[1]]() == 0:
    print(sorted(told), threading.active_count(), flush=True)
    os._exit(0)
stop.set()
os.wait()
"""


@pytest.mark.parametrize(
    ("how", "threads", "told"),
    [
        ("fork", 1, "['of C', 'of Python'] 1"),
        ("without", 1, "['of Python'] 1"),
        ("without", 2, "['of C', 'of Python'] 1"),
    ],
    ids=["as usual", "without the handlers of C libraries", "as usual, for there are threads"],
)
def test_fork_tells(how: str, threads: int, told: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORK, how, str(threads)]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert ran.stdout.strip() == told
