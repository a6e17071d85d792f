"""`python -m dev.faults`: run every fault with the real handlers, then break every rule."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing

from dev.faults.lab.broken_rules import BROKEN_RULES, BrokenRule
from dev.faults.lab.run import WorkerPool
from dev.faults.lab.scenarios import SCENARIOS
from dev.faults.tables import HEAD, format_verdict
from dev.faults.verdict import Verdict

_BROKEN_SEEDS = 4


def main(arguments: list[str]) -> int:
    """Print both tables; return 0 when every promise is kept and every broken rule is noticed."""
    parser = argparse.ArgumentParser(prog="python -m dev.faults", description=__doc__)
    parser.add_argument("--submits", type=int, default=10, help="jobs of a run")
    parser.add_argument("--seeds", type=int, default=2, help="runs of a fault")
    parser.add_argument("--only", nargs="*", help="numbers of faults")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with closing(WorkerPool()) as pool:
        kept = _run_scenarios(pool, options.submits, options.seeds, options.only)
        noticed = True if options.only else _break_rules(pool, options.submits)
    rules = "" if options.only else ", and every broken rule noticed"
    outcome = f"every promise is kept{rules}" if kept and noticed else "NOT AS PROMISED"
    print(f"\n{outcome}, in {time.monotonic() - began:.0f} s")
    return 0 if kept and noticed else 1


def _run_scenarios(pool: WorkerPool, submits: int, seeds: int, only: list[str] | None) -> bool:
    print(HEAD, flush=True)
    total = Verdict()
    chosen = [each for each in SCENARIOS if not only or each.number in only]
    for scenario, verdict in zip(chosen, pool.run(chosen, seeds, submits), strict=True):
        print(format_verdict(f"{scenario.number} {scenario.name}", verdict), flush=True)
        total += verdict
    print(format_verdict("all", total), flush=True)
    return total.holds


def _break_rules(pool: WorkerPool, submits: int) -> bool:
    print(f"\n{'broken rule':44}{'fault':>6}   noticed as", flush=True)
    noticed = True
    for broken, verdict in zip(BROKEN_RULES, pool.run_broken(_BROKEN_SEEDS, submits), strict=True):
        print(_format_broken(broken, verdict), flush=True)
        noticed = noticed and not verdict.holds
    return noticed


def _format_broken(broken: BrokenRule, verdict: Verdict) -> str:
    found = ", ".join(f"{count} {promise}" for promise, count in sorted((+verdict.broken).items()))
    return f"{broken.name:44}{broken.scenario:>6}   {found or 'NOT NOTICED'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
