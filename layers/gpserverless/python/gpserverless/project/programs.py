"""The programs that a build needs: uv, sam, and the Python of the functions."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from gpserverless.errors import CommandError
from gpserverless.project.sources import find_sources

PROCESSOR = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
"""The processor of this machine, by Lambda's name for it."""

SCRIPTS = Path(sys.executable).parent
"""Where the programs of this interpreter's environment are."""


def find_program(name: str) -> str:
    """Find a program: beside the interpreter, or on the path.

    Args:
        name: Its name.

    Raises:
        CommandError: It is not there.
    """
    beside = SCRIPTS / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise CommandError(f"{name} is not installed: pip install 'gpserverless[deploy]'")
    return found


def find_python() -> Path:
    """Find the folder of python3.13, which the functions run on.

    Raises:
        CommandError: There is none.
    """
    path = os.pathsep.join((str(SCRIPTS), os.environ.get("PATH", os.defpath)))
    done = subprocess.run(  # noqa: S603
        [find_program("bash"), find_sources() / "layers/find-python"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(done.stderr.strip())
    return Path(done.stdout.strip())


def build_path(python: Path) -> str:
    """Return the search path of a build: the programs of this environment, and python3.13.

    Args:
        python: The folder of python3.13.
    """
    return os.pathsep.join((str(SCRIPTS), str(python), os.environ.get("PATH", os.defpath)))
