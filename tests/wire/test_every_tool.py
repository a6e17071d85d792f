"""Every tool answers on real data over HTTP: at once and as a job, as its services can."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from dev.tool_trial.calls import fill_fields, list_calls, read_calls
from gpserverless.toolkit.toolboxes import discover
from tests.wire.conftest import Site

CALLS = read_calls()
AS_JOBS = [call for call in list_calls() if call[0] in ("Elevation", "Files", "Raster")]


def test_every_tool_has_a_call() -> None:
    boxes = {toolbox.spec.name: set(toolbox.tools) for toolbox in discover()}
    shown = {name: tools for name, tools in boxes.items() if not name.startswith("Conformance/")}
    assert shown.pop("AnalysisSync") == set(CALLS["Analysis"])
    assert {service: set(calls) for service, calls in CALLS.items()} == shown


@pytest.mark.parametrize("task", CALLS["Analysis"])
def test_tool_answers_the_same_at_once_and_as_a_job(site: Site, task: str) -> None:
    fields = fill_fields(CALLS["Analysis"][task], partial(site.client.upload, "Analysis/GPServer"))
    at_once = site.execute("AnalysisSync", task, **fields)
    job = site.submit("Analysis", task, **fields)
    ended = site.wait(job, seconds=120)
    assert ended["jobStatus"] == "esriJobSucceeded", ended["messages"]
    for name, value in at_once.items():
        assert site.get(f"{job}/results/{name}")["value"] == value


@pytest.mark.parametrize(("service", "task", "call"), AS_JOBS)
def test_tool_answers_as_a_job(site: Site, service: str, task: str, call: dict[str, Any]) -> None:
    fields = fill_fields(call, partial(site.client.upload, f"{service}/GPServer"))
    job = site.submit(service, task, **fields)
    ended = site.wait(job, seconds=120)
    assert ended["jobStatus"] == "esriJobSucceeded", ended["messages"]
    for name in ended["results"]:
        value = site.get(f"{job}/results/{name}")["value"]
        assert value["features"] if "features" in value else value["url"]


def test_sample_answers_at_once(site: Site) -> None:
    (task, call), *others = CALLS["Samples"].items()
    assert not others
    fields = fill_fields(call, partial(site.client.upload, "Samples/GPServer"))
    (value,) = site.execute("Samples", task, **fields).values()
    assert value["features"]
