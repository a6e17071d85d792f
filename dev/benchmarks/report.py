"""docs/benchmarks: every table, every budget, and where and when it was measured."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import time
from dataclasses import asdict
from pathlib import Path

from dev.benchmarks.results import SubjectResult, read, write
from dev.benchmarks.subjects import SUBJECTS
from dev.benchmarks.table import Table
from local.options import ROOT

FOLDER = ROOT / "docs/benchmarks"
DRAWS = ROOT / "dev/benchmarks/.venv/bin/python"
PACKAGES = ("numpy", "shapely", "pysimdjson", "orjson", "botocore", "moto")


def when(began: float, load: float, *, quick: bool) -> str:
    """Return when and how a subject was measured.

    Args:
        began: When, in seconds since 1970-01-01 UTC.
        load: The load of the machine before, over a minute.
        quick: Whether with few repetitions.
    """
    at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(began))
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    how = ", quickly" if quick else ""
    return (
        f"{at} UTC in {time.time() - began:.0f} s{how}, load before {load:.1f}, commit {commit or 'unknown'}"
    )


def add(subject: str, tables: list[Table], told: str) -> None:
    """Write the page and its plots again, with new tables of one subject and the known ones of the others.

    Args:
        subject: The subject.
        tables: Its tables.
        told: When and how.
    """
    FOLDER.mkdir(exist_ok=True)
    results = read(FOLDER / "results.json") | {subject: SubjectResult(told, tuple(tables))}
    write(FOLDER / "results.json", results, SUBJECTS)
    known = [results[name] for name in SUBJECTS if name in results]
    found = [table for result in known for table in result.tables]
    plots = {table.name: asdict(table.plot) for table in found if table.plot is not None}
    drawn = DRAWS.exists()
    if drawn:
        script = str(Path(__file__).with_name("plots.py"))
        command = [str(DRAWS), "-P", script, str(FOLDER)]
        subprocess.run(command, input=json.dumps(plots), text=True, check=True)
    sections = [_section(table, each.when, drawn=drawn) for each in known for table in each.tables]
    (FOLDER / "README.md").write_text("\n\n".join([_head(), _list_budgets(found), *sections]) + "\n", "utf-8")


def _head() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return f"""\
# Benchmarks

Written by `make bench`; do not edit. Ratios travel from machine to machine, milliseconds do not: read the
ratios first, and compare milliseconds only within one run. Where the load before a run is above 1, others
used the same cores too, and milliseconds are too long. Of what was not reached,
[what stands in the way](../explanation/performance.md) is told elsewhere.

{_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.release()};
Python {platform.python_version()}, {versions}."""


def _list_budgets(tables: list[Table]) -> str:
    budgets = [budget for table in tables for budget in table.budgets]
    rows = tuple(budget.cells for budget in budgets)
    met = sum(budget.met for budget in budgets)
    table = Table("asked", "", ("", "asked", "found", "met"), rows)
    return f"## Asked and found\n\n{met} of {len(budgets)} are met.\n\n{table.markdown()}"


def _section(table: Table, told: str, *, drawn: bool) -> str:
    parts = [f"## {table.title}", f"*{told}*", table.markdown()]
    if table.plot is not None and drawn:
        parts.append(f"![{table.plot.title}]({table.name}.svg)")
    if table.note:
        parts.append(table.note)
    return "\n\n".join(parts)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return named or platform.machine()


def _memory() -> str:
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{size / 2**30:.0f} GiB of memory"
