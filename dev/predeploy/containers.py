"""`sam local`, without a registry and without an account."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import yaml

from dev.predeploy.ports import find_free_port, wait_for_answer
from dev.predeploy.processor import PROCESSOR
from dev.predeploy.stack import PARAMETERS
from local.resolver import REGION
from local.resources import CREDENTIAL
from local.routes import GatewayRoute

_INVOKE_SECONDS = 600
_SERVE_SECONDS = 360


class ContainerError(Exception):
    """`sam local` does not start; the text says why."""


def add_events(template: Path, routes: Iterable[GatewayRoute]) -> Path:
    """Copy a built template, with its routes as events of the functions; return the copy.

    `sam local start-api` reads the routes of such events only (samcli's ApiProvider).

    Args:
        template: The built template; the copy is made beside it.
        routes: The routes.
    """
    document = yaml.safe_load(template.read_text(encoding="utf-8"))
    for number, route in enumerate(routes):
        method, _, path = route.key.partition(" ")
        properties = {"Method": method, "Path": path} if path else {}  # without them it is $default
        events = document["Resources"][route.function]["Properties"].setdefault("Events", {})
        events[f"Route{number}"] = {"Type": "HttpApi", "Properties": properties}
    copy = template.with_name("template-with-events.json")
    copy.write_text(json.dumps(document), encoding="utf-8")
    return copy


def bridge_address() -> str:
    """Return the address at which containers reach this machine."""
    inspect = ["docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}"]
    pool = json.loads(subprocess.run(inspect, capture_output=True, text=True, check=True).stdout)
    # An engine that has just started names only the network, of which it takes the first address.
    return str(pool.get("Gateway") or next(ip_network(pool["Subnet"]).hosts()))


@dataclass(frozen=True)
class SamLocal:
    """`sam local` on one built template.

    Args:
        template: The built template.
        variables: A file with the environment variables of the functions.
    """

    template: Path
    variables: Path

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Return the answer of a function to an event; the end of its log if it gives none."""
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(event, file)
            file.flush()
            done = subprocess.run(
                self._command("invoke", function, "--event", file.name),
                env=self._environment(),
                capture_output=True,
                text=True,
                timeout=_INVOKE_SECONDS,
                check=False,
            )
        *_, last = done.stdout.strip().splitlines() or [""]
        try:
            return json.loads(last)
        except ValueError:
            return done.stderr[-2000:] + last

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the API; yield its URL.

        Raises:
            ContainerError: It does not start.
        """
        port = find_free_port()
        more = ["--port", str(port), "--warm-containers", "LAZY"]
        with tempfile.TemporaryFile() as log:
            served = subprocess.Popen(
                self._command("start-api", *more),
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                if not wait_for_answer(f"http://127.0.0.1:{port}/", served, _SERVE_SECONDS):
                    log.seek(0)
                    raise ContainerError(
                        f"sam local start-api does not start:\n{log.read().decode()[-2000:]}"
                    )
                yield f"http://127.0.0.1:{port}"
            finally:
                if served.poll() is None:
                    os.killpg(served.pid, signal.SIGINT)  # it removes its containers
                served.wait(_SERVE_SECONDS)

    def _command(self, *words: str) -> list[str | Path]:
        sam = Path(sys.executable).with_name("sam")
        parameters = {"Architecture": PROCESSOR, **PARAMETERS}
        given = [f"{name}={value}" for name, value in parameters.items()]
        options = ("--template", self.template, "--env-vars", self.variables, "--skip-pull-image")
        return [sam, "local", *words, *options, "--parameter-overrides", *given]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "AWS_ACCESS_KEY_ID": CREDENTIAL,
            "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",  # it asks AWS for the account's number, and can do without
            "SAM_CLI_TELEMETRY": "0",
        }
