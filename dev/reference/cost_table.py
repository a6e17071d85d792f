"""The table of measured costs in docs/how-to/cost.md, between two comments of that page."""

from __future__ import annotations

import json
import math
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATH = "docs/how-to/cost.md"

_BEGIN = "<!-- made by `make reference` of docs/benchmarks/results.json: begin -->\n"
_END = "<!-- end -->"
_HEAD = ("1,000 calls", "features", "functions", "requests, table, objects", "traffic", "together")


def write_cost_page() -> str:
    """Return the page with the table of the last benchmark."""
    page = (ROOT / PATH).read_text("utf-8")
    before, _, rest = page.partition(_BEGIN)
    return before + _BEGIN + _write_table() + _END + rest.partition(_END)[2]


def _write_table() -> str:
    results = json.loads((ROOT / "docs/benchmarks/results.json").read_text("utf-8"))
    (measured,) = results["costs"]["tables"]
    lines = [f"| {' | '.join(_HEAD)} |", "|---|" + "--:|" * (len(_HEAD) - 1)]
    for what, features, _, *dollars in measured["rows"]:
        *parts, together = (_write_dollars(each) for each in dollars)
        lines.append(f"| {what} | {features:,} | {' | '.join(parts)} | **{together}** |")
    return "\n".join(["", *lines, "", ""])


def _write_dollars(value: float) -> str:
    """Return dollars in cents, or with two digits if they are less."""
    decimals = max(2, 1 - math.floor(math.log10(value)))
    return f"${value:.{decimals}f}"
