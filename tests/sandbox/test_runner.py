"""Tools run in a child process: the outputs of a run, its errors, and its end."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

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
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.sandbox.preparation import RunContext
from gpserverless.sandbox.processes import has_ended
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.run import Message
from gpserverless.toolkit.toolboxes import discover
from tests.patience import LONG, SOON
from tests.sandbox.one_tool import Listener, runner_of, value_of

SYNC = "Conformance/Sync"


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    made = Runner(discover(), memory=2**30)
    yield made
    made.close()


def run(
    runner: Runner, task: str, listener: Listener | None = None, seconds: float = LONG, **values: str
) -> dict[str, bytes]:
    outputs = runner(Call(SYNC, task, values), listener or Listener(), seconds).outputs
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
def test_every_failure_has_its_error_and_the_next_run_succeeds(
    runner: Runner, kind: str, error: type[RunError], text: str
) -> None:
    with pytest.raises(error) as caught:
        run(runner, "Fail", Kind=kind)
    assert str(caught.value) == text
    assert run(runner, "Echo", In_GPLong="4")["Out_GPLong"].endswith(b'"value":4}')


@pytest.mark.parametrize("seconds", ["0", f"{LONG:g}"], ids=["between runs", "during a run"])
def test_zygote_that_is_gone_is_an_error_of_every_run(seconds: str) -> None:
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


def test_wrong_value_is_an_error_with_the_parameters_name(runner: Runner) -> None:
    with pytest.raises(InvalidParameter) as caught:
        run(runner, "Echo", In_GPLong="x")
    assert caught.value.details == (
        "Parameter 'In_GPLong': 'x' is not a whole number. Accepted: a whole number.",
    )


def test_unknown_task_is_not_found(runner: Runner) -> None:
    with pytest.raises(NotFound):
        run(runner, "Nothing")


ENDLESS = [
    pytest.param("Sleep", {"Seconds": f"{LONG:g}"}, id="many short steps"),
    pytest.param("Fail", {"Kind": "native hang"}, id="one call of GEOS"),
]


@pytest.mark.parametrize(("task", "values"), ENDLESS)
def test_deadline_stops_the_tool(runner: Runner, task: str, values: dict[str, str]) -> None:
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        run(runner, task, seconds=0.3, **values)
    assert time.monotonic() - started < SOON


@pytest.mark.parametrize(("task", "values"), ENDLESS)
def test_cancel_stops_the_tool(runner: Runner, task: str, values: dict[str, str]) -> None:
    started = time.monotonic()
    with pytest.raises(Cancelled):
        run(runner, task, Listener(cancel_at=1), **values)
    assert time.monotonic() - started < SOON


@tool
def many(count: int) -> list[str]:
    """Return many texts.

    Args:
        count: How many.
    """
    return ["x" * 1_000] * count


def test_large_output_is_a_file_that_the_parent_does_not_read() -> None:
    runner = runner_of(Many=many)
    try:
        (small,) = runner(Call("Test", "Many", {"count": "7000"}), Listener(), LONG).outputs
        (large,) = runner(Call("Test", "Many", {"count": "9000"}), Listener(), LONG).outputs
        assert isinstance(small.body, bytes)
        assert isinstance(large.body, Path)
        assert len(json.loads(large.body.read_bytes())["value"]) == 9_000
        assert (small.size, large.size) == (len(small.body), large.body.stat().st_size)
    finally:
        runner.close()
    assert not large.body.exists()


class OneFile:
    """Gives every call the same file, in the run's folder."""

    def __init__(self) -> None:
        self.folders: list[Path] = []
        self.seconds = 0.0

    def prepare(self, call: Call, context: RunContext) -> Call:
        self.folders.append(context.folder)
        self.seconds = context.until - time.monotonic()
        path = context.folder / "notes.txt"
        path.write_text(context.task.name, encoding="utf-8")
        context.check_cancelled()
        return replace(call, values={"In_GPDataFile": LocalFile(path)})


def test_layer_of_a_job_is_a_file_that_the_parent_can_read(runner: Runner) -> None:
    call = Call(SYNC, "Echo", {}).for_worker()
    outputs = runner(call, Listener(), LONG).outputs
    layers = {output.name: output.layer for output in outputs if output.layer is not None}
    assert layers.keys() == {"Out_GPFeatureRecordSetLayer", "Out_Layer", "Out_GPRecordSet"}
    for layer in layers.values():
        with LayerFile(layer.path) as file:
            assert file.manifest == layer.manifest


