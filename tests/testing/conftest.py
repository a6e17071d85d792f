"""Small toolboxes, and sites that publish them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import botocore.session
import pytest

from gpserverless.testing import Site

SERVICE = '''"""Tools to test with."""

from gpserverless import Service

service = Service(execution="{execution}")
'''

WRITE_WORDS = '''
from pathlib import Path

from gpserverless import DataFile, Run, ToolError, tool


@tool
def write_words(word: str, times: int, run: Run) -> DataFile:
    """Write a word several times into a file.

    Args:
        word: The word.
        times: How often.
    """
    if times < 0:
        raise ToolError("There is less than nothing to write.")
    path = Path("words.txt").resolve()
    with path.open("w") as file:
        for _ in run.track(range(times), "Writing"):
            file.write(word)
    run.info(f"{times} words.")
    return DataFile(path)
'''

REPEAT = '''
from gpserverless import tool


@tool
def repeat(word: str, times: int = 1) -> str:
    """Repeat a word.

    Args:
        word: The word.
        times: How often.
    """
    return word * times
'''

SHARE = '''
from gpserverless import Table, tool


@tool
def share(rows: Table) -> int:
    """Tell how much of the whole a row is.

    Args:
        rows: The rows.
    """
    return 100 // len(rows)
'''
TOOLS = {"write_words.py": WRITE_WORDS, "repeat.py": REPEAT, "share.py": SHARE}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A package with the same tools in the services Now and Later."""
    root = tmp_path_factory.mktemp("toolboxes")
    name = "toolboxes_to_test_with"
    for service, execution in (("now", "sync"), ("later", "async")):
        folder = root / name / service
        folder.mkdir(parents=True)
        (root / name / "__init__.py").touch()
        (folder / "__init__.py").write_text(SERVICE.format(execution=execution), "utf-8")
        for file, source in TOOLS.items():
            (folder / file).write_text(source, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root)
        yield name
    for module in [m for m in sys.modules if m.partition(".")[0] == name]:
        del sys.modules[module]


@pytest.fixture
def neither_aws_nor_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that makes a client of AWS or starts a process."""

    def refuse(*args: object, **more: object) -> None:
        pytest.fail("the site left its process")

    monkeypatch.setattr(botocore.session.Session, "create_client", refuse)
    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)


@pytest.fixture
def site(package: str, neither_aws_nor_processes: None) -> Iterator[Site]:
    with Site.of_package(package) as site:
        yield site
