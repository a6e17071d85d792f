"""Large files: in parts, several at a time, never over an object, and with nothing left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws

from gpserverless.errors import Cancelled, NotFound, StorageError
from gpserverless.jobs.pricing import count_puts
from gpserverless.jobs.rules import PART_BYTES
from gpserverless.storage import clients
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.storage.transfer import THREADS
from gpserverless.storage.upload_store import S3UploadStore
from tests.patience import LONG

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART = 5 * 2**20
BINARY = "application/octet-stream"
BUCKET = "transfer-test"


@pytest.fixture
def bucket() -> Iterator[str]:
    """Return the name of an empty bucket of S3 as moto plays it."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        clients.s3_client().create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield BUCKET


@pytest.fixture
def client(bucket: str) -> S3Client:
    return clients.s3_client()


@pytest.fixture
def store(client: S3Client, bucket: str) -> S3UploadStore:
    return S3UploadStore(client, bucket, PART)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def write_file(folder: Path, size: int) -> Path:
    path = folder / "large.bin"
    path.write_bytes((bytes(range(251)) * (size // 251 + 1))[:size])
    return path


def go_on() -> None:
    """Cancel nothing."""


def unfinished(client: S3Client, bucket: str) -> list[Any]:
    """Return the multipart uploads that are neither completed nor aborted."""
    return list(client.list_multipart_uploads(Bucket=bucket).get("Uploads", []))


@contextmanager
def hook(client: S3Client, event: str, handler: Callable[..., Any]) -> Iterator[None]:
    client.meta.events.register_first(event, handler)
    yield
    client.meta.events.unregister(event, handler)


@pytest.mark.parametrize("size", [0, 10, PART, PART + 1, 2 * PART, 6 * PART + 5])
def test_file_of_any_size_is_uploaded(
    store: S3UploadStore, client: S3Client, bucket: str, tmp_path: Path, size: int
) -> None:
    path = write_file(tmp_path, size)
    store.put_file("key", path, "application/json", go_on, "gzip")
    assert store.get("key") == path.read_bytes()
    head = client.head_object(Bucket=bucket, Key="key")
    assert (head["ContentType"], head["ContentEncoding"]) == ("application/json", "gzip")
    assert unfinished(client, bucket) == []


def test_several_parts_are_under_way_at_the_same_time(
    store: S3UploadStore, client: S3Client, tmp_path: Path
) -> None:
    everybody = threading.Barrier(THREADS)

    def wait_for_the_others(**_: object) -> None:
        everybody.wait(LONG)

    with hook(client, "before-send.s3.UploadPart", wait_for_the_others):
        store.put_file("key", write_file(tmp_path, THREADS * PART), BINARY, go_on)
    assert not everybody.broken


@pytest.mark.parametrize("second", [2 * PART, 2 * PART + 1])
def test_large_file_never_replaces_an_object(
    store: S3UploadStore, client: S3Client, bucket: str, tmp_path: Path, second: int
) -> None:
    store.put_file("key", write_file(tmp_path, 2 * PART), BINARY, go_on)
    first = store.get("key")
    store.put_file("key", write_file(tmp_path, second), BINARY, go_on)
    assert store.get("key") == first
    assert unfinished(client, bucket) == []


def test_cancel_ends_an_upload_at_once_and_removes_its_parts(
    store: S3UploadStore, client: S3Client, bucket: str, tmp_path: Path
) -> None:
    sent: list[object] = []
    cancelled = threading.Event()

    def send_slowly(**_: object) -> None:
        sent.append(1)
        cancelled.wait(LONG)
        time.sleep(0.5)

    def check_cancelled() -> None:
        if sent:
            cancelled.set()
            raise Cancelled

    with hook(client, "before-send.s3.UploadPart", send_slowly), pytest.raises(Cancelled):
        store.put_file("key", write_file(tmp_path, 12 * PART), BINARY, check_cancelled)
    assert len(sent) < 12
    assert unfinished(client, bucket) == []
    with pytest.raises(NotFound):
        store.get("key")


def test_cancel_before_an_upload_sends_nothing(
    store: S3UploadStore, client: S3Client, tmp_path: Path
) -> None:
    requests: list[object] = []

    def check_cancelled() -> None:
        raise Cancelled

    with (
        hook(client, "before-send.s3", lambda **_: requests.append(1)),
        pytest.raises(Cancelled),
    ):
        store.put_file("key", write_file(tmp_path, 2 * PART), BINARY, check_cancelled)
    assert requests == []


def test_failed_part_ends_an_upload_and_its_parts_are_removed(
    store: S3UploadStore, client: S3Client, bucket: str, tmp_path: Path
) -> None:
    failure = ClientError({"Error": {"Code": "SlowDown"}}, "UploadPart")

    def fail(**_: object) -> None:
        raise failure

    with (
        hook(client, "before-call.s3.UploadPart", fail),
        pytest.raises(StorageError, match="SlowDown") as failed,
    ):
        store.put_file("key", write_file(tmp_path, 6 * PART), BINARY, go_on)
    assert failed.value.__cause__ is failure
    assert unfinished(client, bucket) == []


def test_part_is_sent_again_after_an_error_of_s3(
    store: S3UploadStore, client: S3Client, tmp_path: Path
) -> None:
    errors = [503]

    def answer(request: Any, **_: object) -> AWSResponse | None:
        return AWSResponse(request.url, errors.pop(), {}, Unread()) if errors else None

    path = write_file(tmp_path, 3 * PART)
    with hook(client, "before-send.s3.UploadPart", answer):
        store.put_file("key", path, BINARY, go_on)
    assert errors == []
    assert store.get("key") == path.read_bytes()


class Unread:
    """The body of an answer that has none."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield b""


@pytest.mark.parametrize("size", [0, 10, PART, PART + 1, 6 * PART + 5])
def test_file_of_any_size_is_downloaded(store: S3UploadStore, tmp_path: Path, size: int) -> None:
    body = write_file(tmp_path, size).read_bytes()
    stored = store.replace("key", body)
    store.save(stored, tmp_path / "copy", go_on)
    assert (tmp_path / "copy").read_bytes() == body


@pytest.mark.parametrize(
    "change", [lambda store: store.replace("key", b"x" * 3 * PART), lambda store: store.delete(["key"])]
)
def test_object_that_was_replaced_or_removed_is_not_downloaded(
    store: S3UploadStore, tmp_path: Path, change: Callable[[S3UploadStore], object]
) -> None:
    stored = store.replace("key", b"y" * 3 * PART)
    change(store)
    with pytest.raises(NotFound):
        store.save(stored, tmp_path / "copy", go_on)
    assert list(tmp_path.iterdir()) == []


class Broken:
    """The body of an answer whose connection breaks."""

    def read(self, *_: object) -> bytes:
        raise ReadTimeoutError(endpoint_url="https://x")


@pytest.mark.parametrize(("breaks", "arrives"), [(2, True), (1_000, False)])
def test_part_is_asked_for_again_when_its_connection_breaks(
    store: S3UploadStore, client: S3Client, tmp_path: Path, breaks: int, arrives: bool
) -> None:
    left = [None] * breaks

    def break_connection(parsed: dict[str, Any], **_: object) -> None:
        if left:
            left.pop()
            parsed["Body"] = Broken()

    body = write_file(tmp_path, 3 * PART).read_bytes()
    stored = store.replace("key", body)
    with hook(client, "after-call.s3.GetObject", break_connection):
        if arrives:
            store.save(stored, tmp_path / "copy", go_on)
            assert (tmp_path / "copy").read_bytes() == body
        else:
            with pytest.raises(StorageError, match="could not read an object: ReadTimeoutError"):
                store.save(stored, tmp_path / "copy", go_on)


def test_cancel_ends_a_download_and_leaves_no_file(
    store: S3UploadStore, client: S3Client, tmp_path: Path
) -> None:
    asked = threading.Event()

    def check_cancelled() -> None:
        if asked.is_set():
            raise Cancelled

    def answer_slowly(**_: object) -> None:
        asked.set()
        time.sleep(0.3)

    stored = store.replace("key", b"x" * 6 * PART)
    with hook(client, "before-send.s3.GetObject", answer_slowly), pytest.raises(Cancelled):
        store.save(stored, tmp_path / "copy", check_cancelled)
    assert list(tmp_path.iterdir()) == []


def test_composed_object_replaces_none(store: S3UploadStore, client: S3Client, bucket: str) -> None:
    part = store.replace("part", b"first")
    store.compose("whole", [part])
    with pytest.raises(StorageError):
        store.compose("whole", [part, part])
    assert store.get("whole") == b"first"


def test_number_of_requests_is_that_of_the_prices(client: S3Client, bucket: str, tmp_path: Path) -> None:
    requests: list[object] = []
    path = write_file(tmp_path, 2 * PART_BYTES + 1)
    with hook(client, "before-send.s3", lambda **_: requests.append(1)):
        S3ObjectStore(client, bucket).put_file("key", path, BINARY, go_on)
    assert len(requests) == count_puts([path.stat().st_size])
