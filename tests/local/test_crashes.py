"""A crash of a tool is found in the log of its function, with what the tool printed, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.crashes import CrashReader

TRACE = """Traceback (most recent call last):
  File "/opt/python/gpserverless/sandbox/child.py", line 108, in _run
    for output in perform(tool, call, limits, Run(watcher), folder):
  File "/home/ana/my rivers/toolboxes/rivers/drain.py", line 12, in drain
    return 1 / depth
  File "/opt/python/shapely/measurement.py", line 3, in area
    raise_it()
ZeroDivisionError: division by zero"""

SHOWN = TRACE.splitlines()[0:1] + TRACE.splitlines()[3:]


def line(message: str, **more: Any) -> str:
    return json.dumps({"level": "INFO", "message": message, "function_request_id": "a", **more})


def crash(**more: Any) -> str:
    ids = {"toolbox": "Rivers", "task": "Drain", "location": "gpserverless.sandbox.failures:38"}
    return line("tool crashed", exception=TRACE, **{**ids, **more})


def write(log: Path, *lines: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.writelines(f"{each}\n" for each in lines)


def test_crash_is_shown_with_job_log_and_the_frames_of_the_tool(tmp_path: Path) -> None:
    log = tmp_path / "WorkerFunction.log"
    reader = CrashReader(log)
    write(log, crash(job="j1"))
    (found,) = reader.read()
    assert found.task == "Rivers/Drain"
    assert found.to_lines() == [f"job j1, log {log}", *(f"  {each}" for each in SHOWN)]


def test_lines_that_the_tool_printed_are_shown_and_no_others(tmp_path: Path) -> None:
    log = tmp_path / "log"
    reader = CrashReader(log)
    write(
        log,
        line("of another run", function_request_id="b"),
        line("attempt started", location="gpserverless.app.job_tools:47"),
        "printed by a library in C",
        line("depth is 0"),
        line("logged by the tool", location="toolboxes.rivers.drain:9"),
        crash(),
    )
    (found,) = reader.read()
    assert found.printed == ("depth is 0", "logged by the tool")
    assert found.to_lines()[-3:] == ["  It printed:", "    depth is 0", "    logged by the tool"]


def test_crash_is_shown_once_and_only_when_its_line_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(crash() + "\n", "utf-8")
    reader = CrashReader(log)
    assert reader.read() == [], "it is from before"
    text = crash(job="j2")
    with log.open("a", encoding="utf-8") as file:
        file.write(text[:100])
    assert reader.read() == []
    write(log, text[100:])
    assert [each.job for each in reader.read()] == ["j2"]
    assert reader.read() == []


def test_log_that_is_not_there_has_no_crash(tmp_path: Path) -> None:
    assert CrashReader(tmp_path / "log").read() == []
