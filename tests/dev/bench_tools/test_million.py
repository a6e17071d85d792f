"""`make bench-tools MILLION=1` runs every task of Analysis that takes features; here with few of them."""

from __future__ import annotations

import pkgutil

import pytest

import toolboxes.analysis
from dev.bench_tools.million import try_here
from dev.bench_tools.million_calls import CALLS, REASONS, Call

WITHOUT_FEATURES = {"create_fishnet", "generate_tessellation"}


def test_every_task_is_there() -> None:
    modules = {each.name for each in pkgutil.iter_modules(toolboxes.analysis.__path__)}
    assert {call.module for call in CALLS} == {n for n in modules if n[0] != "_"} - WITHOUT_FEATURES


def test_names_are_distinct_and_reasons_are_of_runs() -> None:
    names = [call.name for call in CALLS]
    assert len(set(names)) == len(names)
    assert set(REASONS) <= set(names)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_run_tells_what_it_needed(call: Call) -> None:
    trial = try_here(call, 300)
    assert (trial.name, trial.count) == (call.name, 300)
    assert 0 < trial.silence <= trial.seconds + 0.1
    assert trial.peak > 10
