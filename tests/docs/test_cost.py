"""The page about cost is true: its numbers are those of the code and of the last benchmark."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

from gpserverless.jobs.messages import describe_usage
from gpserverless.jobs.pricing import PRICES
from gpserverless.jobs.usage import Usage
from tests.docs.test_reference import rows, spans
from tests.template.conftest import PATH

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/cost.md").read_text("utf-8")
(MEASURED,) = json.loads((ROOT / "docs/benchmarks/results.json").read_text("utf-8"))["costs"]["tables"]


def test_table_is_that_of_the_benchmark() -> None:
    shown = [cells for cells in rows(PAGE, 6) if "$" in cells[5]]
    assert len(shown) == len(MEASURED["rows"])
    for cells, measured in zip(shown, MEASURED["rows"], strict=True):
        assert cells[0].strip() == measured[0]
        dollars = float(cells[5].strip(" *$"))
        assert abs(dollars - measured[-1]) <= 0.06 * measured[-1]


def test_small_job_costs_as_much_more_as_is_said() -> None:
    small = {row[0]: row[-1] for row in MEASURED["rows"] if row[1] == 10}
    (told,) = re.findall(r"costs about \$([\d.]+) more than an execute", PAGE)
    assert abs(float(told) - (small["job, points"] - small["execute, points"]) / 1000) < 5e-6


def test_second_of_a_worker_costs_as_much_as_is_said() -> None:
    (megabytes, told) = re.findall(
        r"1 s of the default worker \(([\d,]+) MB\) is \$([\d.]+) on\s+arm64", PAGE
    )[0]
    size = int(megabytes.replace(",", ""))
    assert f"\n    Default: {size}\n" in PATH.read_text("utf-8").partition("\n  WorkerMemory:\n")[2][:200]
    dollars = dict(PRICES.gb_second)["arm64"] * size / 1024
    assert dollars.quantize(Decimal("0.00001")) == Decimal(told)


def test_job_tells_its_cost_as_the_page_shows_it() -> None:
    (shown,) = re.findall(r"```text\n(.*)\n```", PAGE)
    usage = Usage(queue_ms=310, run_ms=2100, peak_bytes=182 * 2**20, dollars=Decimal("0.000103"))
    assert describe_usage(usage).text == shown


def test_members_of_the_usage_are_those_of_the_row() -> None:
    (named,) = re.findall(r"the map `usage`: (.*?) \|", PAGE)
    assert spans(named) == list(Usage().to_row())
