"""Drawings of trips in the documents, and traces of the calls that a trip makes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/architecture.md"
SOURCES = (ROOT / "layers/gpserverless/python/gpserverless", ROOT / "tools")
STAND_INS = {"testing/runner.py": "sandbox/runner.py"}
"""Files of the site in memory, and the files whose part they play."""

MOST_LINES = 15


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
