"""`python -m dev.simulation`: what loads meet on AWS; with `--measure`, how far off that is here."""

from __future__ import annotations

import argparse
import os
import sys

from dev.simulation.cloud import Deployed
from dev.simulation.cost import Habits
from dev.simulation.levels import levels
from dev.simulation.tables import HEAD, line, side_by_side


def main(arguments: list[str]) -> int:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m dev.simulation", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="play a load on the local cloud, too")
    parser.add_argument("--poll", type=float, default=1.0, help="seconds between a client's polls")
    options = parser.parse_args(arguments)
    deployed, habits = Deployed.read(), Habits(poll_seconds=options.poll)
    print(HEAD)
    for level in levels(deployed):
        print(line(level.play(), deployed, habits), flush=True)
    if options.measure:
        from dev.simulation.comparison import compare  # it starts a cloud; the table needs none

        print()
        for row in side_by_side(compare()):
            print(row, flush=True)
        print(f"load average: {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
