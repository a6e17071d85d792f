"""Jobs on both tables: the twin in memory, and DynamoDB as moto plays it, made as template.yaml says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto import mock_aws

from gpserverless.jobs.job import ANYBODY, Job, Origin
from gpserverless.jobs.keys import DELETED_SHARD
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobTable
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import FINAL, Status
from gpserverless.jobs.submit import create, finish
from gpserverless.storage import clients
from gpserverless.storage.attributes import encode_item
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.toolkit.call import Call
from tests.jobs.in_memory import Faults, MemoryObjects, MemoryQueue, MemoryTable, Unsteady, VirtualClock

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
BUCKET = "gpserverless-test"
RULES = JobRules()
FENCE = "f0"
TOKEN = "t0"


class _Template(yaml.SafeLoader):
    """Reads a template, leaving out what its functions (!Ref, !Sub, …) would return."""


_Template.add_multi_constructor("!", lambda loader, suffix, node: None)


@cache
def _template() -> dict[str, Any]:
    known: dict[str, Any] = yaml.load(TEMPLATE.read_text(), _Template)
    return known


def resource(name: str) -> dict[str, Any]:
    """Return the properties of one of the template's resources."""
    properties: dict[str, Any] = _template()["Resources"][name]["Properties"]
    return properties


def parameter(name: str) -> dict[str, Any]:
    """Return one of the template's parameters."""
    known: dict[str, Any] = _template()["Parameters"][name]
    return known


@pytest.fixture(scope="module")
def aws(monkeypatch_module: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch_module.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def dynamodb(aws: None) -> DynamoJobTable:
    client = clients.dynamodb_client()
    kept = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    given = {name: value for name, value in resource("JobsTable").items() if name in kept}
    stream = {"StreamEnabled": True, **resource("JobsTable")["StreamSpecification"]}
    client.create_table(TableName="jobs", StreamSpecification=stream, **given)
    return DynamoJobTable(client, "jobs")


@pytest.fixture(scope="module")
def bucket(aws: None) -> str:
    clients.s3_client().create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    return BUCKET


@pytest.fixture(scope="module")
def queue_url(aws: None) -> str:
    return clients.sqs_client().create_queue(QueueName="jobs")["QueueUrl"]


@pytest.fixture(params=["twin", "dynamodb"])
def steady_table(request: pytest.FixtureRequest) -> JobTable:
    return MemoryTable() if request.param == "twin" else request.getfixturevalue("dynamodb")


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def ledger(steady_table: JobTable, faults: Faults, clock: VirtualClock) -> Ledger:
    """The book of jobs on both tables, where faults can be asked for."""
    return Ledger(Unsteady(steady_table, faults), RULES, clock)


@pytest.fixture
def memory_ledger(faults: Faults, clock: VirtualClock) -> Ledger:
    """The book of jobs on the twin alone, for tests of what is above the table."""
    return Ledger(Unsteady(MemoryTable(), faults), RULES, clock)


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def queue() -> MemoryQueue:
    return MemoryQueue()


def submit(
    job_id: str,
    call: Call,
    *,
    ledger: Ledger,
    objects: Any,
    queue: Any,
    worker: str = "core",
    origin: Origin = ANYBODY,
) -> Job:
    """Submit a job as the API does, with time enough."""
    until = ledger.clock.now() + 60_000
    created = create(job_id, call, ledger=ledger, objects=objects, worker=worker, origin=origin)
    return finish(created, ledger=ledger, queue=queue, until=until)


Put = Callable[..., Job]


@pytest.fixture
def put(steady_table: JobTable, clock: VirtualClock) -> Put:
    """Puts a row that stands somewhere into the table, with everything a job there has."""
    number = iter(range(1_000_000))

    def put(status: Status, **given: Any) -> Job:
        item = row(f"j{next(number):032x}", status, clock.now()) | given
        if isinstance(steady_table, MemoryTable):
            steady_table.rows[item["pk"]] = item
        else:
            clients.dynamodb_client().put_item(TableName="jobs", Item=encode_item(item))
        return Job.from_item(item)

    return put


def row(job_id: str, status: Status, now: int) -> dict[str, Any]:
    """Return the row of a job as it stands in a status at its first attempt."""
    item: dict[str, Any] = {
        "pk": job_id,
        "status": status.value,
        "rev": 5,
        "attempt": 1,
        "create_token": TOKEN,
        "owner": "",
        "service": "Samples",
        "task": "Buffer",
        "inputs": ["points"],
        "created_at": now - 1000,
        "queue_deadline": now + 1_000_000,
        "messages": [{"kind": "informative", "text": "Submitted."}],
    }
    if status in (*FINAL, Status.DELETED):
        return item | {"ended_at": now, "expires_at": now + RULES.retention_ms, "done_by": "somebody"}
    if status is Status.DELETING:
        ended = {"ended_at": now, "done_by": "somebody"}
        return item | ended | {"open_shard": DELETED_SHARD, "due_at": now}
    item |= {"open_shard": 0, "due_at": now + 1000}
    if status is not Status.NEW:
        item["submitted_at"] = now - 900
    if status in (Status.EXECUTING, Status.CANCELLING):
        item |= {
            "started_at": now - 500,
            "lease_owner": FENCE,
            "lease_until": now + 1000,
            "run_deadline": now + 1_000_000,
        }
    return item
