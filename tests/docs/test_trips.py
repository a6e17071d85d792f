"""The drawings of the two trips show the calls as they are made."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from gpserverless.testing import Site

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/architecture.md"
SOURCES = (ROOT / "layers/gpserverless/python/gpserverless", ROOT / "tools")
STAND_INS = {"testing/runner.py": "sandbox/runner.py"}
"""Files of the site in memory, and the files whose part they play."""

MOST_LINES = 15
POINT = {"attributes": {"a": 1}, "geometry": {"x": 13.5, "y": 52.4}}
POINTS = {"spatialReference": {"wkid": 4326}, "features": [POINT]}
BUFFER = ("Samples", "BufferPoints", {"points": POINTS, "distance": "50 Kilometers"})


@dataclass
class Call:
    """A file, and the files that it calls, in order; repeated calls of one file are one."""

    file: str
    calls: list[Call] = field(default_factory=list)

    def enter(self, file: str) -> Call:
        """Return the call of a file that is made now."""
        if not self.calls or self.calls[-1].file != file:
            self.calls.append(Call(file))
        return self.calls[-1]

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield a line for each call below this one."""
        for call in self.calls:
            yield f"{'  ' * depth}{call.file}"
            yield from call.lines(depth + 1)


def read_drawing(name: str) -> list[str]:
    """Return the lines of a drawing without what they explain."""
    found = re.search(rf"<!-- trip: {name} -->\n```\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert found is not None
    lines = found[1].splitlines()
    assert len(lines) <= MOST_LINES
    return [re.sub(r"(\S)\s.*", r"\1", line) for line in lines]


def trace(drawn: set[str], trip: Callable[[], Any]) -> list[str]:
    """Return the calls of drawn files that a trip makes."""
    root = Call("")
    stack: list[Call] = [root]

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            file = name_file(frame.f_code.co_filename)
            inside = stack[-1].file == file or file not in drawn
            stack.append(stack[-1] if inside else stack[-1].enter(file))
        elif event == "return" and len(stack) > 1:
            stack.pop()

    sys.setprofile(watch)
    try:
        trip()
    finally:
        sys.setprofile(None)
    return list(root.lines())


def name_file(path: str) -> str:
    """Return the path of a source file below its package, or an empty text."""
    for folder in SOURCES:
        if path.startswith(f"{folder}/"):
            name = path.removeprefix(f"{folder}/")
            return STAND_INS.get(name, name)
    return ""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site whose functions have imported all that the trips need."""
    site = Site.of_package()
    site.execute(*BUFFER)
    follow_job(site)
    yield site
    site.close()


def follow_job(site: Site) -> None:
    """Submit a job, run it, and read a result."""
    job = site.submit("Conformance/Async", "Echo", {"In_GPString": "x"})
    site.run_jobs()
    site.result(job, "Out_GPString")


def test_execute_makes_the_calls_that_are_drawn(site: Site) -> None:
    drawing = read_drawing("execute")
    assert trace({line.strip() for line in drawing}, lambda: site.execute(*BUFFER)) == drawing


def test_job_makes_the_calls_that_are_drawn(site: Site) -> None:
    drawing = read_drawing("job")
    assert trace({line.strip() for line in drawing}, lambda: follow_job(site)) == drawing
