"""What the tools of a project need, and what of it this interpreter has not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib import metadata, util
from pathlib import Path

from gpserverless.errors import CommandError
from gpserverless.project.project import PACKAGE, name_requirement

MODULES = {"local": ("moto", "uvicorn", "yaml"), "deploy": ("samcli", "yaml", "uv")}
"""Modules of the extras of the package, by which they are known to be here."""


def find_missing(requirements: Iterable[str]) -> list[str]:
    """Return the requirements whose packages are not installed here.

    Args:
        requirements: Such as "networkx>=3".
    """
    return [each for each in requirements if not _is_installed(name_requirement(each))]


def install(requirements: Sequence[str]) -> None:
    """Install requirements into this interpreter's environment.

    Args:
        requirements: Such as "networkx>=3".

    Raises:
        CommandError: They cannot be installed; what the installer says is on the terminal.
    """
    done = subprocess.run([*_installer(), *requirements], check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(f"{', '.join(requirements)} cannot be installed into {sys.prefix}")


def check_extra(extra: str, command: str) -> None:
    """Check that an extra of the package is installed.

    Args:
        extra: Its name.
        command: The command that needs it, for the error.

    Raises:
        CommandError: It is not.
    """
    if any(util.find_spec(module) is None for module in MODULES[extra]):
        raise CommandError(f"`{PACKAGE} {command}` needs more packages: pip install '{PACKAGE}[{extra}]'")


def _installer() -> list[str]:
    """Return the command that installs into this environment: uv if it is there, else pip."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True
