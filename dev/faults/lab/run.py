"""Runs of scenarios, as many at a time as there are processors."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from typing import Any

from dev.faults.lab.aws import simulate_aws
from dev.faults.lab.broken_rules import BROKEN_RULES, BrokenRule
from dev.faults.lab.judge import judge
from dev.faults.lab.lab import Lab
from dev.faults.lab.scenarios import SCENARIOS, Scenario
from dev.faults.verdict import Verdict


def run(scenario: Scenario, seeds: Iterable[int], submits: int, broken: BrokenRule | None = None) -> Verdict:
    """Run a scenario with several seeds.

    Args:
        scenario: The scenario.
        seeds: One run each.
        submits: Jobs of each run.
        broken: A rule that is broken already; its rules and its reaper are used.
    """
    changes: Any = {"reaper": broken.reaper, "rules": broken.rules} if broken else {}
    verdict = Verdict()
    for seed in seeds:
        lab = Lab(scenario, seed, submits, **changes)
        lab.run()
        verdict += judge(lab)
    return verdict


def run_broken(broken: BrokenRule, seeds: Iterable[int], submits: int) -> Verdict:
    """Break a rule, and run its scenario until the violation is noticed.

    Args:
        broken: The rule.
        seeds: One run each, until one notices.
        submits: Jobs of each run.
    """
    scenario = next(each for each in SCENARIOS if each.number == broken.scenario)
    verdict = Verdict()
    with broken.breaking():
        for seed in seeds:
            verdict += run(scenario, [seed], submits, broken)
            if not verdict.holds:
                break
    return verdict


class WorkerPool:
    """Processes that run scenarios side by side, each on an AWS of its own."""

    def __init__(self) -> None:
        self._processes = ProcessPoolExecutor(
            os.cpu_count(), mp_context=get_context("spawn"), initializer=logging.disable
        )

    def run(self, scenarios: Iterable[Scenario], seeds: int, submits: int) -> Iterator[Verdict]:
        """Yield the verdict on each scenario, over all its seeds, in order."""
        runs = [(each, seed) for each in scenarios for seed in range(seeds)]
        verdicts = self._processes.map(partial(_run_apart, submits=submits), *zip(*runs, strict=True))
        for _ in range(len(runs) // seeds):
            verdict = Verdict()
            for _ in range(seeds):
                verdict += next(verdicts)
            yield verdict

    def run_broken(self, seeds: int, submits: int) -> Iterator[Verdict]:
        """Yield the verdict on each broken rule, in order."""
        names = [each.name for each in BROKEN_RULES]  # a rule itself cannot be pickled
        return self._processes.map(_run_broken_apart, names, repeat(seeds), repeat(submits))

    def close(self) -> None:
        """End the processes."""
        self._processes.shutdown(cancel_futures=True)


def _run_apart(scenario: Scenario, seed: int, submits: int) -> Verdict:
    with simulate_aws():
        return run(scenario, [seed], submits)


def _run_broken_apart(name: str, seeds: int, submits: int) -> Verdict:
    with simulate_aws():
        broken = next(each for each in BROKEN_RULES if each.name == name)
        return run_broken(broken, range(seeds), submits)
