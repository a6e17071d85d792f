"""Queries and pictures of a result: time, size, memory and the price of a thousand of each."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from dev.benchmarks.builds import find_sources
from dev.benchmarks.costs import EGRESS, GATEWAY, METERED
from dev.benchmarks.emulation import build_event, emulate_stack
from dev.benchmarks.kept_result import KEPT, KeptResult, keep_result
from dev.benchmarks.layer_files import SIDE, SIZES
from dev.benchmarks.table import Budget, Cell, Table
from dev.benchmarks.timing import Effort
from gpserverless.app.layers import LayersFunction
from gpserverless.jobs.pricing import BilledUnits, FunctionSize, price, processor_of
from local.stack import Stack

MEMORY, REMAINING_MS = 1769, 29_000
MANY = 100_000
NOTE = """\
Polygons of 13 vertices with six columns, kept as a hosted service and as a map of a job, by the function
`layers` in one process with an emulated AWS. No request repeats the one before it. Milliseconds are medians:
of the processor, and of the clock, by which Lambda bills. Bytes are those of the answer as it is sent, with
gzip where it is text. Dollars are those of a thousand: the function, a read of the row of the service or job,
the gateway, egress. The first answer is that of a new process: imports, clients, a page, and its file from
the store or, above 64 MB, the blocks that it needs. Its memory is the most that the process had resident."""

Form = Callable[[int, int], Mapping[str, str]]


@dataclass(frozen=True)
class _Query:
    """A kind of request: which resource, and the form of the n-th of a layer of so many polygons."""

    of_map: bool
    operation: str
    form: Form


def _box(count: int, number: int) -> str:
    """Return the sides of a box with about 2,000 polygons, another one for each number."""
    side = SIDE * min(1.0, (2000 / count) ** 0.5)
    west, south = (SIDE - side) * ((number * 0.37 + 0.1) % 1), (SIDE - side) * ((number * 0.61 + 0.2) % 1)
    return f"{west},{south},{west + side},{south + side}"


def _page(format_: str) -> Form:
    return lambda count, n: {"geometry": _box(count, n), "outFields": "*", "f": format_}


_FIGURES = json.dumps(
    [{"statisticType": "sum", "onStatisticField": "POP", "outStatisticFieldName": "people"},
     {"statisticType": "avg", "onStatisticField": "SHARE", "outStatisticFieldName": "share"}]
)  # fmt: skip

_PICTURE = {"size": "800,800", "format": "png32", "transparent": "true", "f": "image"}

QUERIES = {
    "box, a page of json": _Query(False, "query", _page("json")),
    "box, a page of pbf": _Query(False, "query", _page("pbf")),
    "where, a page": _Query(
        False, "query", lambda _, n: {"where": f"POP < {500 + n}", "outFields": "*", "f": "json"}
    ),
    "where, the count": _Query(
        False, "query", lambda _, n: {"where": f"POP < {5000 + n}", "returnCountOnly": "true", "f": "json"}
    ),
    "statistics of groups": _Query(
        False,
        "query",
        lambda _, n: {
            "where": f"NUMBER >= {n}",
            "outStatistics": _FIGURES,
            "groupByFieldsForStatistics": "KIND",
            "f": "json",
        },
    ),
    "picture of a box": _Query(True, "export", lambda count, n: {"bbox": _box(count, n), **_PICTURE}),
    "picture of all": _Query(True, "export", lambda _, n: {"bbox": f"{n},{n},{SIDE},{SIDE}", **_PICTURE}),
}


def tables(effort: Effort) -> Iterator[Table]:
    """Keep layers of several sizes, and query and draw them."""
    rows: list[tuple[Cell, ...]] = []
    budgets: list[Budget] = []
    with emulate_stack() as made, tempfile.TemporaryDirectory() as folder:
        variables = made.functions["LayersFunction"].variables
        os.environ.update({k: v for k, v in variables.items() if k.startswith("AWS_")})
        for count in effort.sizes(*SIZES):
            kept = keep_result(made, count, Path(folder))
            first = _answer_first(made, kept, effort)
            rows.append(first)
            function = LayersFunction.build(variables)
            rows += (_measure(function, made, kept, name, effort) for name in QUERIES)
            if count == MANY:
                budgets.append(_budget(rows))
    heads = ("", "polygons", "processor ms", "clock ms", "bytes", "memory MB", "dollars for 1,000")
    yield Table("result_services", "Result services", heads, tuple(rows), NOTE, tuple(budgets))


def _budget(rows: list[tuple[Cell, ...]]) -> Budget:
    (found,) = (row[3] for row in rows if row[:2] == ("picture of all", MANY))
    return Budget(f"a picture of {MANY:,} polygons", 1500, float(found or 0), "ms")


def _measure(
    function: LayersFunction, made: Stack, kept: KeptResult, name: str, effort: Effort
) -> tuple[Cell, ...]:
    query = QUERIES[name]
    processor, clock, sizes = [], [], []
    for number in range(effort.rounds(9) + 1):
        event = _build(made, kept, query, number)
        began, began_at = time.process_time(), time.perf_counter()
        answer = function.handle(event, REMAINING_MS)
        processor.append(1000 * (time.process_time() - began))
        clock.append(1000 * (time.perf_counter() - began_at))
        sizes.append(_check(answer, name))
    return _row(name, kept.count, processor[1:], clock[1:], sizes[1:], None)


def _build(made: Stack, kept: KeptResult, query: _Query, number: int) -> dict[str, Any]:
    path = f"{kept.map_path}/export" if query.of_map else f"{KEPT.format(kept.name)}/0/{query.operation}"
    form = urlencode(query.form(kept.count, number))
    event = build_event(made, f"{path}?{form}")
    event["headers"]["accept-encoding"] = "gzip"
    return event


def _check(answer: dict[str, Any], name: str) -> int:
    """Return the bytes that the gateway sends for an answer."""
    body = str(answer.get("body", ""))
    if answer["statusCode"] != 200 or body.startswith('{"error"'):
        raise ValueError(f"{name}: {answer['statusCode']} {body[:300]}")
    return len(body) * 3 // 4 if answer.get("isBase64Encoded") else len(body.encode())


def _answer_first(made: Stack, kept: KeptResult, effort: Effort) -> tuple[Cell, ...]:
    code = find_sources()
    runs = []
    for number in range(effort.rounds(5)):
        event = _build(made, kept, QUERIES["box, a page of json"], number)
        variables = made.functions["LayersFunction"].variables
        environment = {**variables, "PYTHONPATH": os.pathsep.join(map(str, code.paths["LayersFunction"]))}
        with tempfile.TemporaryDirectory() as disk:
            command = [*code.command, str(Path(__file__).with_name("first_layer.py"))]
            told = subprocess.run(
                command,
                input=json.dumps(event),
                env={**environment, "TMPDIR": disk},
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
        runs.append(json.loads(told.stdout.rpartition("REPORT ")[2]))
    processor, clock, sizes = ([each[key] for each in runs] for key in ("cpu", "wall", "bytes"))
    return _row("first answer", kept.count, processor, clock, sizes, median(each["memory"] for each in runs))


def _row(
    name: str, count: int, processor: list[float], clock: list[float], sizes: list[int], memory: float | None
) -> tuple[Cell, ...]:
    size = int(median(sizes))
    gets = 1 if memory else 0  # the file of the layer, at its first use
    used = BilledUnits(milliseconds=ceil(median(clock)), invocations=1, reads=1, gets=gets)
    spent = price(used, FunctionSize(MEMORY, processor_of(platform.machine())))
    dollars = spent + max(1, -(-size // METERED)) * GATEWAY + size * EGRESS
    return (name, count, median(processor), median(clock), size, memory, float(1000 * dollars))
