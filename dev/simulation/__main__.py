"""`python -m dev.simulation`: simulate loads on AWS; with `--measure`, compare with the local cloud."""

from __future__ import annotations

import argparse
import os
import sys

from dev.simulation.cost import UsagePattern
from dev.simulation.levels import levels
from dev.simulation.scaling import TemplateSettings
from dev.simulation.tables import HEAD, format_comparison, format_level


def main(arguments: list[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m dev.simulation", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="run loads on the local cloud, too")
    parser.add_argument("--poll", type=float, default=1.0, help="seconds between a client's polls")
    options = parser.parse_args(arguments)
    settings, pattern = TemplateSettings.read(), UsagePattern(poll_seconds=options.poll)
    print(HEAD)
    for level in levels(settings):
        print(format_level(level.simulate(), settings, pattern), flush=True)
    if options.measure:
        from dev.simulation.comparison import compare  # it starts a cloud; the table needs none

        print()
        for row in format_comparison(compare()):
            print(row, flush=True)
        print(f"load average: {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
