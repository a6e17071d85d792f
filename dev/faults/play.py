"""Playing pieces, as many at a time as there are processors: each in a cloud of its own."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from typing import Any

from dev.faults.broken import BROKEN, Broken
from dev.faults.lab import Lab, cloud
from dev.faults.scenarios import SCENARIOS, Scenario
from dev.faults.verdict import Verdict, judge


def play(scenario: Scenario, seeds: Iterable[int], submits: int, broken: Broken | None = None) -> Verdict:
    """Play a scenario with several seeds, and return what it came to."""
    changes: Any = {"reaper": broken.reaper, "rules": broken.rules} if broken else {}
    verdict = Verdict()
    for seed in seeds:
        lab = Lab(scenario, seed, submits, **changes)
        lab.play()
        verdict += judge(lab)
    return verdict


def play_broken(broken: Broken, seeds: Iterable[int], submits: int) -> Verdict:
    """Break a rule, and play the scenario in which it does harm, until it is noticed."""
    scenario = next(each for each in SCENARIOS if each.number == broken.scenario)
    verdict = Verdict()
    with broken.breaking():
        for seed in seeds:
            verdict += play(scenario, [seed], submits, broken)
            if not verdict.holds:
                break
    return verdict


class Company:
    """Processes that play side by side; what they played comes back in the order of the programme."""

    def __init__(self) -> None:
        self._processes = ProcessPoolExecutor(
            os.cpu_count(), mp_context=get_context("spawn"), initializer=logging.disable
        )

    def play(self, scenarios: Iterable[Scenario], seeds: int, submits: int) -> Iterator[Verdict]:
        """Yield what each scenario came to, with all its seeds."""
        pieces = [(each, seed) for each in scenarios for seed in range(seeds)]
        played = self._processes.map(partial(_play_piece, submits=submits), *zip(*pieces, strict=True))
        for _ in range(len(pieces) // seeds):
            verdict = Verdict()
            for _ in range(seeds):
                verdict += next(played)
            yield verdict

    def play_broken(self, seeds: int, submits: int) -> Iterator[Verdict]:
        """Yield what came of each broken rule."""
        names = [each.name for each in BROKEN]  # what breaks a rule cannot be sent to another process
        return self._processes.map(_play_broken, names, repeat(seeds), repeat(submits))

    def close(self) -> None:
        """Send everybody home."""
        self._processes.shutdown(cancel_futures=True)


def _play_piece(scenario: Scenario, seed: int, submits: int) -> Verdict:
    with cloud():
        return play(scenario, [seed], submits)


def _play_broken(name: str, seeds: int, submits: int) -> Verdict:
    with cloud():
        return play_broken(next(each for each in BROKEN if each.name == name), range(seeds), submits)
