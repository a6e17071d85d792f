"""The page of the engines' speed, its numbers as JSON, and its picture."""

from __future__ import annotations

import importlib.metadata
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.bench_tools.chart import draw_growth
from dev.bench_tools.contest import WAYS, Row
from dev.bench_tools.memory import Weight
from dev.benchmarks.table import Cell, Table

LIMIT_MB = 3_000
"""Megabytes that a million points may need."""
FOLDER = Path(__file__).parents[2] / "docs/benchmarks"
PACKAGES = ("numpy", "shapely", "pyproj", "geopandas", "pandas", "scipy")
COLUMNS = ("", "ours", "bare", "geopandas", "ours / bare", "ours / geopandas", "asked", "reached")


@dataclass(frozen=True)
class Result:
    """A row and its rates: things per processor second, by size and way."""

    row: Row
    rates: dict[int, dict[str, float]]

    def cells(self, size: int) -> tuple[Cell, ...]:
        """Return the row of a size."""
        rate, target = self.rates[size], self.row.target
        ours = rate["ours"]
        beside = [ours / rate[way] if way in rate else None for way in WAYS[1:]]
        reached = None if target is None else "yes" if ours >= target else "**no**"
        return (self.row.name, *(rate.get(way) for way in WAYS), *beside, target, reached)

    def tell(self) -> str:
        """Return a line for who waits."""
        return " | ".join(
            f"{size:,}: " + ", ".join(f"{way} {rate:,.0f}/s" for way, rate in rates.items())
            for size, rates in self.rates.items()
        ).join((f"{self.row.name}: ", ""))


def write_report(
    results: Sequence[Result], weights: Sequence[Weight], sizes: Sequence[int], *, keep: bool
) -> None:
    """Show the tables, and write the page.

    Args:
        results: The rates.
        weights: The memory.
        sizes: Numbers of features; the tables are those of 10,000, or of the last.
        keep: Whether the page is written.
    """
    size = 10_000 if 10_000 in sizes else sizes[-1]
    speed = Table("tools", f"{size:,} features", COLUMNS, tuple(r.cells(size) for r in results))
    print(speed.text())
    memory = _tabulate(weights)
    print(memory.text())
    if not keep:
        return
    growth = Table(
        "growth",
        "Growth by size",
        ("", *(f"{each:,}" for each in sizes)),
        tuple((r.row.name, *(r.rates[each]["ours"] for each in sizes)) for r in results),
    )
    numbers = {
        "rates": {r.row.name: r.rates for r in results},
        "memory": [asdict(weight) for weight in weights],
    }
    (FOLDER / "tools.json").write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")
    (FOLDER / "tools.svg").write_text(draw_growth(growth, sizes), "utf-8")
    (FOLDER / "tools.md").write_text(_write_page(results, speed, growth, memory), "utf-8")


def _tabulate(weights: Sequence[Weight]) -> Table:
    rows = tuple(
        (w.name, w.count, w.seconds, w.peak, "yes" if w.peak < LIMIT_MB else "**no**") for w in weights
    )
    return Table("memory", "Memory", ("", "points", "processor s", "peak MB", f"under {LIMIT_MB:,} MB"), rows)


def _write_page(results: Sequence[Result], speed: Table, growth: Table, memory: Table) -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    notes = "\n".join(f"- {r.row.name}: {r.row.note}" for r in results if r.row.note)
    return f"""\
# Speed of the analysis engines

Written by `make bench-tools`; do not edit. Features per second of processor time, the best of up to five
calls; from arrays of shapes and columns to arrays. The three ways took turns in one process, on one machine
that did other work too: compare within a row, and take ratios, not rates, to another machine.

*{when} UTC; {versions}.*

*Ours* is the engine that the tools call, with its checks, warnings and attributes. *Bare* is the least that
numpy, shapely and pyproj need for the same shapes: no attributes, no checks. *geopandas* does the same as
ours, with the same attributes, in the fastest way that it has. A ratio above 1: ours is faster.

## {speed.title}

{speed.markdown()}

{notes}

## {growth.title}

Features per second of processor time, ours.

{growth.markdown()}

![Seconds of processor time by number of features](tools.svg)

## {memory.title}

One process each; the peak holds the interpreter, the libraries, the input and the result.

{memory.markdown()}
"""
