"""Tests give work its time: a limit in seconds would be too short on a slow and busy machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LIMIT = re.compile(r"(?:monotonic|perf_counter|process_time)\(\) - [\w.\[\]]+ <=? *[0-9]")
WAIT = re.compile(r"assert (?:not )?[\w.]+\.wait\([1-9]")


def find_limits(text: str) -> list[str]:
    """Return the lines of a test that have a limit of their own."""
    return [line.strip() for line in text.splitlines() if LIMIT.search(line) or WAIT.search(line)]


def test_limits_are_those_of_patience() -> None:
    own = [
        *TESTS.glob("clients/*/*.py"),
        *(path for path in TESTS.rglob("*.py") if "clients" not in path.parts),
    ]
    found = {str(path.relative_to(TESTS)): find_limits(path.read_text("utf-8")) for path in own}
    assert {path: lines for path, lines in found.items() if lines and path != "house/test_waits.py"} == {}


@pytest.mark.parametrize(
    "line",
    ["assert time.monotonic() - began < 5", "assert ended.wait(5)", "assert perf_counter() - at[0] <= 0.5"],
)
def test_limit_is_noticed(line: str) -> None:
    assert find_limits(f"x = 1\n    {line}\n") == [line]


@pytest.mark.parametrize("line", ["assert time.monotonic() - began < SOON", "assert theirs.wait(0)"])
def test_limit_of_patience_is_taken(line: str) -> None:
    assert find_limits(line) == []
