"""The fault lab in short: the worst of its pieces keep every promise, and broken rules are noticed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from dev.faults.lab.aws import simulate_aws
from dev.faults.lab.broken_rules import BROKEN_RULES, BrokenRule
from dev.faults.lab.run import run, run_broken
from dev.faults.lab.scenarios import SCENARIOS, Scenario

WORST = ("06", "13", "14", "18", "31", "35", "41", "42")


@pytest.fixture(autouse=True, scope="module")
def quiet_aws() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with simulate_aws():
        yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    "scenario", [each for each in SCENARIOS if each.number in WORST], ids=lambda each: each.name
)
def test_every_promise_is_kept(scenario: Scenario) -> None:
    verdict = run(scenario, seeds=[1], submits=5)
    assert dict(+verdict.broken) == {}
    assert verdict.fired > 0 or scenario.cancels
    assert sum(verdict.finals.values()) >= verdict.answers["accepted"] > 0


@pytest.mark.parametrize(
    "broken",
    [each for each in BROKEN_RULES if each.scenario in ("00", "08", "29")],
    ids=lambda each: each.name,
)
def test_broken_rule_is_noticed(broken: BrokenRule) -> None:
    assert not run_broken(broken, seeds=range(4), submits=5).holds
