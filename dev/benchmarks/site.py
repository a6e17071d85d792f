"""The site that is measured: `python -m local` in processes of its own, with one more toolbox."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dev.benchmarks.processes import settle
from dev.predeploy.ports import find_free_port
from local.bootstrap import die_with_parent
from local.options import ROOT

HERE = Path(__file__).parent
SERVICES = "/arcgis/rest/services"
EXECUTE = f"{SERVICES}/Bench/GPServer/Buffer/execute"
SUBMIT = f"{SERVICES}/Analysis/GPServer/Buffer/submitJob"
JOB = f"{SERVICES}/Analysis/GPServer/Buffer/jobs/JOB?f=json"
READY_SECONDS = 240


@contextmanager
def serve() -> Iterator[str]:
    """Serve the site; yield its host and port."""
    place = f"127.0.0.1:{find_free_port()}"
    with (
        tempfile.TemporaryDirectory() as folder,
        running(
            [
                sys.executable,
                "-m",
                "local",
                "--port",
                place.rpartition(":")[2],
                "--template",
                template_in(folder),
            ],
            place,
            f"{SERVICES}?f=json",
        ),
    ):
        yield place


def template_in(folder: str) -> str:
    """Lay the site out in a folder, with the toolbox of the benchmarks; return its template."""
    root = Path(folder)
    for name in ("template.yaml", "samconfig.toml", "layers", "functions"):
        (root / name).symlink_to(ROOT / name)
    toolboxes = root / "tools/toolboxes"
    toolboxes.mkdir(parents=True)
    (root / "tools/Makefile").symlink_to(ROOT / "tools/Makefile")
    for each in (ROOT / "tools/toolboxes").iterdir():
        if each.name not in ("catalogue.json", "__pycache__"):
            (toolboxes / each.name).symlink_to(each)
    (toolboxes / "bench").symlink_to(HERE / "tool")
    return str(root / "template.yaml")


@contextmanager
def running(
    command: list[str], place: str, asked: str, environment: dict[str, str] | None = None
) -> Iterator[None]:
    """Run a server as long as it is needed; go on when it answers.

    Args:
        command: The program and its arguments.
        place: Host and port that it will have.
        asked: Path that it answers when it is ready.
        environment: Further environment variables.

    Raises:
        TimeoutError: It does not answer.
    """
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread of ours holds a lock here
    )
    try:
        _wait_for(place, asked, process)
        settle(process.pid, READY_SECONDS)  # every function starts a process
        yield
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(place: str, asked: str, process: subprocess.Popen[bytes]) -> None:
    host, port = place.split(":")
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(f"GET {asked} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n".encode())
            if b" 200 " in connection.recv(64):
                return
        time.sleep(0.1)
    raise TimeoutError(
        f"{' '.join(process.args[:4]) if isinstance(process.args, list) else ''} does not answer"
    )
