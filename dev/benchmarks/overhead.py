"""The cost of everything around the geometry: beside bare shapely, and beside the best known way."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import orjson
import shapely

from dev.benchmarks import data, least
from dev.benchmarks.load_generator import LoadGenerator
from dev.benchmarks.site import EXECUTE, serve
from dev.benchmarks.table import Budget, Plot, Series, Table
from dev.benchmarks.timing import Effort, Work, in_turns, no_garbage_collection, ratio
from dev.benchmarks.tool.buffer import buffer
from gpserverless import Service
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run

LARGEST = 100_000
"""Most features of one measurement, which takes seconds and is made once."""

KINDS = {
    "points": (10, 1_000, 10_000, LARGEST),
    "polygons of 20": (10, 1_000, 10_000, LARGEST),
    "polygons of 500": (10, 1_000),
}
LIMITS = Service(execution="async", max_records=LARGEST).limits()
"""Of a job: 100,000 polygons of 20 have more vertices than may be executed while a caller waits."""

LARGEST_FORM = 4_500_000
"""Most bytes of a form that fit, in base64, into the 6 MB of a function's event."""

MOST_TIMES_BEST = 1.5
"""Budget of `execute` over HTTP, in times of the best way in one process."""

BUDGETED = {("points", 10_000), ("polygons of 20", 1_000)}
NOTE = """\
A buffer of 100 m. *shapely* is its call `buffer` alone, on geometries that are there already. *Best* is
[dev/benchmarks/least.py](../../dev/benchmarks/least.py): from bytes to bytes in one process with the fastest
libraries and nothing else; its circles are arithmetic, so for points it can be faster than shapely's
call. *perform* is the same from bytes to bytes with everything that a tool is promised: types, columns,
checks, fields; it is what a tool's process does. *HTTP* is `execute` on the local cloud, from the
client's first byte to its last: form, gateway, base64, function, tool's process and back, and where the
answer is larger than 5.5 MB the object store and a redirect. All have as many vertices. Milliseconds are
medians, of the processor for the first three and of the clock for HTTP; ratios are medians of pairs that
ran one after the other. Empty: the request would not fit into 6 MB, so it goes by upload or by
reference, as a job."""


def tables(effort: Effort) -> Iterator[Table]:
    """Measure every kind and size."""
    with serve() as place, LoadGenerator(place) as client, no_garbage_collection():
        lines = [
            _measure_line(kind, count, client, effort)
            for kind in KINDS
            for count in effort.sizes(*KINDS[kind])
        ]
    yield Table(
        "overhead",
        "Overhead over bare shapely",
        (
            *("", "features", "shapely ms", "best ms", "perform ms", "perform / shapely", "perform / best"),
            *("HTTP ms", "HTTP / best"),
        ),
        tuple(lines),
        NOTE,
        tuple(
            Budget(
                f"execute of {line[1]:,} {line[0]}, over HTTP, beside the best way in one process",
                MOST_TIMES_BEST,
                float(line[8]),
                "times",
            )
            for line in lines
            if (line[0], line[1]) in BUDGETED and line[8]
        ),
        Plot(
            "perform, from bytes to bytes, beside the best way",
            "features",
            "times the best way",
            tuple(
                Series(kind, tuple((line[1], line[6]) for line in lines if line[0] == kind)) for kind in KINDS
            ),
            MOST_TIMES_BEST,
        ),
    )


def _count_vertices(kind: str) -> int:
    return 1 if kind == "points" else int(kind.rpartition(" ")[2])


Line = tuple[str, int, float, float, float, float, float, float | None, float | None]


def _measure_line(kind: str, count: int, client: LoadGenerator, effort: Effort) -> Line:
    sent, turns = data.esri_json(kind, count), data.segments(kind, count)
    shapes = data.features(kind, count).geometries
    size = count * _count_vertices(kind)
    rounds = effort.rounds(max(2, min(25, 50_000 // size))) if count < LARGEST else 1
    warm_up = int(size < 200_000)

    def run_shapely() -> object:
        return shapely.buffer(shapes, data.REACH, quad_segs=turns)

    def run_best() -> bytes:
        return least.buffer_geometries(sent, data.REACH, turns)

    with tempfile.TemporaryDirectory() as folder:
        call = Call("Bench", "Buffer", {"features": sent.decode(), "distance": f"{data.REACH} Meters"})

        def run_perform() -> bytes:
            body = next(iter(perform(buffer, call, LIMITS, Run(), Path(folder)))).body
            return body if isinstance(body, bytes) else body.read_bytes()

        if count == 1_000:
            _compare(run_best(), run_perform())
        seconds = in_turns((run_shapely, run_best, run_perform), rounds, time.process_time, warm_up=warm_up)
    geometry, limit, ours = seconds
    cells = (kind, count, *(1000 * median(each) for each in seconds))
    return (
        *cells,
        ratio(ours, geometry),
        ratio(ours, limit),
        *_measure_http(kind, count, client, run_best, rounds),
    )


def _measure_http(
    kind: str, count: int, client: LoadGenerator, best: Work, rounds: int
) -> tuple[float, float] | tuple[None, None]:
    form = data.form(kind, count, "features", distance=f"{data.REACH} Meters")
    if len(form) > LARGEST_FORM:
        return None, None
    limit, http = [], []
    for turn in range(rounds + 1):
        (seconds,) = in_turns((best,), 1, warm_up=0)
        took = client.ask(EXECUTE, form).milliseconds[0] / 1000  # with the form ready
        if turn:  # the first is for warming up
            limit += seconds
            http.append(took)
    return 1000 * median(http), ratio(http, limit)


def _compare(best: bytes, ours: bytes) -> None:
    """Raise unless both ways return the same numbers of vertices."""
    counts = [
        _list_ring_sizes(orjson.loads(best)),
        _list_ring_sizes(orjson.loads(ours)["value"]),
    ]
    if counts[0] != counts[1]:
        raise ValueError(f"the ways differ: {counts[0][:3]}…, {counts[1][:3]}…")


def _list_ring_sizes(
    document: dict[str, list[dict[str, dict[str, list[list[object]]]]]],
) -> list[list[int]]:
    return [[len(ring) for ring in each["geometry"]["rings"]] for each in document["features"]]
