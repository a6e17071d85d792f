"""S3, SQS and DynamoDB as moto plays them: the same promises as the twins', and AWS's own errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3 import s3_backends

from gpserverless.errors import NotFound, StorageError, StorageRefused
from gpserverless.jobs.move import Change
from gpserverless.jobs.status import Status
from gpserverless.jobs.transitions import CREATE
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.settings import READERS
from gpserverless.storage import clients
from gpserverless.storage.attributes import decode, encode, encode_item
from gpserverless.storage.failures import REFUSALS
from gpserverless.storage.job_queue import SqsJobQueue, read_job_id, write_job_message
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore, attachment
from gpserverless.testing import InMemoryObjectStore
from tests.jobs.conftest import BUCKET
from tests.jobs.rig import row

ID = "j" + "0" * 32


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    if request.param == "memory":
        return InMemoryObjectStore()
    bucket = request.getfixturevalue("bucket")  # first: what is made before it knows no credentials
    return S3ObjectStore(clients.s3_client(), bucket)


def test_object_is_read_as_it_was_written(store: ObjectStore) -> None:
    store.put("one", b"\x00bytes", "application/json")
    assert store.get("one") == b"\x00bytes"


def test_no_object_is_ever_overwritten(store: ObjectStore) -> None:
    store.put("two", b"first", "application/json")
    store.put("two", b"second", "application/json")
    assert store.get("two") == b"first"


def test_missing_object_is_not_found(store: ObjectStore) -> None:
    with pytest.raises(NotFound):
        store.get("none")


@pytest.mark.parametrize(("start", "length"), [(0, 1), (2, 3), (4, 2), (5, 1), (3, 9)])
def test_part_of_an_object_is_read(store: Any, start: int, length: int) -> None:
    store.put("k", b"abcdef", "text/plain")
    assert store.get_range("k", start, length) == b"abcdef"[start : start + length]
    with pytest.raises(NotFound):
        store.get_range("missing", start, length)


def fill(store: ObjectStore, keys: Iterable[str]) -> None:
    """Put empty objects into a store; straight into moto, whose calls would take a second or two."""
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    for key in keys:
        if isinstance(store, S3ObjectStore):
            backend.put_object(BUCKET, key, b"")
        else:
            store.put(key, b"", "application/json")


@pytest.mark.parametrize("count", [0, 1, 1_001])
def test_what_begins_alike_is_erased_and_nothing_else(store: Any, count: int) -> None:
    store.put("jobs/j10/a", b"", "application/json")
    fill(store, [f"jobs/j1/{number}" for number in range(count)])
    store.erase("jobs/j1/")
    for name in sorted(map(str, range(count)))[::100]:  # the 1,001st is alone on the second page of a listing
        with pytest.raises(NotFound):
            store.get(f"jobs/j1/{name}")
    assert store.get("jobs/j10/a") == b""


def test_object_that_is_not_removed_is_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = clients.s3_client()
    answer = {"Errors": [{"Key": "k", "Code": "InternalError"}]}
    monkeypatch.setattr(client, "delete_objects", lambda **given: answer)
    with pytest.raises(StorageError, match="could not remove 1 objects: InternalError"):
        S3ObjectStore(client, bucket).delete(["k"])


def test_presigned_url_is_for_one_object_for_a_while_with_fixed_headers(bucket: str) -> None:
    url = urlsplit(
        S3ObjectStore(clients.s3_client(), bucket).presign_url("jobs/a/files/ü.png", 60, "image/png", "ü.png")
    )
    asked = parse_qs(url.query)
    assert url.netloc == f"{bucket}.s3.eu-central-1.amazonaws.com"
    assert url.path == "/jobs/a/files/%C3%BC.png"
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert asked["response-content-type"] == ["image/png"]
    assert asked["response-content-disposition"] == [
        "attachment; filename=\"_.png\"; filename*=UTF-8''%C3%BC.png"
    ]
    assert asked["response-cache-control"] == ["no-store"]


def test_presigned_url_lives_for_a_quarter_of_an_hour_at_most(bucket: str) -> None:
    url = S3ObjectStore(clients.s3_client(), bucket).presign_url("key", 86_400, "image/png", "a.png")
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["900"]


def test_stand_in_is_addressed_by_path(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")
    url = S3ObjectStore(clients.s3_client(), bucket).presign_url("key", 60, "application/json", "a")
    assert url.startswith(f"http://127.0.0.1:5000/{bucket}/key?")


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:5000"], ids=["AWS", "stand-in"])
def test_pages_let_browsers_read_from_the_origin_of_presigned_urls(
    endpoint: str, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    url = urlsplit(S3ObjectStore(clients.s3_client(), bucket).presign_url("key", 60, "text/csv", "a.csv"))
    environment = {"BUCKET": bucket, "AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": endpoint}
    assert f"{url.scheme}://{url.netloc}" in READERS["stores"](environment)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("zones.png", "attachment; filename=\"zones.png\"; filename*=UTF-8''zones.png"),
        ('a"b\\c.txt', "attachment; filename=\"a_b_c.txt\"; filename*=UTF-8''a%22b%5Cc.txt"),
        ("a\r\nX: y", "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y"),
    ],
)
def test_file_name_cannot_leave_its_header(name: str, header: str) -> None:
    assert attachment(name) == header


def test_message_names_a_job(queue_url: str) -> None:
    queue = SqsJobQueue(clients.sqs_client(), queue_url)
    queue.send(ID)
    (message,) = clients.sqs_client().receive_message(QueueUrl=queue_url)["Messages"]
    assert read_job_id(message["Body"]) == ID
    queue.hand_back(message["ReceiptHandle"], 0)
    (again,) = clients.sqs_client().receive_message(QueueUrl=queue_url)["Messages"]
    assert again["MessageId"] == message["MessageId"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"job": "' + ID + '"}',
        '{"v": 2, "job": "' + ID + '"}',
        '{"v": 1, "job": 5}',
        '{"v": 1, "job": "../x"}',
        "[" * 100_000,
    ],
)
def test_message_that_is_none_of_ours(body: str) -> None:
    assert read_job_id(body) is None
    assert read_job_id(write_job_message(ID)) == ID


VALUES = [None, True, False, 0, -5, 10**15, "", "text", [], [1, "a", None], {}, {"a": {"b": [True]}}]


@pytest.mark.parametrize("value", VALUES)
def test_values_travel_through_the_table(value: Any) -> None:
    assert decode(encode(value)) == value
    assert type(decode(encode(value))) is type(value)


def test_value_that_rows_do_not_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        encode(1.5)


class Failing:
    """A client of AWS that fails in one way."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(**arguments: Any) -> Any:
            raise self._failure

        return fail


