"""`python -m dev.faults`: play every fault with the real handlers, then break every rule."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing

from dev.faults.broken import BROKEN
from dev.faults.play import Company
from dev.faults.scenarios import SCENARIOS
from dev.faults.tables import BROKEN_HEAD, HEAD, broken_line, line, title
from dev.faults.verdict import Verdict


def main(arguments: list[str]) -> int:
    """Print both tables; return 0 when every promise is kept and every broken rule is noticed."""
    parser = argparse.ArgumentParser(prog="python -m dev.faults", description=__doc__)
    parser.add_argument("--submits", type=int, default=10, help="jobs a piece")
    parser.add_argument("--seeds", type=int, default=2, help="pieces a fault")
    parser.add_argument("--only", nargs="*", help="numbers of faults")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with closing(Company()) as company:
        kept = _play_all(company, options.submits, options.seeds, options.only)
        noticed = True if options.only else _break_all(company, options.submits)
    rules = "" if options.only else ", and every broken rule noticed"
    what = f"every promise is kept{rules}" if kept and noticed else "NOT AS PROMISED"
    print(f"\n{what}, in {time.monotonic() - began:.0f} s")
    return 0 if kept and noticed else 1


def _play_all(company: Company, submits: int, seeds: int, only: list[str] | None) -> bool:
    print(HEAD, flush=True)
    total = Verdict()
    chosen = [each for each in SCENARIOS if not only or each.number in only]
    for scenario, verdict in zip(chosen, company.play(chosen, seeds, submits), strict=True):
        print(line(title(scenario), verdict), flush=True)
        total += verdict
    print(line("all", total), flush=True)
    return total.holds


def _break_all(company: Company, submits: int) -> bool:
    print(f"\n{BROKEN_HEAD}", flush=True)
    noticed = True
    for broken, verdict in zip(BROKEN, company.play_broken(4, submits), strict=True):
        print(*broken_line(broken, verdict), flush=True)
        noticed = noticed and not verdict.holds
    return noticed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
