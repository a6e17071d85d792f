"""The folder that a project is built in: the sources of the stack, with the project's toolboxes as its tools.

Nobody edits it. Each build writes it anew, from the installed package and the project.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from gpserverless.errors import AuthoringError, CommandError
from gpserverless.project.programs import find_program
from gpserverless.project.project import TOOLBOXES, Project, name_requirement
from gpserverless.project.sources import PACKAGE, find_sources

NEVER_DEPLOYED = ("cli", "project", "testing", "_sources", "__pycache__")
"""Folders of the package that stay on the machines of authors."""

CORE_LOCK = "layers/dependencies/requirements.txt"
TOOLS_LOCK = "tools/lock.txt"

_PARTS = ("functions", "layers", "tools")


def make_stack(project: Project) -> Path:
    """Make the folder to build a project in, and return it. The repository is its own.

    Args:
        project: The project.

    Raises:
        AuthoringError: A toolbox is written wrongly.
        CommandError: The requirements of the tools cannot be met.
    """
    sources = find_sources()
    if sources == project.root:
        write_catalogue(project.tools, [project.tools, PACKAGE.parent])
        return sources
    stack = project.stack
    for part in _PARTS:
        shutil.rmtree(stack / part, ignore_errors=True)
    stack.mkdir(exist_ok=True)
    shutil.copy(sources / "template.yaml", stack)
    for part in ("functions", "layers/dependencies"):
        shutil.copytree(sources / part, stack / part, ignore=shutil.ignore_patterns("__pycache__"))
    layer = stack / "layers/gpserverless"
    shutil.copytree(PACKAGE, layer / "python/gpserverless", ignore=shutil.ignore_patterns(*NEVER_DEPLOYED))
    shutil.copy(sources / "layers/gpserverless/Makefile", layer)
    tools = stack / "tools"
    ignored = shutil.ignore_patterns("__pycache__", "catalogue.json")
    shutil.copytree(project.toolboxes, tools / TOOLBOXES, ignore=ignored)
    shutil.copy(sources / "tools/Makefile", tools)
    write_catalogue(tools, [tools, layer / "python"])
    if project.requirements:
        _lock_tools(stack, project.requirements)
    return stack


def write_catalogue(tools: Path, path: Sequence[Path]) -> None:
    """Write the catalogue file of toolboxes, in a process that has imported none of them before.

    Args:
        tools: The folder of the package of toolboxes.
        path: Folders to import from.

    Raises:
        AuthoringError: A toolbox is written wrongly.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "gpserverless.toolkit"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tools,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AuthoringError(done.stderr.strip())


def list_packages(lock: Path) -> list[str]:
    """List the normal names of the packages of a lock.

    Args:
        lock: A file of pinned requirements.
    """
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [name_requirement(line) for line in lines if line and line[0].isalnum()]


def _lock_tools(stack: Path, requirements: Sequence[str]) -> None:
    """Pin what the tools need beyond the core, in versions that go with the core's."""
    core = stack / CORE_LOCK
    left_out = [word for name in list_packages(core) for word in ("--no-emit-package", name)]
    command = [
        *(find_program("uv"), "pip", "compile", "-", "--quiet", "--python-version", "3.13"),
        *("--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
        *("--constraint", str(core), "--output-file", str(stack / TOOLS_LOCK), *left_out),
    ]
    done = subprocess.run(  # noqa: S603
        command, input="\n".join(requirements), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(
            f"the dependencies of pyproject.toml do not go with those of gpserverless:\n{done.stderr.strip()}"
        )
