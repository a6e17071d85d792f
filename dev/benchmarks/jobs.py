"""Jobs: how long from submit to success, how many at once, what is asked of AWS, and what a poll costs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from dev.benchmarks import data
from dev.benchmarks.functions import EXECUTE_MS, CountingFunctions, build_event, emulated_stack
from dev.benchmarks.load_generator import FORM, GPSERVER, LoadGenerator
from dev.benchmarks.site import JOB, SUBMIT, served
from dev.benchmarks.table import Budget, Table
from dev.benchmarks.timing import Effort, in_turns
from gpserverless.app.jobs import JobsFunction, JobsSettings
from gpserverless.app.load_catalogue import from_catalogue_file
from gpserverless.clock import SystemClock
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.storage.clients import s3_client
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.storage.submit_keys import DynamoSubmitKeys
from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORM_OF_10 = data.form("points", 10, "in_features", buffer_distance_or_field="100 Meters")
BURST = 300
NOTE = """\
`Analysis/Buffer` of ten points on `make run`, with the embedded AWS. The client polls every 3 ms, and 20
ms when all are submitted at once by 16 callers; the last job's success, as it is seen, ends the clock."""
WRITES = ("PutItem", "UpdateItem")


def tables(effort: Effort) -> Iterator[Table]:
    """Measure jobs over HTTP, and then in this process."""
    yield _over_http(effort)
    with emulated_stack() as made:
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
        yield _processor(made, functions, job, effort)


def _over_http(effort: Effort) -> Table:
    count, burst = effort.rounds(60, 5), effort.rounds(BURST, 32)
    with served() as place, LoadGenerator(place) as generator:
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


class _Answering:
    """A client of DynamoDB that has its answer ready."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def get_item(self, **_: object) -> dict[str, Any]:
        return self._answer


def _processor(made: Stack, functions: CountingFunctions, job: str, effort: Effort) -> Table:
    variables = made.functions["JobsFunction"].variables
    row = functions.dynamodb.get_item(TableName=variables["JOBS_TABLE"], Key={"pk": {"S": job}})
    alone = _without_aws(variables, cast("DynamoDBClient", _Answering(cast("dict[str, Any]", row))))
    event = build_event(made, JOB.replace("JOB", job))
    ours, whole = in_turns(
        (lambda: alone.handle(event, EXECUTE_MS), lambda: functions.jobs.handle(event, EXECUTE_MS)),
        effort.rounds(400, 100),
        time.process_time,
        warm_up=20,
    )
    found = 1000 * median(ours)
    return Table(
        "status",
        "Processor time of a job's status",
        ("", "ms"),
        (("the handler, with a table that answers at once", found), ("with botocore", 1000 * median(whole))),
        "From the gateway's event to its answer, in one process. What botocore takes to sign, send and parse "
        "is in the second line alone.",
        (Budget("processor time of the handler for a job's status", 2, found, "ms"),),
    )


def _without_aws(variables: Mapping[str, str], dynamodb: DynamoDBClient) -> JobsFunction:
    """Return the function of jobs with a stand-in for its table, and nothing else that a poll needs."""
    settings = JobsSettings.read(variables)
    rules = JobRules.of(settings.run_seconds, settings.retention_hours, settings.lease_seconds)
    return JobsFunction(
        settings,
        from_catalogue_file(settings.switched_on),
        Ledger(DynamoJobTable(dynamodb, settings.table), rules, SystemClock()),
        S3ObjectStore(s3_client(), settings.bucket),
        {},
        DynamoSubmitKeys(dynamodb, settings.table),
    )
