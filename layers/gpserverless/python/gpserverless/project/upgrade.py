"""Another version of the package in a project: it is installed, and then written into `pyproject.toml`."""

from __future__ import annotations

import re
import subprocess
import sys

from gpserverless.errors import CommandError
from gpserverless.project.project import PACKAGE, Project
from gpserverless.project.requirements import install

_PIN = re.compile(rf"(?<=[\"'])({PACKAGE}(?:\[[\w,\s-]*\])?)\s*==\s*([^\"';,\s]+)")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]*")


def upgrade_project(project: Project, version: str = "") -> tuple[str, str]:
    """Install a version, and pin it.

    Args:
        project: The project.
        version: The version; "" for the newest.

    Returns:
        The version before, and the one now.

    Raises:
        CommandError: The project pins none, or there is no such version; then nothing has changed.
    """
    file = project.root / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    pins = _PIN.findall(text)
    if not pins:
        raise CommandError(f"{file} has no requirement such as {PACKAGE}==1.0 to change")
    if version and not _VERSION.fullmatch(version):
        raise CommandError(f"'{version}' is no version, such as 1.2.0")
    wanted = f"=={version}" if version else ""
    install(["--upgrade", *dict.fromkeys(f"{name}{wanted}" for name, _ in pins)])
    now = ask_version()
    file.write_text(_PIN.sub(rf"\g<1>=={now}", text), encoding="utf-8")
    return pins[0][1], now


def ask_version() -> str:
    """Ask a new process for the installed version: this one has the old package in memory."""
    code = f"import {PACKAGE}; print({PACKAGE}.__version__)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()