def test_run_is_prepared_in_its_own_folder_and_time(runner: Runner) -> None:
    preparation = OneFile()
    call = Call(SYNC, "Echo", {"In_GPDataFile": "https://example.org/notes.txt"})
    (output,) = (o for o in runner(call, Listener(), LONG, preparation).outputs if o.name == "Out_GPDataFile")
    assert output.files["notes.txt"].read_text(encoding="utf-8") == "Echo"
    assert 10 < preparation.seconds <= 25  # the limit of the service
    with pytest.raises(DeadlinePassed):
        runner(call, Listener(), 0.0, preparation)
    assert not preparation.folders[0].exists()


def test_files_stay_until_the_next_run(runner: Runner) -> None:
    call = Call(SYNC, "Echo", {"In_GPString": "hello"}, files_url="https://example.org/files/")
    (output,) = (o for o in runner(call, Listener(), LONG).outputs if o.name == "Out_GPDataFile")
    assert output.body.endswith(b'"value":{"url":"https://example.org/files/echo.txt"}}')
    path = output.files["echo.txt"]
    assert path.read_text(encoding="utf-8") == "hello"
    run(runner, "Echo")
    assert not path.exists()


LOOK = """
import os, sys
from pathlib import Path
from gpserverless import Run, tool
from tests.sandbox.one_tool import runner_of, value_of

@tool
def look() -> list[str]:
    \"\"\"Look for secrets.\"\"\"
    places = ("/proc/self/environ", f"/proc/{os.getppid()}/environ")
    return [*os.environ, *(Path(place).read_text() for place in places)]

runner = runner_of(Look=look)
print(value_of(runner, "Look"))
runner.close()
"""


def test_tool_finds_no_credentials_in_the_environment_of_any_process() -> None:
    secrets = {"AWS_SECRET_ACCESS_KEY": "hush", "AWS_SESSION_TOKEN": "hush", "_HANDLER": "hush"}
    environment = {"PYTHONPATH": ":".join(sys.path), "PATH": os.environ["PATH"], **secrets}
    seen = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, check=True)
    assert b"PYTHONPATH" in seen.stdout
    assert not [name for name in ("hush", *secrets) if name.encode() in seen.stdout]


@tool
def haunt(run: Run) -> int:
    """Send a message after the end, and leave a process behind."""
    threading.Timer(0.2, run.info, ["boo"]).start()
    os.environ["GHOST"] = "1"
    return subprocess.Popen(["sleep", "60"]).pid


def test_processes_and_threads_of_a_run_end_with_it() -> None:
    runner = runner_of(Haunt=haunt)
    first = value_of(runner, "Haunt")
    listener = Listener()
    deadline = time.monotonic() + SOON
    while not has_ended(first):
        assert time.monotonic() < deadline, "the process that the first run left is still there"
    assert value_of(runner, "Haunt", listener) != first
    assert listener.messages == []
    runner.close()


@tool
def hang_up() -> int:
    """Close every file and go on."""
    os.closerange(0, 100)
    time.sleep(LONG)
    return 1


def test_tool_that_closes_its_pipe_is_ended_soon() -> None:
    runner = runner_of(Tool=hang_up)
    started = time.monotonic()
    with pytest.raises((ToolCrashed, OutOfMemory)):
        value_of(runner, "Tool")
    assert time.monotonic() - started < SOON
    runner.close()


@tool
def stammer(run: Run) -> bool:
    """Send half a character, and return whether garbage is collected."""
    run.info("half \ud800")
    return gc.isenabled()


def test_messages_may_hold_anything_and_tools_collect_their_garbage() -> None:
    runner, listener = runner_of(Tool=stammer), Listener()
    assert value_of(runner, "Tool", listener) is True
    assert [m.text for m in listener.messages] == ["half ?"]
    runner.close()


def test_folders_of_dead_processes_are_removed() -> None:
    left = Path(tempfile.mkdtemp(prefix="run-of-0-"))
    runner_of(Tool=stammer).close()
    assert not left.exists()


def test_child_that_died_while_it_waited_is_replaced(runner: Runner) -> None:
    assert runner._child is not None
    runner._child.wait_until_forked()
    os.kill(runner._child.pid, signal.SIGKILL)
    deadline = time.monotonic() + SOON
    while not has_ended(runner._child.pid):
        assert time.monotonic() < deadline, "the child is still there"
    assert run(runner, "Echo", In_GPLong="4")["Out_GPLong"].endswith(b'"value":4}')


@tool
def babble() -> int:
    """Write into every socket."""
    for number in range(3, 100):
        with suppress(OSError):
            socket.socket(fileno=os.dup(number)).sendall(struct.pack("!IQ", 4, 0) + b"boom")
    time.sleep(LONG)
    return 1


def test_tool_that_writes_into_its_pipe_fails_only_its_own_run() -> None:
    runner = runner_of(Babble=babble, Say=stammer)
    with pytest.raises(ToolCrashed, match="something else than results"):
        value_of(runner, "Babble")
    assert value_of(runner, "Say") is True
    runner.close()
