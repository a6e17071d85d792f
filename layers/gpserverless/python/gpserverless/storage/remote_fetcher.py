"""Inputs that the fetch function fetches: it has no rights that another server could turn against us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import NotFound, StorageError, StorageRefused
from gpserverless.fetch.invocation import FetchAnswer, FetchEvent
from gpserverless.fetch.ports import InputRequest
from gpserverless.storage.failures import storage_errors
from gpserverless.storage.upload_store import S3UploadStore

STOP_SECONDS = 1.0
"""Most seconds for telling the function that nobody waits for it any more."""


class RemoteFetcher:
    """Has inputs fetched by a function of Lambda.

    Args:
        client: Client of Lambda.
        store: The objects below `fetch/`.
        function: Name of the function.
        log_ids: Returns ids for the lines of its log.
    """

    def __init__(
        self, client: Any, store: S3UploadStore, function: str, log_ids: Callable[[], Mapping[str, str]]
    ) -> None:
        self._client = client
        self._store = store
        self._function = function
        self._log_ids = log_ids

    def fetch(self, request: InputRequest, folder: Path, check_cancelled: CheckCancelled) -> LocalFile:
        """Fetch an input into a folder; see `InputFetcher`.

        Args:
            request: The input.
            folder: Where to write it.
            check_cancelled: Called several times a second; it raises to end the fetching.

        Raises:
            InvalidValue: It may not be fetched, or could not be.
            StorageError: The function failed; a `StorageRefused` of its own stays one.
        """
        event = FetchEvent(request, log_ids=self._log_ids())
        deadline = Deadline(check_cancelled)
        try:
            document = deadline.wait_for(lambda _: self._invoke(event))
        except BaseException:  # the function would go on, for nobody
            self._stop(event)
            raise
        answer = FetchAnswer.from_json(document)
        path = folder / file_name(answer.name)
        if answer.body is None:
            deadline.wait_for(lambda check: self._take(event, answer, path, check))
        else:
            path.write_bytes(answer.body)
        return LocalFile(path)

    def _invoke(self, event: FetchEvent) -> Mapping[str, Any]:
        with storage_errors("fetch an input"):
            told = self._client.invoke(FunctionName=self._function, Payload=orjson.dumps(event.to_json()))
            answer = orjson.loads(told["Payload"].read())
        if "FunctionError" in told or not isinstance(answer, dict):
            kind = answer.get("errorType") if isinstance(answer, dict) else type(answer).__name__
            error = StorageRefused if kind == StorageRefused.__name__ else StorageError
            raise error(f"could not fetch an input: {kind}")
        return answer

    def _stop(self, event: FetchEvent) -> None:
        with suppress(StorageError, TimeoutError):  # without it, the function ends with its time
            Deadline(lambda: None).at_most(STOP_SECONDS).wait_for(
                lambda _: self._store.put(event.stop_key, b"", "text/plain")
            )

    def _take(self, event: FetchEvent, answer: FetchAnswer, path: Path, check: CheckCancelled) -> None:
        """Copy a large file, and remove its object."""
        try:
            stored = self._store.stat(event.content_key)
            self._store.save(stored, path, check)
        except NotFound as problem:
            raise StorageError("could not fetch an input: its object is gone") from problem
        if stored.size != answer.size:
            raise StorageError("could not fetch an input: its object has another size")
        with suppress(StorageError):  # the bucket's lifecycle removes it, too
            self._store.delete([event.content_key])
