"""A copy of the sources in which tests break import contracts, and the linter's report on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "layers/gpserverless/python/gpserverless"
LINT = "from importlinter import cli; raise SystemExit(cli.lint_imports(no_cache=True, no_logo=True))"


def copy_sources(root: Path, planted: Iterable[tuple[str, str]]) -> None:
    """Copy all modules under contract into an empty folder, and add lines to some.

    Args:
        root: The folder.
        planted: Paths of modules, each with lines to add; a module that does not exist is made.
    """
    ignored = shutil.ignore_patterns("__pycache__", ".venv", "*.json")
    for folder in (PACKAGE, "tools/toolboxes", "local", "dev"):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", root)
    for path, lines in planted:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("a", encoding="utf-8") as module:
            module.write(f"\n{lines}\n")


def lint(root: Path) -> Mapping[str, str]:
    """Lint the sources in a folder; return what is said of every contract that they break, by its name."""
    path = os.pathsep.join(str(root / folder) for folder in ("layers/gpserverless/python", "tools", "."))
    linted = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        env={"PYTHONPATH": path, "COLUMNS": "400", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in linted.stdout, linted.stdout + linted.stderr
    broken = set(re.findall(r"^(.+) BROKEN", linted.stdout, re.MULTILINE))
    assert (linted.returncode != 0) == bool(broken)
    parts = iter(re.split(r"^(.+)\n-{3,}$", linted.stdout, flags=re.MULTILINE)[1:])
    said = {title: text for title, text in zip(parts, parts, strict=True) if title in broken}
    assert said.keys() == broken
    return said
