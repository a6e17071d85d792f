"""Tools run in a child process: what a run returns, how it ends, and what it cannot do to the next."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gpserverless import tool
from gpserverless.datatypes.references import Fetched
from gpserverless.errors import (
    Cancelled,
    DeadlinePassed,
    InvalidParameter,
    NotFound,
    OutOfMemory,
    RunError,
    ToolCrashed,
    ToolError,
)
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Message, Unwatched
from gpserverless.toolkit.runner import Runner
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec
from gpserverless.toolkit.toolboxes import Toolbox, discover

SYNC = "Conformance/Sync"


class Listener(Unwatched):
    """Keeps what a run says, and cancels it when told to."""

    def __init__(self, cancel_at: int | None = None) -> None:
        self.messages: list[Message] = []
        self.percents: list[int | None] = []
        self.cancel_at = cancel_at

    def message(self, message: Message) -> None:
        self.messages.append(message)

    def progress(self, text: str, percent: int | None) -> None:
        self.percents.append(percent)

    def check(self) -> None:
        if self.cancel_at is not None and len(self.percents) >= self.cancel_at:
            raise Cancelled


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    made = Runner(discover(), memory=2**30)
    yield made
    made.close()


def run(
    runner: Runner, task: str, listener: Listener | None = None, seconds: float = 20, **values: str
) -> dict[str, bytes]:
    outputs = runner(Call(SYNC, task, values), listener or Listener(), seconds)
    return {o.name: o.body for o in outputs}


def test_outputs_are_in_their_final_wire_form(runner: Runner) -> None:
    outputs = run(runner, "Echo", In_GPLong="3")
    assert outputs["Out_GPLong"] == b'{"paramName":"Out_GPLong","dataType":"GPLong","value":3}'
    assert outputs["Out_GPDouble"] == b'{"paramName":"Out_GPDouble","dataType":"GPDouble","value":null}'
    assert b'"features":[]' in outputs["Out_GPFeatureRecordSetLayer"]


def test_messages_and_progress_come_up_while_the_tool_runs(runner: Runner) -> None:
    listener = Listener()
    run(runner, "Sleep", listener, Seconds="0.2")
    assert listener.messages == [Message("informative", "Slept for 0.2 seconds.")]
    assert listener.percents == [0, 50, 100]


FAILURES = [
    ("tool error", ToolError, "The task failed because it was asked to."),
    ("crash", ToolCrashed, "The tool failed because of an error in it; the service's log has the details."),
    ("memory", OutOfMemory, "The tool ran out of memory."),
    ("native crash", ToolCrashed, "The tool's process died (SIGSEGV)."),
]


@pytest.mark.parametrize(("kind", "error", "text"), FAILURES)
def test_every_failure_has_its_error_and_the_next_run_is_well(
    runner: Runner, kind: str, error: type[RunError], text: str
) -> None:
    with pytest.raises(error) as caught:
        run(runner, "Fail", Kind=kind)
    assert str(caught.value) == text
    assert run(runner, "Echo", In_GPLong="4")["Out_GPLong"].endswith(b'"value":4}')


def test_a_wrong_value_is_an_error_with_the_parameters_name(runner: Runner) -> None:
    with pytest.raises(InvalidParameter) as caught:
        run(runner, "Echo", In_GPLong="x")
    assert caught.value.details == (
        "Parameter 'In_GPLong': 'x' is not a whole number. Accepted: a whole number.",
    )


def test_an_unknown_task_is_not_found(runner: Runner) -> None:
    with pytest.raises(NotFound):
        run(runner, "Nothing")


def test_a_deadline_stops_the_tool(runner: Runner) -> None:
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        run(runner, "Sleep", seconds=0.3, Seconds="20")
    assert time.monotonic() - started < 2


def test_a_cancel_stops_the_tool(runner: Runner) -> None:
    started = time.monotonic()
    with pytest.raises(Cancelled):
        run(runner, "Sleep", Listener(cancel_at=1), Seconds="20")
    assert time.monotonic() - started < 2


@tool
def many(count: int) -> list[str]:
    """Return many texts.

    Args:
        count: How many.
    """
    return ["x" * 1_000] * count


def test_a_large_output_is_a_file_that_the_parent_does_not_read() -> None:
    spec = ServiceSpec("Test", "", "sync", Limits.sync(), (many.spec,))
    runner = Runner([Toolbox(spec, {"Many": many})])
    try:
        (small,) = runner(Call("Test", "Many", {"count": "7000"}), Listener(), 20)
        (large,) = runner(Call("Test", "Many", {"count": "9000"}), Listener(), 20)
        assert isinstance(small.body, bytes)
        assert isinstance(large.body, Path)
        assert len(json.loads(large.body.read_bytes())["value"]) == 9_000
        assert (small.size, large.size) == (len(small.body), large.body.stat().st_size)
    finally:
        runner.close()
    assert not large.body.exists()


def test_a_run_is_prepared_in_its_own_folder_and_time(runner: Runner) -> None:
    folders: list[Path] = []

    def prepare(task: TaskSpec, limits: Limits, call: Call, folder: Path, alive: Callable[[], None]) -> Call:
        folders.append(folder)
        (folder / "notes.txt").write_text(task.name, encoding="utf-8")
        alive()
        return replace(call, values={"In_GPDataFile": Fetched(folder / "notes.txt")})

    call = Call(SYNC, "Echo", {"In_GPDataFile": "https://example.org/notes.txt"})
    (output,) = (o for o in runner(call, Listener(), 20, prepare) if o.name == "Out_GPDataFile")
    assert output.files["notes.txt"].read_text(encoding="utf-8") == "Echo"
    with pytest.raises(DeadlinePassed):
        runner(call, Listener(), 0.0, prepare)
    assert not folders[0].exists()


def test_files_stay_until_the_next_run(runner: Runner) -> None:
    call = Call(SYNC, "Echo", {"In_GPString": "hello"}, files_url="https://example.org/files/")
    (output,) = (o for o in runner(call, Listener(), 20) if o.name == "Out_GPDataFile")
    assert output.body.endswith(b'"value":{"url":"https://example.org/files/echo.txt"}}')
    path = output.files["echo.txt"]
    assert path.read_text(encoding="utf-8") == "hello"
    run(runner, "Echo")
    assert not path.exists()


@tool
def secrets() -> list[str]:
    """List the environment."""
    return sorted(os.environ)


def test_a_tool_sees_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "_HANDLER"):
        monkeypatch.setenv(name, "x")
    spec = ServiceSpec("Test", "", "sync", Limits.sync(), (secrets.spec,))
    runner = Runner([Toolbox(spec, {"Secrets": secrets})])
    (output,) = runner(Call("Test", "Secrets", {}), Listener(), 5)
    runner.close()
    seen = json.loads(output.body)["value"]
    assert "PATH" in seen
    assert not [name for name in seen if name.startswith(("AWS_", "_HANDLER"))]
