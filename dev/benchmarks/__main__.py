"""`python -m dev.benchmarks [--quick] [--large] [subject …]`: measure subjects, print, write the page."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor

from dev.benchmarks import report
from dev.benchmarks.subjects import SUBJECTS, measure
from dev.benchmarks.table import Table
from dev.benchmarks.timing import Effort


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(prog="python -m dev.benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=", ".join(SUBJECTS))
    parser.add_argument("--quick", action="store_true", help="few repetitions, small sizes")
    parser.add_argument("--large", action="store_true", help="also sizes of more than 100,000 features")
    given = parser.parse_args()
    if unknown := sorted(set(given.subjects) - set(SUBJECTS)):
        parser.error(f"there is no subject {', '.join(unknown)}")
    for subject in given.subjects or SUBJECTS:
        began, load = time.time(), os.getloadavg()[0]
        # A process each: none inherits the heap, the threads or the environment of another.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            found = _measure(alone.submit(measure, subject, Effort(given.quick, given.large)), subject)
        for table in found:
            print(table.text(), flush=True)
        report.add(subject, found, report.when(began, load, quick=given.quick))
    print(f"\nwritten: {report.FOLDER}")


def _measure(work: Future[list[Table]], subject: str) -> list[Table]:
    """Return the tables of a subject; one that fails is reported in a table, and the others go on."""
    try:
        return work.result()
    except RuntimeError as problem:
        sys.stderr.write(f"{problem}\n")
        told = str(problem).strip().rpartition("\n")[2][:300]
        return [Table(subject, f"{subject.capitalize()}: not measured", ("", "why"), ((subject, told),))]


if __name__ == "__main__":
    main()
