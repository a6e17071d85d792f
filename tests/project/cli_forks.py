"""A program that runs the command line in forks of itself: to start it anew takes half a second.

Each line of its input is a command, with its folder and the files of its input, output and errors; it answers
with the status.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import gpserverless.cli.run_local
import gpserverless.formats.files.read  # noqa: F401
from gpserverless.cli.main import main


def run_forks() -> None:
    """Run the command of every line, and print its status."""
    for line in sys.stdin:
        command = json.loads(line)
        if not (pid := os.fork()):
            _become(**command)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _become(words: Sequence[str], folder: str, streams: Sequence[str]) -> NoReturn:
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - it stays open
    sys.argv = ["gpserverless", *words]
    os.chdir(folder)
    status = _run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _run() -> int:
    """Run a command, and return its status as the interpreter would."""
    status: Any = 0
    try:
        main()
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    if isinstance(status, str):
        sys.stderr.write(f"{status}\n")
        status = 1
    return int(status)


if __name__ == "__main__":
    run_forks()
