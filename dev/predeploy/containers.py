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
from pathlib import Path
from typing import Any

import yaml

from dev.predeploy.engine import EngineError
from dev.predeploy.ports import answers, free_port
from dev.predeploy.processor import PROCESSOR
from dev.predeploy.stack import PARAMETERS
from local.options import ROOT
from local.resolver import REGION
from local.resources import CREDENTIAL
from local.routes import GatewayRoute

_IMAGE = f"public.ecr.aws/lambda/python:3.13-{PROCESSOR}"
_PULL_SECONDS = 300
_INVOKE_SECONDS = 180
_SERVE_SECONDS = 120


def base_image(environment: Mapping[str, str]) -> None:
    """Have the image that functions run in: AWS's where it can be pulled, else one made here.

    Raises:
        EngineError: It cannot be made.
    """
    if _succeeds(["docker", "image", "inspect", _IMAGE], environment):
        return
    if _succeeds(["docker", "pull", _IMAGE], environment):
        return
    print(f"{_IMAGE} cannot be pulled; a stand-in is made of this machine's python3.13")
    made = subprocess.run(
        [ROOT / "dev/predeploy/make-base-image", _IMAGE],
        env={**environment, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        check=False,
    )
    if made.returncode:
        raise EngineError("the base image could not be made")


def _succeeds(command: list[str], environment: Mapping[str, str]) -> bool:
    done = subprocess.run(command, env=environment, capture_output=True, timeout=_PULL_SECONDS, check=False)
    return done.returncode == 0


def with_events(template: Path, routes: Iterable[GatewayRoute]) -> Path:
    """Write a copy of a built template beside it, with its routes as events of the functions, and return it.

    Beside functions of SAM, `sam local start-api` looks at nothing else (samcli's ApiProvider).
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


@dataclass(frozen=True)
class SamLocal:
    """`sam local` on one built template.

    Args:
        template: The built template.
        variables: A file with the environment variables of the functions.
        environment: What `docker` needs to find its engine.
    """

    template: Path
    variables: Path
    environment: Mapping[str, str]

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Return what a function answers to an event; its log if it gives no answer."""
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
        """Serve the API, and give its URL.

        Raises:
            EngineError: It does not start.
        """
        port = free_port()
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
                if not answers(f"http://127.0.0.1:{port}/", served, _SERVE_SECONDS):
                    log.seek(0)
                    raise EngineError(f"sam local start-api does not start:\n{log.read().decode()[-2000:]}")
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
            **self.environment,
            "AWS_ACCESS_KEY_ID": CREDENTIAL,
            "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",  # it asks AWS for the account's number, and can do without
            "SAM_CLI_TELEMETRY": "0",
        }
