"""Tools run in a child process: what a run returns, how it ends, and what it cannot do to the next."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gpserverless import Run, tool
from gpserverless.datatypes.references import LocalFile
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
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Message, Unwatched
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec
from gpserverless.toolkit.tool import Tool
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
        heard = len(self.percents) + len(self.messages)
        if self.cancel_at is not None and heard >= self.cancel_at:
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


@pytest.mark.parametrize("seconds", ["0", "30"], ids=["between runs", "during a run"])
def test_without_the_process_that_children_are_forked_from_nothing_runs(seconds: str) -> None:
    doomed = Runner(discover())
    zygote = doomed._zygote._pid
    assert run(doomed, "Echo", In_GPLong="4")["Out_GPLong"].endswith(b'"value":4}')
    killer = threading.Timer(0.2, os.kill, (zygote, signal.SIGKILL))
    killer.start()

    def run_on() -> None:
        while True:
            run(doomed, "Sleep", Seconds=seconds)

    for _ in range(2):
        with pytest.raises(ZygoteGone):
            run_on()
    killer.join()
    doomed.close()


def test_a_wrong_value_is_an_error_with_the_parameters_name(runner: Runner) -> None:
    with pytest.raises(InvalidParameter) as caught:
        run(runner, "Echo", In_GPLong="x")
    assert caught.value.details == (
        "Parameter 'In_GPLong': 'x' is not a whole number. Accepted: a whole number.",
    )


def test_an_unknown_task_is_not_found(runner: Runner) -> None:
    with pytest.raises(NotFound):
        run(runner, "Nothing")


LONG = [
    pytest.param("Sleep", {"Seconds": "20"}, id="many short steps"),
    pytest.param("Fail", {"Kind": "native hang"}, id="one call of GEOS"),
]


@pytest.mark.parametrize(("task", "values"), LONG)
def test_a_deadline_stops_the_tool(runner: Runner, task: str, values: dict[str, str]) -> None:
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        run(runner, task, seconds=0.3, **values)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(("task", "values"), LONG)
def test_a_cancel_stops_the_tool(runner: Runner, task: str, values: dict[str, str]) -> None:
    started = time.monotonic()
    with pytest.raises(Cancelled):
        run(runner, task, Listener(cancel_at=1), **values)
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

    def prepare(
        task: TaskSpec, limits: Limits, call: Call, folder: Path, check_cancelled: Callable[[], None]
    ) -> Call:
        folders.append(folder)
        (folder / "notes.txt").write_text(task.name, encoding="utf-8")
        check_cancelled()
        return replace(call, values={"In_GPDataFile": LocalFile(folder / "notes.txt")})

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


def runner_of(one: Tool[..., Any]) -> Runner:
    """Return a runner for one tool, as service Test, task Tool."""
    return Runner([Toolbox(ServiceSpec("Test", "", "sync", Limits.sync(), (one.spec,)), {"Tool": one})])


def value_of(runner: Runner, listener: Listener | None = None, seconds: float = 10) -> Any:
    (output,) = runner(Call("Test", "Tool", {}), listener or Listener(), seconds)
    assert isinstance(output.body, bytes)
    return json.loads(output.body)["value"]


LOOK = """
import os, sys
from pathlib import Path
from gpserverless import Run, tool
from tests.sandbox.test_runner import runner_of, value_of

@tool
def look() -> list[str]:
    \"\"\"Look for secrets.\"\"\"
    places = ("/proc/self/environ", f"/proc/{os.getppid()}/environ")
    return [*os.environ, *(Path(place).read_text() for place in places)]

runner = runner_of(look)
print(value_of(runner))
runner.close()
"""


def test_a_tool_finds_no_credentials_where_processes_show_how_they_began() -> None:
    secrets = {"AWS_SECRET_ACCESS_KEY": "hush", "AWS_SESSION_TOKEN": "hush", "_HANDLER": "hush"}
    environment = {"PYTHONPATH": ":".join(sys.path), "PATH": os.environ["PATH"], **secrets}
    seen = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, check=True)
    assert b"PYTHONPATH" in seen.stdout
    assert not [name for name in ("hush", *secrets) if name.encode() in seen.stdout]


@tool
def haunt(run: Run) -> int:
    """Say something after the end, and leave a process behind."""
    threading.Timer(0.2, run.info, ["boo"]).start()
    os.environ["GHOST"] = "1"
    return subprocess.Popen(["sleep", "60"]).pid


def test_what_a_run_leaves_behind_ends_with_it() -> None:
    runner = runner_of(haunt)
    first = value_of(runner)
    listener = Listener()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{first}").exists() and "Z" not in Path(f"/proc/{first}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline, "the process that the first run left is still there"
    assert value_of(runner, listener) != first
    assert listener.messages == []
    runner.close()


@tool
def hang_up() -> int:
    """Close every file and go on."""
    os.closerange(0, 100)
    time.sleep(60)
    return 1


def test_a_tool_that_hangs_up_is_ended_soon() -> None:
    runner = runner_of(hang_up)
    started = time.monotonic()
    with pytest.raises((ToolCrashed, OutOfMemory)):
        value_of(runner)
    assert time.monotonic() - started < 5
    runner.close()


@tool
def stammer(run: Run) -> bool:
    """Say half a character, and tell whether garbage is collected."""
    run.info("half \ud800")
    return gc.isenabled()


def test_messages_may_hold_anything_and_tools_collect_their_garbage() -> None:
    runner, listener = runner_of(stammer), Listener()
    assert value_of(runner, listener) is True
    assert [m.text for m in listener.messages] == ["half ?"]
    runner.close()


def test_folders_of_dead_processes_are_swept() -> None:
    left = Path(tempfile.mkdtemp(prefix="run-of-0-"))
    runner_of(stammer).close()
    assert not left.exists()