def failing_s3(failure: Exception) -> Any:
    """Return a client of S3 whose calls fail before they are sent; the transfer manager needs a real one."""

    def fail(**_: object) -> None:
        raise failure

    client = clients.s3_client()
    client.meta.events.register("before-call.s3", fail)
    return client


FAILURES = [
    ClientError({"Error": {"Code": "ThrottlingException"}}, "x"),
    ClientError({"Error": {"Code": "InternalError"}}, "x"),
    EndpointConnectionError(endpoint_url="https://x"),
    ReadTimeoutError(endpoint_url="https://x"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_every_error_of_aws_is_a_storage_error(tmp_path: Path, failure: Exception) -> None:
    client: Any = Failing(failure)
    table, queue = DynamoJobTable(client, "t"), SqsJobQueue(client, "u")
    store = S3ObjectStore(failing_s3(failure), "b")
    large = tmp_path / "large"
    large.write_bytes(b"x" * (17 * 2**20))
    calls: list[Callable[[], Any]] = [
        lambda: table.read(ID),
        lambda: table.insert(Change(CREATE, {"pk": ID})),
        lambda: list(table.due(0, 0)),
        lambda: table.list_owned("ann", 0, None, 1),
        lambda: table.read_many([ID]),
        lambda: store.put("k", b"", "t"),
        lambda: store.put_file("k", large, "t", lambda: None),
        lambda: store.get("k"),
        lambda: queue.send(ID),
        lambda: queue.hand_back("r", 0),
    ]
    for call in calls:
        with pytest.raises(StorageError) as failed:
            call()
        assert failed.value.__cause__ is failure
        assert "https://x" not in str(failed.value)


def refused(code: str, tries: int = 0) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"RetryAttempts": tries}}
    return ClientError(answer, "x")


