"""A project: a folder with toolboxes, and what its `pyproject.toml` says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpserverless.errors import CommandError

PACKAGE = "gpserverless"
TOOLBOXES = "toolboxes"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Project:
    """A project.

    Attributes:
        root: The folder of its `pyproject.toml`.
        name: Its name.
        tools: The folder that has the package `toolboxes`.
        requirements: What its tools need beyond gpserverless, as `pyproject.toml` has it.
    """

    root: Path
    name: str
    tools: Path
    requirements: tuple[str, ...]

    @property
    def toolboxes(self) -> Path:
        """The folder of the toolboxes."""
        return self.tools / TOOLBOXES

    @property
    def samconfig(self) -> Path:
        """The file with the parameters of deployments."""
        return self.root / "samconfig.toml"

    @property
    def state(self) -> Path:
        """The folder of what a local site leaves: logs."""
        return self.root / ".local"

    @property
    def stack(self) -> Path:
        """The folder that it is built in."""
        return self.root / ".gpserverless"


def find_project(start: Path) -> Project:
    """Find the project that a folder is in.

    Args:
        start: The folder.

    Raises:
        CommandError: It is in none, or its `pyproject.toml` is wrong.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            project = _read(file)
            if project.toolboxes.is_dir():
                return _check(project)
    raise CommandError(
        f"{start} is in no project: none of its folders has pyproject.toml beside {TOOLBOXES};"
        " `gpserverless init NAME` makes one"
    )


def _check(project: Project) -> Project:
    if not (project.toolboxes / "__init__.py").exists():
        raise CommandError(f"{project.toolboxes} has no __init__.py, so Python finds no tool there; add one")
    return project


def _read(file: Path) -> Project:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    project = _table(document, "project")
    own = _table(_table(document, "tool"), PACKAGE)
    requirements = [each for each in project.get("dependencies", []) if not _is_package(str(each))]
    return Project(
        root=file.parent,
        name=str(project.get("name", file.parent.name)),
        tools=file.parent / str(own.get("tools", ".")),
        requirements=tuple(map(str, requirements)),
    )


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name, {})
    return found if isinstance(found, dict) else {}


def _is_package(requirement: str) -> bool:
    return name_requirement(requirement) == PACKAGE


def name_requirement(requirement: str) -> str:
    """Return the normal name of the package that a requirement names.

    Args:
        requirement: Such as "Shapely>=2".
    """
    found = _NAME.match(requirement.strip())
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""
