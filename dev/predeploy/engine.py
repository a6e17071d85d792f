"""A Docker engine for as long as it is needed: the one that runs, or one that leaves no trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

from local.options import ROOT

_STORE = ROOT / ".local/docker"
_FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
_BRIDGE = Path("/sys/class/net/docker0")
_START_SECONDS = 30
_STOP_SECONDS = 60

_NO_RULES = {
    "filter": "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n",
    "nat": "*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\nCOMMIT\n",
}
"""A table of iptables that nobody has written to, as iptables-restore reads it."""


class EngineError(Exception):
    """There is no Docker engine and none can be started; the text says why."""


@contextmanager
def docker_engine() -> Iterator[Mapping[str, str]]:
    """Give the environment in which `docker` and `sam local` find an engine.

    If none runs, root gets one with a socket of its own; Debian's is installed for it. When it stops, the
    firewall, the forwarding and the network interfaces are as they were.

    Raises:
        EngineError: There is none, and this user cannot start one, or it does not start.
    """
    if runs(os.environ):
        yield os.environ
        return
    _install()
    _STORE.mkdir(parents=True, exist_ok=True)
    # A socket's path has at most 107 characters; the one of the repository may be longer.
    with tempfile.TemporaryDirectory(prefix="engine-") as folder, _network_as_it_was():
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


def runs(environment: Mapping[str, str]) -> bool:
    """Return whether an engine answers."""
    asked = ["docker", "info", "--format", "{{.ServerErrors}}"]
    if not shutil.which("docker"):
        return False
    return subprocess.run(asked, env=environment, capture_output=True, check=False).returncode == 0


def bridge_address(environment: Mapping[str, str]) -> str:
    """Return the address at which containers reach this machine."""
    asked = ["docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}"]
    told = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    pool = json.loads(told.stdout)
    # An engine that has just started names the network only, whose first address it takes.
    return str(pool.get("Gateway") or next(ip_network(pool["Subnet"]).hosts()))


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
def _network_as_it_was() -> Iterator[None]:
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
