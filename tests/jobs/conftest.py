"""Tables in memory and on DynamoDB (moto, made as template.yaml says), stores, queues, a clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobTable
from gpserverless.jobs.status import Status
from gpserverless.storage import clients
from gpserverless.storage.attributes import encode_item
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.testing import (
    FaultInjection,
    FaultyPort,
    InMemoryJobQueue,
    InMemoryJobTable,
    InMemoryObjectStore,
    VirtualClock,
)
from local.moto_shortcuts import install_shortcuts
from tests.jobs.rig import RULES, Put, resource, row

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BUCKET = "gpserverless-test"


@pytest.fixture(scope="module")
def aws(monkeypatch_module: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch_module.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    install_shortcuts()
    with mock_aws():
        yield


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def client(aws: None) -> DynamoDBClient:
    return clients.dynamodb_client()


@pytest.fixture(scope="module")
def dynamodb(client: DynamoDBClient) -> DynamoJobTable:
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


@pytest.fixture(params=["memory", "dynamodb"])
def steady_table(request: pytest.FixtureRequest) -> JobTable:
    return InMemoryJobTable() if request.param == "memory" else request.getfixturevalue("dynamodb")


@pytest.fixture
def faults() -> FaultInjection:
    return FaultInjection()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def ledger(steady_table: JobTable, faults: FaultInjection, clock: VirtualClock) -> Ledger:
    """The ledger of jobs on both tables, where faults can be asked for."""
    return Ledger(FaultyPort(steady_table, faults), RULES, clock)


@pytest.fixture
def memory_ledger(faults: FaultInjection, clock: VirtualClock) -> Ledger:
    """The ledger of jobs on the table in memory alone, for tests of what is above the table."""
    return Ledger(FaultyPort(InMemoryJobTable(), faults), RULES, clock)


@pytest.fixture
def objects() -> InMemoryObjectStore:
    return InMemoryObjectStore()


@pytest.fixture
def queue() -> InMemoryJobQueue:
    return InMemoryJobQueue()


@pytest.fixture
def put(request: pytest.FixtureRequest, steady_table: JobTable, clock: VirtualClock) -> Put:
    """Puts a row that stands somewhere into the table, with everything a job there has."""
    number = iter(range(1_000_000))

    def put(status: Status, **given: Any) -> Job:
        item = row(f"j{next(number):032x}", status, clock.now()) | given
        if isinstance(steady_table, InMemoryJobTable):
            steady_table.rows[item["pk"]] = item
        else:
            client: DynamoDBClient = request.getfixturevalue("client")
            client.put_item(TableName="jobs", Item=encode_item(item))
        return Job.from_item(item)

    return put
