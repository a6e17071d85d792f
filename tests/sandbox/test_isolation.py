"""A run sees nothing of the run before: every run has a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless.errors import DeadlinePassed, ToolCrashed
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import NullWatcher
from tests.patience import SOON
from tests.sandbox import leavings
from tests.sandbox.one_tool import runner_of, value_of

APART = 9
"""One run leaves every so many-th thing: neighbours in the table can hide each other."""


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    made = runner_of(
        Leave=leavings.leave,
        Look=leavings.look,
        LeaveAndLook=leavings.leave_and_look,
        Draw=leavings.draw,
        Strand=leavings.strand,
        Environment=leavings.list_environment,
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def untouched(runner: Runner) -> list[str]:
    """What a run sees when no other has left anything."""
    seen: list[str] = value_of(runner, "Look")
    return seen


@pytest.mark.parametrize("first", range(APART), ids=[*leavings.LEAVINGS][:APART])
def test_next_run_sees_nothing_of(runner: Runner, untouched: list[str], first: int) -> None:
    value_of(runner, "Leave", what=[*leavings.LEAVINGS][first::APART])
    assert value_of(runner, "Look") == untouched


@pytest.mark.parametrize("what", leavings.LEAVINGS)
def test_same_run_would_see(runner: Runner, untouched: list[str], what: str) -> None:
    assert value_of(runner, "LeaveAndLook", what=[what]) != untouched


def test_run_that_leaves_nothing_sees_nothing(runner: Runner, untouched: list[str]) -> None:
    assert value_of(runner, "LeaveAndLook", what=[]) == untouched


def test_every_run_has_a_process_of_its_own(runner: Runner) -> None:
    processes = [value_of(runner, "Leave", what=["a global"]) for _ in range(5)]
    assert len(set(processes)) == 5


@pytest.mark.parametrize(("how", "error"), [("hang", DeadlinePassed), ("crash", ToolCrashed)])
def test_processes_that_a_tool_started_end_with_it(
    runner: Runner, how: str, error: type[Exception], tmp_path: Path
) -> None:
    note = tmp_path / "process"
    began = time.monotonic()
    with pytest.raises(error):
        runner(Call("Test", "Strand", {"how": how, "note": str(note)}), NullWatcher(), 2)
    assert time.monotonic() - began < SOON
    assert not Path("/proc", note.read_text(encoding="utf-8")).exists()


def test_processes_that_a_tool_starts_have_their_files_in_the_folder_of_the_run(runner: Runner) -> None:
    assert value_of(runner, "Leave", what=["a global"])
    seen = value_of(runner, "Environment")
    assert f"TMPDIR={runner._folder.make_empty()}" in seen


def test_no_two_runs_draw_the_same_numbers(runner: Runner) -> None:
    draws = [value_of(runner, "Draw") for _ in range(3)]
    assert len({number for pair in draws for number in pair}) == 6
