"""The function that fetches inputs from other servers, for those that run tools.

It is the one way out for inputs. The answers of other servers are read here first, and this function has no
right to the table, to a queue, or to other objects than those below `fetch/`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from gpserverless.app.fetching import policy_of
from gpserverless.app.logs import log_ids, make_logger
from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import Cancelled, DeadlinePassed, InvalidValue, NotFound, StorageError
from gpserverless.fetch.direct import DirectFetcher
from gpserverless.fetch.invocation import ENDED, FetchAnswer, FetchEvent, refuse
from gpserverless.fetch.ports import InputFetcher
from gpserverless.settings import Settings

LOOK_SECONDS = 1.0
"""How often the function looks whether its caller has gone."""

_RESERVE_SECONDS = 2.0
_FILE_TYPE = "application/octet-stream"

logger = make_logger()


@dataclass(frozen=True)
class FetchSettings(Settings):
    """Settings of the function that fetches inputs."""

    bucket: str
    fetch_hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]


class InvocationObjects(Protocol):
    """The objects between this function and its callers."""

    def put_file(self, key: str, path: Path, content_type: str, check_cancelled: CheckCancelled) -> None:
        """Write a file as an object.

        Args:
            key: Key of the object.
            path: The file.
            content_type: Media type.
            check_cancelled: Called several times a second; it raises to end the transfer.
        """

    def stat(self, key: str) -> object:
        """Look for an object.

        Args:
            key: Key of the object.

        Raises:
            NotFound: There is no such object.
        """


class FetchFunction:
    """Answers the functions that run tools: fetches one input.

    Args:
        fetcher: Fetches it.
        objects: Takes large files.
    """

    def __init__(self, fetcher: InputFetcher, objects: InvocationObjects) -> None:
        self._fetcher = fetcher
        self._objects = objects

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> FetchFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        from gpserverless.storage.clients import s3_client
        from gpserverless.storage.upload_store import S3UploadStore

        settings = FetchSettings.read(environment)
        objects = S3UploadStore(s3_client(prompt=True), settings.bucket)
        return cls(DirectFetcher(policy_of(settings)), objects)

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of a function that runs tools.

        Args:
            event: JSON of a `FetchEvent`.
            remaining_ms: Time that is left to the function.
        """
        asked = FetchEvent.from_json(event)
        seconds = min(asked.request.seconds, remaining_ms / 1000 - _RESERVE_SECONDS)
        check = _make_check(self._objects, asked.stop_key, time.monotonic() + seconds)
        with log_ids(**asked.log_ids), tempfile.TemporaryDirectory(prefix="fetch-") as folder:
            return self._fetch(asked, Path(folder), check)

    def _fetch(self, asked: FetchEvent, folder: Path, check: CheckCancelled) -> dict[str, Any]:
        began = time.monotonic()
        reference = asked.request.reference
        about = {"host": urlsplit(reference.url).hostname, "kind": reference.kind}
        try:
            fetched = self._fetcher.fetch(asked.request, folder, check)
            answer = FetchAnswer.of(fetched.path)
            if answer.body is None:
                self._objects.put_file(asked.content_key, fetched.path, _FILE_TYPE, check)
        except InvalidValue as problem:
            logger.info("input refused", extra={**about, "problem": problem.problem})
            return refuse(problem)
        except (Cancelled, DeadlinePassed) as ended:
            logger.info("input given up", extra={**about, "problem": type(ended).__name__})
            return dict(ENDED)
        seconds = time.monotonic() - began
        logger.info("input fetched", extra={**about, "bytes": answer.size, "seconds": round(seconds, 3)})
        return answer.to_json()


def _make_check(objects: InvocationObjects, stop_key: str, until: float) -> Callable[[], None]:
    """Return the check that ends a fetching when its time is over, or its caller has gone."""
    next_look = time.monotonic() + LOOK_SECONDS

    def check() -> None:
        nonlocal next_look
        now = time.monotonic()
        if now >= until:
            raise DeadlinePassed("The input did not come in time.")
        if now >= next_look:
            next_look = now + LOOK_SECONDS
            with suppress(NotFound, StorageError):  # a store that is silent for a moment is no reason to end
                objects.stat(stop_key)
                raise Cancelled("the caller has gone")

    return check
