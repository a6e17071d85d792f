"""The first hour, with the sources of this repository in the place of the installed package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gpserverless.project.sources import PACKAGE
from tests.first_hour import WELLS, Done, Hour, take_local_steps

BAD_INPUT = [
    (
        ["run", "buffer_points", "--points", "nix.geojson", "--distance", "1"],
        "there is no file 'nix.geojson'",
    ),
    (["run", "buffer_points", "--points", "README.md", "--distance", "1"], "not a file of a known format"),
    (["run", "buffer_points", "--points", "{broken", "--distance", "1"], "Parameter 'points'"),
    (
        ["run", "buffer_points", "--points", "wells.json", "--distance", "1 parsec"],
        "'parsec' is not a linear unit",
    ),
    (["run", "buffer_points", "--points", "{}", "--distance", "1", "--out", "a.tif"], "accepted are"),
    (
        ["run", "buffer_points", "--points", "{}", "--distance", "1", "--out", "no/a.json"],
        "there is no folder",
    ),
    (["run", "buffer_points", "--points", "{}"], "Missing option '--distance'"),
    (["run", "buffer_points", "--nonsense", "1"], "No such option: --nonsense"),
    (["run", "nonsense"], "there is no task 'nonsense'; there are Rivers/BufferPoints"),
    (["run"], "Usage:"),
    (["describe", "nonsense"], "there is no task 'nonsense'"),
    (["list", "--url", "http://127.0.0.1:9"], "does not answer"),
    (["list", "--url", "nonsense"], "is no address of a site"),
    (["new", "tool", "near_coast"], "names no toolbox"),
    (["new", "tool", "rivers/buffer_points"], "is there already"),
    (["upgrade", "--to", "newest"], "is no version"),
    (["deploy", "--no-build"], "there are no credentials of AWS"),
    (["jobs", "list"], "say whose jobs"),
    (["jobs", "list", "--stack", "rivers"], "there are no credentials of AWS"),
    (["logs"], "`gpserverless serve` writes it"),
    (["logs", "--stack", "rivers"], "there are no credentials of AWS"),
    (["nonsense"], "No such command 'nonsense'"),
]


VARIABLES = {
    "PYTHONPATH": str(PACKAGE.parent),
    "NO_COLOR": "1",
    "COLUMNS": "200",
    "AWS_ACCESS_KEY_ID": "",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_CONFIG_FILE": "/dev/null",
}


@dataclass
class ForkedHour(Hour):
    """A newcomer whose commands are forks of one process."""

    forks: subprocess.Popen[str] | None = None

    def run(self, *words: str | Path, where: Path | None = None, typed: str = "") -> Done:
        assert self.forks is not None
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        streams = [self.folder / f"{name}.txt" for name in ("input", "output", "errors")]
        for stream, text in zip(streams, (typed, "", ""), strict=True):
            stream.write_text(text, "utf-8")
        command = {"words": words, "folder": where or self.project, "streams": streams}
        self.forks.stdin.write(json.dumps(command, default=str) + "\n")
        self.forks.stdin.flush()
        status = int(self.forks.stdout.readline())
        return Done(status, *(stream.read_text("utf-8") for stream in streams[1:]))


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hour]:
    folder = tmp_path_factory.mktemp("first hour")  # with a blank
    command = [sys.executable, "-P", Path(__file__).with_name("cli_forks.py")]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env={**os.environ, **VARIABLES}, text=True, **streams) as forks:
        made = ForkedHour([], folder, VARIABLES, forks=forks)
        made.succeed("init", "rivers", "--no-registry", where=folder)
        (made.project / "wells.json").write_text(json.dumps(WELLS), "utf-8")
        yield made


@pytest.mark.parametrize(("words", "told"), BAD_INPUT, ids=lambda value: " ".join(value)[:50])
def test_bad_input_is_one_sentence_and_status_2(words: list[str], told: str, hour: Hour) -> None:
    before = list_files(hour.project)
    done = hour.run(*words)
    assert (done.status, "Traceback" in done.errors) == (2, False), done.errors
    assert told in done.errors + done.output
    assert list_files(hour.project) == before


def list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def test_outside_of_a_project_the_way_to_one_is_told(hour: Hour) -> None:
    done = hour.run("serve", where=hour.folder)
    assert (done.status, "`gpserverless init NAME` makes one" in done.errors) == (2, True)


def test_breakpoint_stops_in_a_tool_that_runs_here(hour: Hour) -> None:
    good = hour.tool.read_text("utf-8")
    hour.tool.write_text(good.replace("    return", "    breakpoint()\n    return"), "utf-8")
    given = ("run", "buffer_points", "--points", "wells.json", "--distance", "1")
    done = hour.run(*given, typed="p f'there are {len(points)}'\nc\n")
    hour.tool.write_text(good, "utf-8")
    assert (done.status, "there are 1" in done.output, "output: 1 feature" in done.output) == (0, True, True)


@pytest.mark.timeout(600)  # it starts a dozen processes, one by one
def test_first_hour(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    take_local_steps(Hour([sys.executable, "-m", "gpserverless.cli"], folder, VARIABLES))
