"""The caller's side of the fetch function: every answer and failure of it, and an end that it is told."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from moto import mock_aws

from gpserverless.app.fetch import FetchFunction
from gpserverless.cancellation import CheckCancelled
from gpserverless.datatypes.references import LocalFile, Reference
from gpserverless.errors import (
    Cancelled,
    DeadlinePassed,
    InvalidValue,
    LeaseLost,
    NotFound,
    StorageError,
    StorageRefused,
)
from gpserverless.fetch import invocation
from gpserverless.fetch.invocation import FetchEvent
from gpserverless.fetch.ports import InputRequest
from gpserverless.storage import clients
from gpserverless.storage.remote_fetcher import RemoteFetcher
from gpserverless.storage.upload_store import S3UploadStore
from tests.patience import LONG, SOON

BUCKET = "fetch-test"
REQUEST = InputRequest(Reference("file", "https://gis.example.org/dem.tif", token="s3cr3t"), 10, 1_000)


@pytest.fixture
def store() -> Iterator[S3UploadStore]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        client = clients.s3_client()
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield S3UploadStore(client, BUCKET)


class InvokeClient:
    """A client of Lambda whose function is in this process."""

    def __init__(self, function: Callable[[Any], Any], error: str = "") -> None:
        self.function = function
        self.error = error
        self.asked: list[tuple[str, Any]] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> Mapping[str, Any]:  # noqa: N803 - as botocore
        self.asked.append((FunctionName, json.loads(Payload)))
        answer = json.dumps(self.function(json.loads(Payload))).encode()
        failed = {"FunctionError": self.error} if self.error else {}
        return {"StatusCode": 200, "Payload": io.BytesIO(answer), **failed}


class OneFile:
    """Fetches the same file, whatever is asked for."""

    def __init__(self, body: bytes = b"a file", name: str = "dem.tif") -> None:
        self.body, self.name = body, name

    def fetch(self, request: InputRequest, folder: Path, check_cancelled: CheckCancelled) -> LocalFile:
        path = folder / self.name
        path.write_bytes(self.body)
        return LocalFile(path)


def fetch(
    client: InvokeClient, store: S3UploadStore, folder: Path, check_cancelled: CheckCancelled = lambda: None
) -> LocalFile:
    fetcher = RemoteFetcher(client, store, "fetch-function", lambda: {"job": "j1"})
    return fetcher.fetch(REQUEST, folder, check_cancelled)


def keys(store: S3UploadStore) -> list[str]:
    return [stored.key for stored in store.list("")]


def test_function_is_told_all_it_needs(store: S3UploadStore, tmp_path: Path) -> None:
    function = FetchFunction(OneFile(), store)
    client = InvokeClient(lambda event: function.handle(event, 60_000))
    fetched = fetch(client, store, tmp_path)
    assert (fetched.path, fetched.path.read_bytes()) == (tmp_path / "dem.tif", b"a file")
    ((name, event),) = client.asked
    asked = FetchEvent.from_json(event)
    assert (name, asked.request, asked.log_ids) == ("fetch-function", REQUEST, {"job": "j1"})
    assert keys(store) == []


def test_large_file_is_copied_from_the_store_and_removed_there(
    store: S3UploadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invocation, "MAX_INLINE_BYTES", 5)
    function = FetchFunction(OneFile(b"x" * 1_000), store)
    fetched = fetch(InvokeClient(lambda event: function.handle(event, 60_000)), store, tmp_path)
    assert fetched.path.read_bytes() == b"x" * 1_000
    assert keys(store) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "", "a\0b", "C:\\passwd"])
def test_name_leads_out_of_the_folder_never(store: S3UploadStore, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    fetched = fetch(InvokeClient(lambda event: {"name": name, "size": 1, "body": "eA=="}), store, folder)
    assert fetched.path.parent == folder
    assert list(folder.iterdir()) == [fetched.path]


def test_refusal_has_its_words(store: S3UploadStore, tmp_path: Path) -> None:
    told = {"problem": "the host 'x' is not among those", "accepted": "*.arcgis.com"}
    with pytest.raises(InvalidValue) as caught:
        fetch(InvokeClient(lambda event: told), store, tmp_path)
    assert (caught.value.problem, caught.value.accepted) == tuple(told.values())


def raise_error(problem: Exception) -> Callable[[Any], Any]:
    def function(event: Any) -> Any:
        raise problem

    return function


def code(name: str) -> ClientError:
    return ClientError({"Error": {"Code": name, "Message": "s3cr3t"}}, "Invoke")


FAILURES = [
    (
        InvokeClient(lambda event: {"errorType": "Sandbox.Timedout", "errorMessage": "s3cr3t"}, "Unhandled"),
        "Timedout",
    ),
    (InvokeClient(lambda event: None, "Unhandled"), "NoneType"),
    (InvokeClient(lambda event: ["s3cr3t"]), "list"),
    (InvokeClient(lambda event: {"name": "a"}), "cannot be read"),
    (InvokeClient(lambda event: {"name": "a", "size": 3}), "its object is gone"),
    (InvokeClient(raise_error(code("TooManyRequestsException"))), "TooManyRequests"),
    (InvokeClient(raise_error(ConnectTimeoutError(endpoint_url="https://lambda"))), "ConnectTimeout"),
]


@pytest.mark.parametrize(("client", "problem"), FAILURES, ids=[problem for _, problem in FAILURES])
def test_failure_of_the_function_may_pass(
    store: S3UploadStore, tmp_path: Path, client: InvokeClient, problem: str
) -> None:
    with pytest.raises(StorageError, match=problem) as caught:
        fetch(client, store, tmp_path)
    assert not isinstance(caught.value, StorageRefused)
    assert "s3cr3t" not in str(caught.value)


def test_refusal_of_the_functions_own_store_stays_one(store: S3UploadStore, tmp_path: Path) -> None:
    told = {"errorType": "StorageRefused", "errorMessage": "could not write an object: AccessDenied"}
    with pytest.raises(StorageRefused):
        fetch(InvokeClient(lambda event: told, "Unhandled"), store, tmp_path)


@pytest.mark.parametrize("name", ["AccessDeniedException", "ResourceNotFoundException"])
def test_function_that_cannot_be_invoked_is_no_matter_of_time(
    store: S3UploadStore, tmp_path: Path, name: str
) -> None:
    with pytest.raises(StorageRefused):
        fetch(InvokeClient(raise_error(code(name))), store, tmp_path)


def test_object_of_another_size_is_refused(store: S3UploadStore, tmp_path: Path) -> None:
    def function(event: Any) -> Any:
        store.put(f"{event['place']}/content", b"123", "text/plain")
        return {"name": "a", "size": 4}

    with pytest.raises(StorageError, match="another size"):
        fetch(InvokeClient(function), store, tmp_path)


@pytest.mark.parametrize(
    "problem", [Cancelled(), DeadlinePassed(), LeaseLost()], ids=lambda p: type(p).__name__
)
def test_end_of_a_run_is_told_to_the_function(
    store: S3UploadStore, tmp_path: Path, problem: BaseException
) -> None:
    asked, ended, pause = threading.Event(), threading.Event(), threading.Event()
    places: list[str] = []

    def function(event: Any) -> Any:
        """Wait until the object appears, as the function does."""
        places.append(event["place"])
        asked.set()
        for _ in range(int(LONG / 0.02)):
            try:
                store.stat(f"{event['place']}/stop")
            except NotFound:
                pause.wait(0.02)
            else:
                ended.set()
                return {"ended": True}
        return {}

    def check_cancelled() -> None:
        if asked.is_set():
            raise problem

    began = time.monotonic()
    with pytest.raises(type(problem)) as caught:
        fetch(InvokeClient(function), store, tmp_path, check_cancelled)
    assert caught.value is problem
    assert time.monotonic() - began < SOON
    assert ended.wait(SOON)
    assert keys(store) == [f"{places[0]}/stop"]


def test_store_that_is_silent_does_not_hold_up_the_end(
    store: S3UploadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, freed = threading.Event(), threading.Event()

    def wait(*_: Any) -> Any:
        asked.set()
        freed.wait(LONG)
        return {"ended": True}

    def check_cancelled() -> None:
        if asked.is_set():
            raise Cancelled

    monkeypatch.setattr(store, "put", wait)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        fetch(InvokeClient(wait), store, tmp_path, check_cancelled)
    assert time.monotonic() - began < SOON
    freed.set()
