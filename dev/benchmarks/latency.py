"""How long callers wait, and how many requests a second are answered."""

from __future__ import annotations

from collections.abc import Iterator

from dev.benchmarks import data
from dev.benchmarks.load_generator import FORM, GPSERVER, LoadGenerator, Timings
from dev.benchmarks.site import EXECUTE, JOB, SERVICES, SUBMIT, serve
from dev.benchmarks.table import Budget, Plot, Series, Table
from dev.benchmarks.timing import Effort

CALLERS = (1, 4, 16)
NOTE = """\
`make run`: the gateway, functions in processes under Lambda's own runtime generator, and an emulated AWS
share this machine with the generator, which is a process of its own with kept connections. *job status*
polls a finished job of ten features; nearly all of its time is the emulator's, see the processor time
below. There are at most as many processes of a function as there are cores while they keep up."""

Request = tuple[str, bytes]


def tables(effort: Effort) -> Iterator[Table]:
    """Measure requests one after the other, and at once."""
    seconds = effort.rounds(2, 1)
    with serve() as place, LoadGenerator(place) as generator:
        works = {
            "execute, 10 points": (EXECUTE, data.form("points", 10, "features", distance="100 Meters")),
            "describe a service": (f"{SERVICES}/Samples/GPServer?f=json", b""),
            "job status": (_finish(generator), b""),
        }
        found = {name: _measure(generator, *asked, seconds) for name, asked in works.items()}
    execute = found["execute, 10 points"]
    yield Table(
        "latency",
        "Latency and throughput",
        ("request", "callers", "p50 ms", "p99 ms", "requests/s"),
        tuple(
            (name, callers, each.p50, each.p99, each.per_second)
            for name, by_callers in found.items()
            for callers, each in by_callers.items()
        ),
        NOTE,
        (
            Budget("execute of 10 points, one caller, p50", 4, execute[1].p50, "ms"),
            Budget("execute of 10 points, 16 callers", 500, execute[16].per_second, "requests/s", True),
        ),
        Plot(
            "Requests a second by callers at once",
            "callers",
            "requests/s",
            tuple(
                Series(name, tuple((n, each.per_second) for n, each in by_callers.items()))
                for name, by_callers in found.items()
            ),
        ),
    )


def _measure(generator: LoadGenerator, path: str, body: bytes, seconds: float) -> dict[int, Timings]:
    generator.ask(path, body, callers=16, least=5)  # so that every process has started
    return {
        callers: generator.ask(path, body, callers=callers, seconds=seconds, least=5) for callers in CALLERS
    }


def _finish(generator: LoadGenerator) -> str:
    """Return the path of a job that is done."""
    submit = data.form("points", 10, "in_features", buffer_distance_or_field="100 Meters")
    return JOB.replace("JOB", generator.jobs(GPSERVER, SUBMIT, submit, FORM, count=1).last)
