"""`make bench-tools`: the engines beside bare libraries and geopandas, into docs/benchmarks."""

from __future__ import annotations

import argparse

from dev.bench_tools import changes, overlays, places, zones
from dev.bench_tools.contest import Row, measure
from dev.bench_tools.memory import weigh_all
from dev.bench_tools.report import Result, write_report

ROWS: tuple[Row, ...] = (*zones.ROWS, *overlays.ROWS, *places.ROWS, *changes.ROWS)


def main() -> None:
    """Measure every row and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 and 2,000 features, and no page")
    parser.add_argument("--sizes", type=int, nargs="+", help="other numbers of features")
    parser.add_argument("--only", default="", help="rows with this text in their name, and no page")
    options = parser.parse_args()
    sizes = tuple(options.sizes or ((1_000, 2_000) if options.quick else (1_000, 10_000, 100_000)))
    results = []
    for row in ROWS:
        if options.only in row.name:
            results.append(Result(row, measure(row, sizes)))
            print(results[-1].tell(), flush=True)
    partial = bool(options.quick or options.sizes or options.only)
    weights = [] if options.only else weigh_all(50_000 if options.quick else 1_000_000)
    write_report(results, weights, sizes, keep=not partial)


if __name__ == "__main__":
    main()
