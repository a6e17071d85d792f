"""The scanners' own environment."""

from __future__ import annotations

from pathlib import Path

from local.options import ROOT

ENVIRONMENT = ROOT / ".venv-scan"
"""Made by `make scan` from requirements/scan.txt."""


def find_program(name: str) -> Path:
    """Return the path of a scanner.

    Args:
        name: Its name.

    Raises:
        FileNotFoundError: It is not installed.
    """
    path = ENVIRONMENT / "bin" / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `make scan`")
    return path
