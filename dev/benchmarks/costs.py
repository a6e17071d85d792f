"""The price of a thousand calls at AWS by their size: measured milliseconds and requests, times prices.

The prices are those of a job's bill (`gpserverless.jobs.pricing`), of the gateway and of egress.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from math import ceil
from statistics import median
from typing import Any
from urllib.request import urlopen

from dev.benchmarks import data
from dev.benchmarks.emulation import build_event, emulate_stack
from dev.benchmarks.functions import CountingFunctions
from dev.benchmarks.site import EXECUTE
from dev.benchmarks.table import Plot, Series, Table
from dev.benchmarks.timing import Effort
from gpserverless.jobs.pricing import AS_OF, REGION, BilledUnits, FunctionSize, price, processor_of
from local.options import ROOT
from local.resolver import Resolver
from local.template import FUNCTION, Template

GATEWAY = Decimal("0.000001")
"""Dollars of a request of the HTTP API up to 512 KB (aws.amazon.com/api-gateway/pricing)."""

EGRESS = Decimal("0.09") / 10**9
"""Dollars of a byte that leaves AWS, past the first 100 GB a month (aws.amazon.com/ec2/pricing/on-demand)."""

PROCESSOR = processor_of(platform.machine())
METERED = 512 * 1024
INLINE = 5_500_000
POLLS = 5
SIZES = {"points": (10, 1_000, 10_000), "polygons of 20": (1_000,)}
NOTE = f"""\
Prices of {AS_OF} in {REGION} of {PROCESSOR}, which this machine is (arm64 is a fifth cheaper), without
free tier. Milliseconds are those of the functions in one process on this machine, with an emulated AWS,
rounded up as Lambda bills them; a processor of Lambda may be slower or faster. An `execute` is one
request, one invocation, egress, and where the answer is larger than {INLINE / 1e6:g} MB an object that
is written and read. A job is what its own row says it has spent, and beside that the function that takes
it in, {POLLS} polls, one download of its result and the requests for all of them."""


def tables(effort: Effort) -> Iterator[Table]:
    """Run calls and jobs of several sizes, and multiply."""
    template = Template.read(ROOT / "template.yaml")
    resolver = Resolver(template, {})
    memory = {
        each.name: int(resolver(each.properties.get("MemorySize", 128)))
        for each in template.of_type(FUNCTION)
    }
    with emulate_stack() as made:
        functions = CountingFunctions(made)
        sizes = [(kind, count) for kind, counts in SIZES.items() for count in effort.sizes(*counts)]
        executes = [_execute(functions, memory, *size, effort) for size in sizes if size[0] == "points"]
        jobs = [_job(functions, memory, *size, effort) for size in sizes]
    rows = (*executes, *jobs)
    yield Table(
        "costs",
        "Dollars for a thousand",
        ("", "features", "billed ms", "compute $", "requests, table, objects $", "egress $", "together $"),
        rows,
        NOTE,
        plot=Plot(
            "Dollars for a thousand calls, of points",
            "features",
            "dollars",
            tuple(
                Series(name, tuple((row[1], row[6]) for row in rows if row[0] == f"{name}, points"))
                for name in ("execute", "job")
            ),
        ),
    )


Row = tuple[str, int, int, float, float, float, float]


def _execute(
    functions: CountingFunctions, memory: dict[str, int], kind: str, count: int, effort: Effort
) -> Row:
    form = data.form(kind, count, "points", distance=f"{data.REACH} Meters")
    path = EXECUTE.replace("Bench", "Samples").replace("/Buffer/", "/BufferPoints/")
    event = build_event(functions.stack, path, form)
    taken = [_milliseconds(lambda: functions.run_execute(event)) for _ in range(effort.rounds(5))]
    answer = functions.run_execute(event)
    stored = answer["statusCode"] == 303
    size = _count_stored_bytes(answer) if stored else len(answer["body"])
    used = BilledUnits(milliseconds=ceil(median(taken)), invocations=1, puts=stored, gets=stored)
    requests = _meter(len(form)) + (0 if stored else _meter(size))
    return _row(f"execute, {kind}", count, used, memory["ExecuteFunction"], requests, size)


def _job(functions: CountingFunctions, memory: dict[str, int], kind: str, count: int, effort: Effort) -> Row:
    form = data.form(kind, count, "in_features", buffer_distance_or_field=f"{data.REACH} Meters")
    taking_in, polling, usage, ran, size = [], [], [], [], 0
    for _ in range(effort.rounds(3, 1)):
        taking_in.append(_milliseconds(lambda: functions.submit(form)))
        job = functions.last
        functions.work(functions.take_event())
        polling.append(_milliseconds(partial(functions.poll, job)))
        row = functions.read_job(job)
        if row.usage is None:
            raise ValueError(f"{job} says nothing of what it has spent")
        usage.append(row.usage.dollars)
        ran.append(row.usage.run_ms)
        size = sum(each.size for each in row.results.values())
    light = memory["JobsFunction"]
    asked = price(
        BilledUnits(
            milliseconds=round(median(taking_in) + (POLLS + 1) * median(polling)),
            invocations=POLLS + 2,
            reads=POLLS + 1,
            gets=1,
        ),
        FunctionSize(light, PROCESSOR),
    )
    gateway = (_meter(len(form)) + POLLS + 1) * GATEWAY
    compute = price(
        BilledUnits(milliseconds=round(median(ran))), FunctionSize(memory["WorkerFunction"], PROCESSOR)
    )
    whole = median(usage) + asked + gateway
    return _cells(f"job, {kind}", count, round(median(ran)), compute, whole - compute, size)


def _row(name: str, count: int, used: BilledUnits, megabytes: int, requests: int, size: int) -> Row:
    compute = price(BilledUnits(milliseconds=used.milliseconds), FunctionSize(megabytes, PROCESSOR))
    whole = price(used, FunctionSize(megabytes, PROCESSOR)) + requests * GATEWAY
    return _cells(name, count, used.milliseconds, compute, whole - compute, size)


def _cells(name: str, count: int, billed: int, compute: Decimal, rest: Decimal, size: int) -> Row:
    parts = [float(1000 * part) for part in (compute, rest, size * EGRESS)]
    return (name, count, billed, parts[0], parts[1], parts[2], sum(parts))


def _meter(size: int) -> int:
    return max(1, -(-size // METERED))


def _count_stored_bytes(answer: dict[str, Any]) -> int:
    """Return the size of an answer that lies in the object store."""
    with urlopen(answer["headers"]["location"]) as stored:
        return len(stored.read())


def _milliseconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
