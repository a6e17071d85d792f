"""`gpserverless logs` reads the log of a site of the project: that of a port, or the one that began last."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gpserverless.cli.main import app


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two sites; that of port 8001 began last."""
    (tmp_path / "toolboxes").mkdir()
    (tmp_path / "toolboxes/__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "rivers"\n', "utf-8")
    for began, port in ((2, 8001), (1, 8000)):
        logs = tmp_path / ".local" / str(port) / "logs"
        logs.mkdir(parents=True)
        (logs / "ExecuteFunction.log").write_text(f"job j1 of {port}\njob j2 of {port}\n", "utf-8")
        os.utime(logs, (began, began))
    monkeypatch.chdir(tmp_path)
    return tmp_path


READ = [
    ([], "ExecuteFunction: job j1 of 8001\nExecuteFunction: job j2 of 8001\n"),
    (["--port", "8000", "--words", "j2"], "ExecuteFunction: job j2 of 8000\n"),
]


@pytest.mark.parametrize(("options", "printed"), READ)
@pytest.mark.usefixtures("project")
def test_log_is_that_of_the_site(options: list[str], printed: str) -> None:
    ran = CliRunner().invoke(app, ["logs", *options])
    assert (ran.exit_code, ran.output) == (0, printed)
