"""The command line, on a table in memory."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from gpserverless.cli import table_options
from gpserverless.cli.main import main
from gpserverless.testing import InMemoryAccessRows


@dataclass(frozen=True)
class Outcome:
    """What a command did.

    Attributes:
        output: What it printed.
        errors: What it printed for people alone.
        status: Its exit status, or the error that is printed with status 1.
    """

    output: str
    errors: str
    status: object


Run = Callable[..., Outcome]


@pytest.fixture
def rows() -> InMemoryAccessRows:
    return InMemoryAccessRows()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `gpserverless users`, with lines on the standard input."""
    for name in ("GPSERVERLESS_STACK", "ACCESS_TABLE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, typed: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["gpserverless", "users", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Outcome(printed.out, printed.err, ended.value.code)

    return run


@pytest.fixture
def users(command: Run, rows: InMemoryAccessRows, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `gpserverless users` on the table in memory."""
    monkeypatch.setattr(table_options, "open_rows", lambda **place: rows)
    return command
