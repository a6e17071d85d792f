"""The last results of every subject; a run of some subjects keeps the results of the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dev.benchmarks.table import Budget, Plot, Series, Table


@dataclass(frozen=True)
class SubjectResult:
    """The tables of one subject.

    Attributes:
        when: When, for how long and under which load it was measured, in words.
        tables: Its tables.
    """

    when: str
    tables: tuple[Table, ...]


def read(path: Path) -> dict[str, SubjectResult]:
    """Return the results of a file by their subjects; none if there is no file."""
    if not path.exists():
        return {}
    document = json.loads(path.read_text("utf-8"))
    return {
        name: SubjectResult(each["when"], tuple(map(_table, each["tables"])))
        for name, each in document.items()
    }


def write(path: Path, results: Mapping[str, SubjectResult], subjects: Iterable[str]) -> None:
    """Write results in the order of the subjects."""
    ordered = {name: asdict(results[name]) for name in subjects if name in results}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _table(document: dict[str, Any]) -> Table:
    plot = document.pop("plot")
    return Table(
        **document
        | {
            "columns": tuple(document["columns"]),
            "rows": tuple(map(tuple, document["rows"])),
            "budgets": tuple(Budget(**each) for each in document["budgets"]),
            "plot": plot and _plot(plot),
        }
    )


def _plot(document: dict[str, Any]) -> Plot:
    series = (Series(each["name"], tuple(map(tuple, each["points"]))) for each in document["series"])
    return Plot(**document | {"series": tuple(series)})
