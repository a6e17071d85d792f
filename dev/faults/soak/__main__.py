"""`python -m dev.faults.soak`: many jobs on the local cloud, while everything around them fails."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from dev.faults.soak.regimes import REGIMES
from dev.faults.soak.soak import Soak


def main(arguments: list[str]) -> int:
    """Run the soak; return 0 if every promise was kept and the queues are empty."""
    parser = argparse.ArgumentParser(prog="python -m dev.faults.soak", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=2700, help="when to give up")
    parser.add_argument("--fault", default="", help="only the regimes whose names contain this")
    options = parser.parse_args(arguments)
    regimes = [regime for regime in REGIMES if options.fault in regime.name]
    if not regimes:
        parser.error(f"there is no fault named {options.fault}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as state:
        kept = Soak(Path(state), began + options.seconds, regimes).run(options.jobs)
    print(f"{'every promise is kept' if kept else 'NOT AS PROMISED'}, in {time.monotonic() - began:.0f} s")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
