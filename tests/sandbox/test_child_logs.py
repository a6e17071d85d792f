"""Lines that a tool prints and logs are JSON objects with the ids of its job, whatever the tool does."""

from __future__ import annotations

import json
import logging
import mmap
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gpserverless import Run, tool
from gpserverless.errors import Cancelled, ToolCrashed, ToolError
from gpserverless.sandbox.memory import peak_memory
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import NullWatcher, peak_of
from tests.patience import LONG
from tests.sandbox.one_tool import Listener, runner_of

IDS = {"job": "j1", "function_request_id": "r1", "toolbox": "Test", "task": "Tool"}
LOGGER = logging.getLogger("surveyor")


def close() -> None:
    sys.stdout.close()


def crash() -> None:
    raise ValueError("a secret")


WAYS: dict[str, Callable[[], object]] = {
    "print": lambda: print("one\ntwo"),
    "print without end": lambda: print("half", end=""),
    "stderr": lambda: print("careful", file=sys.stderr),
    "bytes": lambda: sys.stdout.buffer.write(b"caf\xe9\n"),
    "half a character": lambda: print("a \ud800 b"),
    "log": lambda: LOGGER.warning("%d points", 3, extra={"points": 3}),
    "log of what has no JSON": lambda: LOGGER.info("there", extra={"where": {1, 2}, "half": "\ud800"}),
    "a wrong format": lambda: LOGGER.info("%d", "three"),
    "debug": lambda: LOGGER.debug("nobody wants to know"),
    "close": close,
    "crash": crash,
}


@tool
def talk(how: str) -> int:
    """Say something in one way.

    Args:
        how: In which.
    """
    WAYS[how]()
    return 1


LINES = [
    ("print", [("INFO", "one"), ("INFO", "two")]),
    ("print without end", [("INFO", "half")]),
    ("stderr", [("WARNING", "careful")]),
    ("bytes", [("INFO", "caf\ufffd")]),
    ("half a character", [("INFO", "a \\ud800 b")]),
    ("log", [("WARNING", "3 points")]),
    ("log of what has no JSON", [("INFO", "there")]),
    ("debug", []),
    ("close", []),
]


def read_lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def run_and_read(how: str, capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Run the tool in one way, and once more with other ids, and return the lines of the first run."""
    runner = runner_of(Tool=talk)
    runner(Call("Test", "Tool", {"how": how}), NullWatcher(), 10, None, IDS)
    first = read_lines(capfd)
    runner(Call("Test", "Tool", {"how": "print"}), NullWatcher(), 10, None, {"job": "j2"})
    assert [line["job"] for line in read_lines(capfd) if line["message"] in ("one", "two")] == ["j2", "j2"]
    runner.close()
    return first


@pytest.mark.parametrize(("how", "lines"), LINES, ids=[how for how, _ in LINES])
def test_every_line_has_the_ids(
    how: str, lines: list[tuple[str, str]], capfd: pytest.CaptureFixture[str]
) -> None:
    lines_read = run_and_read(how, capfd)
    assert [(line["level"], line["message"]) for line in lines_read] == lines
    for line in lines_read:
        assert {name: line[name] for name in IDS} == IDS
        assert line["timestamp"].endswith("+00:00")


def test_extra_keys_of_a_log_record_are_kept(capfd: pytest.CaptureFixture[str]) -> None:
    (line,) = run_and_read("log", capfd)
    assert (line["points"], line["location"].partition(":")[0]) == (3, "surveyor")


def test_mistake_in_a_format_is_logged_and_ends_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    lines_read = run_and_read("a wrong format", capfd)
    assert any("not str" in line["message"] for line in lines_read)
    assert {line["job"] for line in lines_read} == {"j1"}


def test_trace_of_a_crash_is_one_line_with_the_ids(capfd: pytest.CaptureFixture[str]) -> None:
    runner = runner_of(Tool=talk)
    with pytest.raises(ToolCrashed):
        runner(Call("Test", "Tool", {"how": "crash"}), NullWatcher(), 10, None, IDS)
    (line,) = read_lines(capfd)
    assert (line["level"], line["message"], line["job"]) == ("ERROR", "tool crashed", "j1")
    assert line["exception"].endswith("ValueError: a secret")
    runner.close()


@tool
def hold(megabytes: int) -> int:
    """Hold some memory for a moment.

    Args:
        megabytes: How much.
    """
    # Pages of its own, never such as an earlier allocation of this process has left resident.
    with mmap.mmap(-1, megabytes * 2**20) as pages:
        return pages.write(b"x" * len(pages))


@tool
def hold_and_fail(megabytes: int) -> int:
    """Hold some memory, and fail.

    Args:
        megabytes: How much.
    """
    hold(megabytes)
    raise ToolError("held")


@tool
def hold_and_hang(run: Run, megabytes: int) -> int:
    """Hold some memory, report it, and do not end.

    Args:
        megabytes: How much.
    """
    hold(megabytes)
    run.info("held")
    time.sleep(LONG)
    return 0


@pytest.fixture
def holding() -> Iterator[Runner]:
    runner = runner_of(Hold=hold, Fail=hold_and_fail, Hang=hold_and_hang)
    yield runner
    runner.close()


def test_peak_memory_of_a_run_is_its_own(holding: Runner) -> None:
    peaks = [
        holding(Call("Test", "Hold", {"megabytes": megabytes}), NullWatcher(), 10).peak_bytes
        for megabytes in ("1", "200", "1")
    ]
    if peak_memory() is None:
        assert peaks == [None, None, None]
        return
    small, large, after = (peak or 0 for peak in peaks)
    # Half of what was held: a fork of this process touches more of its libraries from run to run,
    # and Linux counts those pages (28 MB of 790 were seen). A peak that is never reset differs by 200.
    assert large - small > 100 * 2**20
    assert large - after > 100 * 2**20


@pytest.mark.parametrize(("task", "error"), [("Fail", ToolError), ("Hang", Cancelled)])
def test_peak_memory_comes_with_the_error_of_a_run(
    holding: Runner, task: str, error: type[ToolError | Cancelled]
) -> None:
    with pytest.raises(error) as caught:
        holding(Call("Test", task, {"megabytes": "200"}), Listener(cancel_at=1), 10)
    peak = peak_of(caught.value)
    assert (peak is None) == (peak_memory() is None)
    assert peak is None or peak > 200 * 2**20


def test_peak_memory_of_a_process_that_is_gone_is_unknown() -> None:
    assert peak_memory(2**22 + 1) is None
