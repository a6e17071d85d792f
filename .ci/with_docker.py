"""`python .ci/with_docker.py COMMAND …`: run a command with a Docker engine and the functions' base image.

It uses the engine that runs. If there is none, root gets one with a socket of its own, which leaves no trace;
Debian's engine is installed for it. Exits with 2 if there is no engine. A signal that ends it ends the
command and the engine first, in the background too.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

_ROOT = Path(__file__).parents[1]
_STORE = _ROOT / ".local/docker"
_FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
_BRIDGE = Path("/sys/class/net/docker0")
_PROCESSOR = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
_IMAGE = f"public.ecr.aws/lambda/python:3.13-{_PROCESSOR}"
_PULL_SECONDS = 900
_START_SECONDS = 120
_STOP_SECONDS = 120
_END_SECONDS = 240  # what the command waits for itself: an invocation that runs, and a server that ends
_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

_NO_RULES = {
    "filter": "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n",
    "nat": "*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\nCOMMIT\n",
}
"""Empty tables of iptables, as iptables-restore reads them."""


class EngineError(Exception):
    """There is no Docker engine and none can be started; the text says why."""


def main(command: Sequence[str]) -> int:
    """Run a command with an engine; return its exit status."""
    for number in _ENDING:
        signal.signal(number, _end)  # a shell lets programs in the background ignore SIGINT
    try:
        with docker_engine() as environment:
            provide_base_image(environment)
            return run(command, environment)
    except EngineError as error:
        print(error)
        return 2


@contextmanager
def docker_engine() -> Iterator[Mapping[str, str]]:
    """Yield the environment in which `docker` and `sam local` find an engine.

    After an engine of its own, the firewall, the forwarding and the network interfaces are as they were.

    Raises:
        EngineError: There is none, and this user cannot start one, or it does not start.
    """
    if runs(os.environ):
        yield os.environ
        return
    _install()
    _STORE.mkdir(parents=True, exist_ok=True)
    # A socket's path has at most 107 characters; the one of the repository may be longer.
    with tempfile.TemporaryDirectory(prefix="engine-") as folder, _restore_network():
        environment = {**os.environ, "DOCKER_HOST": f"unix://{folder}/docker.sock"}
        own = ["--data-root", str(_STORE), "--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid"]
        with Path(folder, "log").open("wb") as log:
            engine = subprocess.Popen(
                ["dockerd", *own, "--host", environment["DOCKER_HOST"]],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait(engine, environment, Path(folder, "log"))
            yield environment
        finally:
            engine.terminate()
            engine.wait(_STOP_SECONDS)


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end, or to ours; return its exit status.

    It reads nothing: a program in the background that reads from a terminal is stopped.
    """
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as child:
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait(_END_SECONDS)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)  # another one must not interrupt the end
    raise SystemExit(128 + number)


def runs(environment: Mapping[str, str]) -> bool:
    """Return whether an engine answers."""
    info = ["docker", "info", "--format", "{{.ServerErrors}}"]
    return shutil.which("docker") is not None and _succeeds(info, environment)


def provide_base_image(environment: Mapping[str, str]) -> None:
    """Pull the image that functions run in; make one of this machine's python3.13 if no registry answers.

    Args:
        environment: The environment of `docker`.

    Raises:
        EngineError: It cannot be made.
    """
    if _succeeds(["docker", "image", "inspect", _IMAGE], environment):
        return
    if _succeeds(["docker", "pull", _IMAGE], environment):
        return
    print(f"{_IMAGE} cannot be pulled; a stand-in is made of this machine's python3.13", flush=True)
    made = subprocess.run(
        [_ROOT / ".ci/make-base-image", _IMAGE],
        env={**environment, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        check=False,
    )
    if made.returncode:
        raise EngineError("the base image could not be made")


def _succeeds(command: list[str], environment: Mapping[str, str]) -> bool:
    done = subprocess.run(command, env=environment, capture_output=True, timeout=_PULL_SECONDS, check=False)
    return done.returncode == 0


def _install() -> None:
    if os.geteuid() != 0:
        raise EngineError("no Docker engine runs, and only root can start one")
    if all(map(shutil.which, ("dockerd", "docker", "iptables"))):
        return
    if not shutil.which("apt-get"):
        raise EngineError("no Docker engine is installed: see docs.docker.com/engine/install")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    needed = ["docker.io", "iptables"]
    for command in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", *needed]):
        subprocess.run(["apt-get", *command], env=quiet, check=True, stdout=subprocess.DEVNULL)


def _wait(engine: subprocess.Popen[bytes], environment: Mapping[str, str], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not runs(environment):
        if engine.poll() is not None or time.monotonic() > deadline:
            raise EngineError(f"the Docker engine does not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.2)


@contextmanager
def _restore_network() -> Iterator[None]:
    """Undo what a default engine does to the network: a bridge, rules, and packets forwarded."""
    rules = subprocess.run(["iptables-save"], capture_output=True, text=True, check=True).stdout
    rules += "".join(empty for table, empty in _NO_RULES.items() if f"*{table}\n" not in rules)
    forwarding, had_bridge = _FORWARDING.read_text(), _BRIDGE.exists()
    try:
        yield
    finally:
        if _BRIDGE.exists() and not had_bridge:
            subprocess.run(["ip", "link", "delete", _BRIDGE.name], check=True)
        subprocess.run(["iptables-restore"], input=rules, text=True, check=True)
        _FORWARDING.write_text(forwarding)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
