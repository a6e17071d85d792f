"""The first hour of somebody who wants to publish a tool, step by step, by the command line alone.

`tests/project/test_first_hour.py` takes the steps with the sources of this repository. `make test-wheel`
takes these and those to AWS with a wheel, in an environment that has nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.patience import LONG

SECONDS = 600
START_SECONDS = 240.0

WELLS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "A"},
            "geometry": {"type": "Point", "coordinates": [13.5, 52.37]},
        }
    ],
}


@dataclass(frozen=True)
class Done:
    """What a command did."""

    status: int
    output: str
    errors: str


@dataclass
class Hour:
    """One newcomer at a terminal.

    Attributes:
        command: What starts the command line.
        folder: Where the newcomer works; the project becomes a folder in it.
        variables: Environment variables.
        seconds: How long each step took.
    """

    command: Sequence[str | Path]
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        """The folder of the project."""
        return self.folder / "rivers"

    @property
    def tool(self) -> Path:
        """The file of the tool that a new project has."""
        return self.project / "toolboxes/rivers/buffer_points.py"

    def run(self, *words: str | Path, where: Path | None = None, typed: str = "") -> Done:
        """Run a command in the project, or elsewhere, with lines on the standard input."""
        done = subprocess.run(
            [*self.command, *words],
            cwd=where or self.project,
            env={**os.environ, **self.variables},
            input=typed,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def succeed(self, *words: str | Path, where: Path | None = None) -> str:
        """Run a command that has to succeed, and return its output."""
        start = time.monotonic()
        done = self.run(*words, where=where)
        self.seconds[" ".join(map(str, words[:2]))] = time.monotonic() - start
        assert done.status == 0, f"{words}: {done.output}\n{done.errors}"
        return done.output

    @contextlib.contextmanager
    def serving(self) -> Iterator[Served]:
        """Serve the project, and stop it as Ctrl-C does."""
        log = self.folder / "serve.log"
        start = time.monotonic()
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*self.command, "serve", "--port", "0"],
                cwd=self.project,
                env={**os.environ, **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        try:
            served = Served(log)
            served.wait_for(r"Ready in")
            self.seconds["serve"] = time.monotonic() - start
            yield served
        finally:
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(LONG) == 0, log.read_text("utf-8")
            finally:
                process.kill()
                process.wait()


@dataclass(frozen=True)
class Served:
    """A served project, by what it has printed."""

    log: Path

    @property
    def text(self) -> str:
        """Everything that it has printed."""
        return self.log.read_text("utf-8")

    @property
    def url(self) -> str:
        """The URL of the site."""
        return self.wait_for(r"GPServerless  (http://\S+)/arcgis/rest/services")

    @property
    def aws(self) -> str:
        """The URL of its AWS."""
        return self.wait_for(r"AWS  (http://\S+)")

    def wait_for(self, pattern: str) -> str:
        """Wait until it has printed something, and return the first group of the match, or all of it."""
        deadline = time.monotonic() + START_SECONDS
        while not (found := re.search(pattern, self.text)):
            assert time.monotonic() < deadline, f"{pattern} is not in:\n{self.text}"
            time.sleep(0.05)
        return found[1] if found.groups() else found[0]


def execute(url: str) -> dict[str, Any]:
    """Execute the tool of a new project over HTTP, as curl in its README does."""
    point = {"spatialReference": {"wkid": 4326}, "features": [{"geometry": {"x": 13.5, "y": 52.37}}]}
    fields = {"f": "json", "distance": "5 Kilometers", "points": json.dumps(point)}
    path = "/arcgis/rest/services/Rivers/GPServer/BufferPoints/execute"
    with urllib.request.urlopen(url + path, urllib.parse.urlencode(fields).encode(), timeout=90) as answer:
        return dict(json.load(answer))


def take_local_steps(hour: Hour) -> None:
    """Make, test, serve, call and edit a project, run its tool here and there, see a mistake and a crash."""
    hour.succeed("init", "rivers", "--no-registry", where=hour.folder)
    assert "2 passed" in hour.succeed("test")
    (hour.project / "wells.geojson").write_text(json.dumps(WELLS), "utf-8")
    given = ("run", "buffer_points", "--points", "wells.geojson", "--distance", "5 km")
    assert "1 feature in" in hour.succeed(*given, "--out", "zones.gpkg")
    assert (hour.project / "zones.gpkg").read_bytes().startswith(b"SQLite format 3\0")
    with hour.serving() as served:
        _call_and_edit(hour, served, given)
        _crash(hour, served, given)
    assert "3 passed" in hour.succeed("test")


def _call_and_edit(hour: Hour, served: Served, given: Sequence[str]) -> None:
    assert execute(served.url)["results"][0]["value"]["geometryType"] == "esriGeometryPolygon"
    assert "Buffering 1 points." in hour.run(*given, "--url", served.url).errors
    hour.tool.write_text(hour.tool.read_text("utf-8").replace("Buffering", "Zoning"), "utf-8")
    served.wait_for("Reloaded: .*buffer_points.py")
    assert "Zoning 1 points." in hour.run(*given, "--url", served.url).errors
    hour.succeed("new", "tool", "water/near_coast")
    served.wait_for("Reloaded: .*water")  # the folder, or the file in it
    listed = json.loads(hour.succeed("list", "--url", served.url, "--json"))
    assert [each["task"] for each in listed] == ["Rivers/BufferPoints", "Water/NearCoast"]
    assert json.loads(hour.succeed("list", "--json")) == listed


def _crash(hour: Hour, served: Served, given: Sequence[str]) -> None:
    good = hour.tool.read_text("utf-8")
    hour.tool.write_text(good.replace("    return", '    print("so far")\n    1 / 0\n    return'), "utf-8")
    served.wait_for(r"(?s)Reloaded.*Reloaded.*Reloaded")
    done = hour.run(*given, "--url", served.url)
    assert done.status == 1
    assert "ZeroDivisionError" not in done.errors, "a caller sees nothing of the inside of a tool"
    served.wait_for(
        r"(?s)Rivers/BufferPoints has crashed: log .*ExecuteFunction.log\n"
        r"  Traceback.*\n    File .*buffer_points.py.*ZeroDivisionError.*It printed:\n    so far"
    )
    done = hour.run(*given)
    assert done.status == 1
    assert re.search(r"(?s)buffer_points.py.*1 / 0.*ZeroDivisionError", done.errors)
    hour.tool.write_text(good.replace("distance: LinearUnit", "distance: object"), "utf-8")
    served.wait_for("Still serving what was there before: .*has no GP data type")
    hour.tool.write_text(good, "utf-8")
    served.wait_for(r"(?s)Still serving.*Reloaded")
    assert served.text.count("has no GP data type") == 1, "a mistake is told once"
