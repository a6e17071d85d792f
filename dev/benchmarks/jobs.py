"""Jobs: time from submit to success, throughput, calls of AWS, and the time of a poll."""

from __future__ import annotations

from collections.abc import Iterator

from dev.benchmarks import data
from dev.benchmarks.emulation import emulate_stack
from dev.benchmarks.functions import CountingFunctions
from dev.benchmarks.load_generator import FORM, GPSERVER, LoadGenerator
from dev.benchmarks.poll_time import measure_poll
from dev.benchmarks.site import SUBMIT, serve
from dev.benchmarks.table import Budget, Table
from dev.benchmarks.timing import Effort

FORM_OF_10 = data.form("points", 10, "in_features", buffer_distance_or_field="100 Meters")
BURST = 300
NOTE = """\
`Analysis/Buffer` of ten points on `make run`, with the embedded AWS. The client polls every 3 ms, and 20
ms when all are submitted at once by 16 callers; the last job's success, as it is seen, ends the clock."""
WRITES = ("PutItem", "UpdateItem")


def tables(effort: Effort) -> Iterator[Table]:
    """Measure jobs over HTTP, and then in this process."""
    yield _over_http(effort)
    with emulate_stack() as made:
        functions = CountingFunctions(made)
        job = functions.submit(FORM_OF_10)
        submit = dict(functions.calls)
        event = functions.take_event()
        functions.calls.clear()
        functions.work(event)
        work = dict(functions.calls)
        functions.calls.clear()
        functions.poll(job)
        yield _calls({"submit": submit, "work": work, "poll": dict(functions.calls)})
        yield measure_poll(functions, job, effort)


def _over_http(effort: Effort) -> Table:
    count, burst = effort.rounds(60, 5), effort.rounds(BURST, 32)
    with serve() as place, LoadGenerator(place) as generator:
        generator.jobs(GPSERVER, SUBMIT, FORM_OF_10, FORM, count=16, callers=16, burst=True)
        one = generator.jobs(GPSERVER, SUBMIT, FORM_OF_10, FORM, count=count)
        many = generator.jobs(GPSERVER, SUBMIT, FORM_OF_10, FORM, count=burst, callers=16, burst=True)
    asked = [Budget("a trivial job from submit to success, p50", 100, one.p50, "ms")]
    if len(many.answers) >= BURST:
        told = f"{len(many.answers)} trivial jobs at once"
        asked.append(Budget(told, 60, many.per_second, "jobs/s", at_least=True))
    return Table(
        "jobs",
        "Jobs",
        ("", "jobs", "p50 ms", "p99 ms", "jobs/s"),
        (
            ("one after the other, from submit to success", count, one.p50, one.p99, one.per_second),
            (f"{len(many.answers)} at once", len(many.answers), None, None, many.per_second),
        ),
        NOTE,
        tuple(asked),
    )


def _calls(phases: dict[str, dict[str, int]]) -> Table:
    names = sorted({name for calls in phases.values() for name in calls})
    submit = phases["submit"]
    return Table(
        "calls",
        "Calls of AWS for one job",
        ("", *names, "together"),
        tuple(
            (phase, *(calls.get(name) for name in names), sum(calls.values()))
            for phase, calls in phases.items()
        ),
        "Counted by botocore's own hook. The queue's messages are received and deleted by Lambda, not by us.",
        (
            Budget("writes to the table in a submit", 2, sum(submit.get(n, 0) for n in WRITES), ""),
            Budget("all calls of AWS in a submit", 4, sum(submit.values()), ""),
            Budget("calls of AWS in a poll", 1, sum(phases["poll"].values()), ""),
        ),
    )
