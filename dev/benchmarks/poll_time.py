"""The processor time of a job's status, with and without botocore."""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from dev.benchmarks.emulation import build_event
from dev.benchmarks.functions import EXECUTE_MS, CountingFunctions
from dev.benchmarks.site import JOB
from dev.benchmarks.table import Budget, Table
from dev.benchmarks.timing import Effort, in_turns
from gpserverless.app.callers import Callers
from gpserverless.app.job_stores import JobStores
from gpserverless.app.jobs import JobsFunction, JobsFunctionSettings
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.result_pictures import ResultPictures
from gpserverless.clock import SystemClock
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.storage.clients import s3_client
from gpserverless.storage.item_table import DynamoItemTable
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.storage.submit_keys import DynamoSubmitKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class _FixedAnswer:
    """A client of DynamoDB with a fixed answer."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def get_item(self, **_: object) -> dict[str, Any]:
        return self._answer


def measure_poll(functions: CountingFunctions, job: str, effort: Effort) -> Table:
    """Measure the processor time of a poll, with and without botocore.

    Args:
        functions: The functions.
        job: The id of a job.
        effort: How often to measure.
    """
    made = functions.stack
    variables = made.functions["JobsFunction"].variables
    row = functions.dynamodb.get_item(TableName=variables["JOBS_TABLE"], Key={"pk": {"S": job}})
    alone = _build_without_aws(variables, cast("DynamoDBClient", _FixedAnswer(cast("dict[str, Any]", row))))
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


def _build_without_aws(variables: Mapping[str, str], dynamodb: DynamoDBClient) -> JobsFunction:
    """Build the function of jobs on a client with a fixed answer."""
    settings = JobsFunctionSettings.read(variables)
    rules = JobRules.of(settings.run_seconds, settings.retention_hours, settings.lease_seconds)
    return JobsFunction(
        settings,
        load_catalogue(settings.switched_on),
        JobStores(
            Ledger(DynamoJobTable(dynamodb, settings.table), rules, SystemClock()),
            S3ObjectStore(s3_client(), settings.bucket),
            {},
            DynamoSubmitKeys(dynamodb, settings.table),
            DynamoItemTable(dynamodb, settings.items_table),
        ),
        Callers.of(settings),
        ResultPictures.open(settings.layers_function, settings.raster_maps_function),
    )
