"""`make sam-local` ends what it has started, by whatever signal it is ended, in the background too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import LONG

ROOT = Path(__file__).parents[2]
BEHIND_A_SHELL = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
COMMAND = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
pathlib.Path("begun").touch()
assert sys.stdin.read() == ""
try:
    time.sleep(300)
finally:
    pathlib.Path("ended").touch()
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with a Docker whose engine runs and has every image."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker").write_text("#!/bin/sh\nexit 0\n", "utf-8")
    (folder / "docker").chmod(0o755)
    return folder


def start(programs: Path, source: str) -> subprocess.Popen[bytes]:
    """Begin a command as in the background of a shell: SIGINT is ignored, and a terminal is there to read."""
    terminal, ours = os.openpty()
    try:
        return subprocess.Popen(
            [*BEHIND_A_SHELL, sys.executable, ROOT / ".ci/with_docker.py", sys.executable, "-c", source],
            cwd=programs.parent,
            env={"PATH": f"{programs}:{os.environ['PATH']}"},
            stdin=ours,
        )
    finally:
        os.close(terminal)
        os.close(ours)


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_ends_the_command_before_the_program(programs: Path, number: signal.Signals) -> None:
    started = start(programs, COMMAND)
    eventually((programs.parent / "begun").exists)
    started.send_signal(number)
    assert started.wait(LONG) == 128 + number
    assert (programs.parent / "ended").exists()


@pytest.mark.parametrize("status", [0, 1])
def test_status_is_that_of_the_command(programs: Path, status: int) -> None:
    assert start(programs, f"raise SystemExit({status})").wait(LONG) == status