FOR_GOOD = [*map(refused, REFUSALS), ParamValidationError(report="a key that is no text")]
PASSING = [
    *[refused(code) for code in ("ThrottlingException", "SlowDown", "RequestTimeout", "ExpiredToken")],
    *[refused(code) for code in ("InternalServerError", "503", "NobodyKnowsThis")],
    refused("AccessDenied", tries=1),
    EndpointConnectionError(endpoint_url="https://x"),
]


@pytest.mark.parametrize(
    ("failure", "for_good"),
    [*[(failure, True) for failure in FOR_GOOD], *[(failure, False) for failure in PASSING]],
    ids=str,
)
def test_what_is_refused_for_good_is_told_from_what_may_pass(failure: Exception, for_good: bool) -> None:
    client: Any = Failing(failure)
    calls: list[Callable[[], Any]] = [
        lambda: DynamoJobTable(client, "t").read(ID),
        lambda: S3ObjectStore(client, "b").put("k", b"", "t"),
        lambda: SqsJobQueue(client, "u").send(ID),
    ]
    for call in calls:
        with pytest.raises(StorageError) as failed:
            call()
        assert isinstance(failed.value, StorageRefused) is for_good


def test_table_that_is_not_there_and_a_row_that_is_too_large_are_refused_for_good(
    dynamodb: DynamoJobTable,
) -> None:
    with pytest.raises(StorageRefused):
        DynamoJobTable(clients.dynamodb_client(), "nowhere").read(ID)
    with pytest.raises(StorageRefused):
        dynamodb.insert(Change(CREATE, {"pk": ID, "text": "x" * 420_000}))


def test_bucket_that_is_not_there_is_refused_for_good(aws: None) -> None:
    with pytest.raises(StorageRefused):
        S3ObjectStore(clients.s3_client(), "nowhere").put("k", b"", "t")


def test_function_that_may_not_list_the_bucket_sees_a_missing_object_as_not_found() -> None:
    client: Any = Failing(ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject"))
    with pytest.raises(NotFound):
        S3ObjectStore(client, "b").get("k")


def test_job_is_read_as_it_is_and_not_as_it_was(
    dynamodb: DynamoJobTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clients.dynamodb_client()
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(client, "get_item", lambda **given: asked.append(given) or {})
    assert DynamoJobTable(client, "jobs").read(ID) is None
    assert asked[0]["ConsistentRead"] is True


def test_open_jobs_are_listed_page_by_page(dynamodb: DynamoJobTable, monkeypatch: pytest.MonkeyPatch) -> None:
    client = clients.dynamodb_client()
    query = client.query
    monkeypatch.setattr(client, "query", lambda **asked: query(**asked, Limit=1))
    for number in range(3):
        client.put_item(
            TableName="jobs",
            Item={"pk": encode(f"page-{number}"), "open_shard": encode(99), "due_at": encode(3 - number)},
        )
    assert list(DynamoJobTable(client, "jobs").due(99, 2)) == ["page-2", "page-1"]


class Busy:
    """A client of DynamoDB that hands out one row of a batch at a time, and no more than a number of them."""

    def __init__(self, rows: list[dict[str, Any]], batches: int) -> None:
        self.rows, self.batches = rows, batches

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        keys = RequestItems["jobs"]["Keys"]
        self.batches -= 1
        if self.batches < 0:
            return {"Responses": {}, "UnprocessedKeys": RequestItems}
        row = next(row for row in self.rows if row["pk"] == keys[0]["pk"])
        left = {"jobs": {**RequestItems["jobs"], "Keys": keys[1:]}} if keys[1:] else {}
        return {"Responses": {"jobs": [row]}, "UnprocessedKeys": left}


def test_table_that_hands_out_some_rows_is_asked_for_the_rest() -> None:
    wanted = [f"j{number:032x}" for number in range(3)]
    rows = [encode_item(row(job_id, Status.SUBMITTED, 0)) for job_id in wanted]
    client: Any = Busy(rows, 3)
    assert [job.id for job in DynamoJobTable(client, "jobs").read_many(wanted)] == wanted
    client = Busy(rows, 2)
    with pytest.raises(StorageError, match="does not hand out all jobs"):
        DynamoJobTable(client, "jobs").read_many(wanted)
