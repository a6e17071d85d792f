"""Every tool of Analysis answers on real data, at once and as a job, over HTTP."""

from __future__ import annotations

import pytest

from dev.tool_trial.calls import fill_fields, read_calls
from gpserverless.toolkit.toolboxes import discover
from tests.wire.conftest import Site

CALLS = read_calls()


def test_every_tool_has_a_call() -> None:
    boxes = {toolbox.spec.name: toolbox for toolbox in discover()}
    assert set(CALLS) == set(boxes["Analysis"].tools) == set(boxes["AnalysisSync"].tools)


@pytest.mark.parametrize("task", CALLS)
def test_tool_answers_the_same_at_once_and_as_a_job(site: Site, task: str) -> None:
    fields = fill_fields(CALLS[task])
    at_once = site.execute("AnalysisSync", task, **fields)
    job = site.submit("Analysis", task, **fields)
    ended = site.wait(job, seconds=60)
    assert ended["jobStatus"] == "esriJobSucceeded", ended["messages"]
    for name, value in at_once.items():
        assert site.get(f"{job}/results/{name}")["value"] == value
