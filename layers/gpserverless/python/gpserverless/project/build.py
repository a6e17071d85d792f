"""`gpserverless build` and `deploy`: their commands and their checks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gpserverless.errors import CommandError
from gpserverless.project.built import LIMIT, BuiltFunction, finish_build
from gpserverless.project.programs import build_path, find_program, find_python
from gpserverless.project.project import Project
from gpserverless.project.sources import find_sources
from gpserverless.project.stack import make_stack
from gpserverless.project.trial import try_out

_LINES = 15
"""How much of the log of a failed build is shown."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class BuildOrder:
    """What to build.

    Attributes:
        project: The project.
        processor: For which processor, by Lambda's name for it.
        folder: Where to; None for the usual place.
        options: Further options of `sam build`.
    """

    project: Project
    processor: str
    folder: Path | None = None
    options: Sequence[str] = ()

    @property
    def output(self) -> Path:
        """Where the build goes: in the repository to where `sam deploy` looks for it."""
        own = find_sources() == self.project.root
        usual = self.project.root / ".aws-sam/build" if own else self.project.stack / "build"
        return (self.folder or usual).resolve()


def build(order: BuildOrder, tell: Tell) -> list[BuiltFunction]:
    """Build a project and try the result out.

    Args:
        order: What to build.
        tell: Takes a line about each step.

    Returns:
        The functions, the largest first.

    Raises:
        AuthoringError: A toolbox is written wrongly, or imports what no layer has.
        CommandError: A program is missing, or `sam build` fails.
    """
    python = find_python()
    tell("Reading the toolboxes")
    stack = make_stack(order.project)
    tell(f"Building for {order.processor}; the details are in {order.output.parent / 'build.log'}")
    _run_sam_build(order, stack, python)
    functions = finish_build(order.output, order.processor)
    if functions[0].bytes > LIMIT:
        raise CommandError(
            f"{functions[0].name} has {functions[0].bytes:,} bytes with its layers; AWS takes {LIMIT:,}"
        )
    tell(f"Importing {len(functions)} functions as Lambda would, with python3.13")
    try_out(functions, stack, order.processor, python)
    return functions


def _run_sam_build(order: BuildOrder, stack: Path, python: Path) -> None:
    command = [
        *(find_program("sam"), "build", "--template-file", str(stack / "template.yaml")),
        *("--build-dir", str(order.output), "--cache-dir", str(order.output.parent / "cache")),
        *("--cached", "--parallel", "--config-file", str(order.project.samconfig)),
        *("--parameter-overrides", f"Architecture={order.processor}", *order.options),
    ]
    environment = {**os.environ, "PATH": build_path(python), "ARCHITECTURE": order.processor}
    environment.setdefault("SAM_CLI_TELEMETRY", "0")
    environment.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    log = order.output.parent / "build.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        done = subprocess.run(  # noqa: S603
            command, cwd=stack, env=environment, stdout=file, stderr=file, check=False
        )
    if done.returncode:
        end = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LINES:]
        raise CommandError("\n".join([f"sam build has failed; the end of {log}:", *end]))


def deploy(order: BuildOrder) -> None:
    """Deploy the built functions, as samconfig.toml says.

    Args:
        order: The build; its options are of `sam deploy`.

    Raises:
        CommandError: Nothing is built, or `sam deploy` fails.
    """
    template = order.output / "template.yaml"
    if not template.is_file():
        raise CommandError("nothing is built yet: `gpserverless build` does it")
    command = [
        *(find_program("sam"), "deploy", "--template-file", str(template)),
        *("--config-file", str(order.project.samconfig), *order.options),
    ]
    environment = {"SAM_CLI_TELEMETRY": "0", **os.environ}
    if subprocess.run(command, cwd=order.project.root, env=environment, check=False).returncode:  # noqa: S603
        raise CommandError("sam deploy has failed; its reason is above")
