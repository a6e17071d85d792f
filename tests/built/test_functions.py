"""What was built runs under python3.13, with nothing on the path but what is deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.template import FUNCTION, Template
from tests.built.conftest import ROOT, Stack

FUNCTIONS = [function.name for function in Template.read(ROOT / "template.yaml").of_type(FUNCTION)]
EVENTS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "events").glob("*.json"))}
ERRORS = {"job", "job-cancel", "job-inputs", "job-result", "job-results", "uploads-commit"}
"""Events about a job and an item that are not there."""


def table_of(arn: str) -> str:
    """Return the ARN of a stream's table, whose stream is another each time; any other ARN as it is."""
    return arn.partition("/stream/")[0]


def receiver(event: Mapping[str, Any], stack: Stack) -> str:
    """Return the function that takes an event."""
    if "requestContext" in event:
        match = stack.routes.match(event["requestContext"]["http"]["method"], event["rawPath"])
        assert match is not None
        return match.route.function
    if "Records" in event:
        (arn,) = {record["eventSourceARN"] for record in event["Records"]}
        takers = {mapped.queue_arn: mapped.function for mapped in stack.mappings}
        takers |= {table_of(mapped.stream_arn): mapped.function for mapped in stack.streams}
        return takers[table_of(arn)]
    return next(name for name in FUNCTIONS if f"-{name}" in event["resources"][0])


@pytest.fixture(scope="module")
def answers(stack: Stack) -> dict[str, Any]:
    """Return what the functions answer to the recorded events, by the events' names."""
    given: dict[str, list[str]] = {}
    for name, event in EVENTS.items():
        given.setdefault(receiver(event, stack), []).append(name)
    return {
        name: answer
        for function, names in given.items()
        for name, answer in zip(
            names, stack.functions[function].invoke(*(EVENTS[name] for name in names)), strict=True
        )
    }


@pytest.mark.parametrize("name", EVENTS)
def test_a_recorded_event_is_answered(name: str, answers: dict[str, Any]) -> None:
    answer = answers[name]
    if "requestContext" not in EVENTS[name]:
        assert "batchItemFailures" not in answer or answer["batchItemFailures"] == []
        return
    if name in ("execute-preflight", "file"):
        assert answer["statusCode"] == {"execute-preflight": 204, "file": 400}[name]
        return
    assert answer["statusCode"] == 200
    body = json.loads(answer["body"])
    assert ("error" in body) == (name in ERRORS), body
    assert body.get("error", {"code": 400})["code"] < 500


@pytest.mark.parametrize("name", FUNCTIONS)
def test_everything_a_function_carries_can_be_imported(name: str, stack: Stack) -> None:
    function = stack.functions[name]
    *failed, loaded = function.load(carried(function.opt / "python"))
    assert failed == []
    ours = (str(function.opt), str(function.task))
    runtime = str(function.python.parent.parent)
    strange = [file for file in loaded["files"] if file and not file.startswith((*ours, runtime, str(ROOT)))]
    assert strange == []
    assert not [path for path in loaded["path"] if "site-packages" in path]


def carried(folder: Path) -> list[str]:
    """Return the top-level packages and modules of a folder, and every module of our own."""
    packages = [path.parent.name for path in folder.glob("*/__init__.py")]
    modules = [path.name.split(".")[0] for path in (*folder.glob("*.py"), *folder.glob("*.so"))]
    own = [
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        for package in ("gpserverless",)
        for path in folder.glob(f"{package}/**/*.py")
        if path.stem != "__main__"
    ]
    return sorted({*packages, *modules, *own})
