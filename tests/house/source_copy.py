"""A copy of the sources in which a test breaks an import contract."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "layers/gpserverless/python/gpserverless"
LINT = "from importlinter import cli; raise SystemExit(cli.lint_imports(no_cache=True, no_logo=True))"


@dataclass(frozen=True)
class SourceCopy:
    """A copy of all modules under contract.

    Attributes:
        root: The folder of the copy.
    """

    root: Path

    @classmethod
    def make(cls, root: Path) -> SourceCopy:
        """Copy the sources into an empty folder."""
        ignored = shutil.ignore_patterns("__pycache__", ".venv", "*.json")
        for folder in (PACKAGE, "tools/toolboxes", "local", "dev"):
            shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
        shutil.copy(ROOT / "pyproject.toml", root)
        return cls(root)

    def broken_contracts(self) -> set[str]:
        """Lint the copy and return the names of the contracts that it breaks."""
        path = os.pathsep.join(
            str(self.root / folder) for folder in ("layers/gpserverless/python", "tools", ".")
        )
        linted = subprocess.run(
            [sys.executable, "-c", LINT],
            cwd=self.root,
            env={"PYTHONPATH": path, "COLUMNS": "400", "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Contracts: " in linted.stdout, linted.stdout + linted.stderr
        broken = set(re.findall(r"^(.+) BROKEN", linted.stdout, re.MULTILINE))
        assert (linted.returncode != 0) == bool(broken)
        return broken

    @contextmanager
    def planting(self, files: Mapping[str, str]) -> Iterator[None]:
        """Add lines to some modules for a while.

        Args:
            files: The lines by the path of the module; a module that does not exist is made.
        """
        before = {path: self._text_of(path) for path in files}
        try:
            for path, lines in files.items():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_text(f"{before[path] or ''}\n{lines}\n", "utf-8")
            yield
        finally:
            for path, text in before.items():
                self._restore(self.root / path, text)

    def _restore(self, path: Path, text: str | None) -> None:
        if text is not None:
            path.write_text(text, "utf-8")
        elif path.name == "__init__.py":
            shutil.rmtree(path.parent)
        else:
            path.unlink(missing_ok=True)

    def _text_of(self, path: str) -> str | None:
        return (self.root / path).read_text("utf-8") if (self.root / path).exists() else None
