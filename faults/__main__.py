"""`python -m faults`: play every fault with the real handlers, then break every rule."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable
from typing import Any

from faults.broken import BROKEN, Broken
from faults.lab import Lab, cloud
from faults.scenarios import SCENARIOS, Scenario
from faults.tables import HEAD, broken_line, line, title
from faults.verdict import Verdict, judge


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


def main(arguments: list[str]) -> int:
    """Print both tables; return 0 when every promise is kept and every broken rule is noticed."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--submits", type=int, default=15, help="jobs a piece")
    parser.add_argument("--seeds", type=int, default=2, help="pieces a fault")
    parser.add_argument("--only", nargs="*", help="numbers of faults")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    with cloud():
        kept = _play_all(options.submits, range(options.seeds), options.only)
        noticed = True if options.only else _break_all(options.submits)
    return 0 if kept and noticed else 1


def _play_all(submits: int, seeds: Iterable[int], only: list[str] | None) -> bool:
    print(HEAD, flush=True)
    total = Verdict()
    for scenario in SCENARIOS:
        if not only or scenario.number in only:
            verdict = play(scenario, seeds, submits)
            print(line(title(scenario), verdict), flush=True)
            total += verdict
    print(line("all", total), flush=True)
    return total.holds


def _break_all(submits: int) -> bool:
    print(f"\n{'broken rule':44}{'fault':>6}   noticed as", flush=True)
    noticed = True
    for broken in BROKEN:
        verdict = play_broken(broken, range(4), submits)
        print(*broken_line(broken, verdict), flush=True)
        noticed = noticed and not verdict.holds
    return noticed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
