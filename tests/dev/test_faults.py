"""The fault lab in short: the worst of its pieces keep every promise, and broken rules are noticed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from dev.faults.broken import BROKEN, Broken
from dev.faults.lab import cloud
from dev.faults.play import play, play_broken
from dev.faults.scenarios import SCENARIOS, Scenario

WORST = ("06", "13", "14", "18", "31", "35", "41", "42")


@pytest.fixture(autouse=True, scope="module")
def quiet_cloud() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with cloud():
        yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    "scenario", [each for each in SCENARIOS if each.number in WORST], ids=lambda each: each.name
)
def test_every_promise_is_kept(scenario: Scenario) -> None:
    verdict = play(scenario, seeds=[1], submits=5)
    assert dict(+verdict.broken) == {}
    assert verdict.fired > 0 or scenario.cancels
    assert sum(verdict.finals.values()) >= verdict.heard["accepted"] > 0


@pytest.mark.parametrize(
    "broken", [each for each in BROKEN if each.scenario in ("00", "08", "29")], ids=lambda each: each.name
)
def test_a_broken_rule_is_noticed(broken: Broken) -> None:
    assert not play_broken(broken, seeds=range(4), submits=5).holds
