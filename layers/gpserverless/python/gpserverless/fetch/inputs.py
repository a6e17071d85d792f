"""References of a call followed: what they point to is fetched into the run's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import orjson

from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.references import Fetch, LocalFile, Reference
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue, NotFound
from gpserverless.fetch import feature_service, image_service
from gpserverless.fetch.check import portal_url
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
from gpserverless.fetch.policy import Policy, places
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits

MAX_TEXT_BYTES = 500_000_000
"""Bytes of the largest feature set that is read: its text is held in memory beside what it becomes."""

MAX_REFERENCES = 100
"""References that one call may have."""

LEAST_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 2_500_000
"""How fast a large file has to come: a slower server is given up."""

_SMALL = 65_536


class Items(Protocol):
    """Uploaded items."""

    def fetch(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: Callable[[], None]
    ) -> LocalFile:
        """Copy the file of an item into a folder.

        Args:
            service: Qualified name of the service that the item was uploaded to.
            item_id: Id of the item.
            folder: Where to put it.
            most_bytes: Most bytes that it may have.
            check_cancelled: Called now and then; what it raises ends the copying.

        Raises:
            NotFound: There is no such item in this service, or it has not been committed, or is gone.
            InvalidValue: It is too large.
        """


@dataclass(frozen=True)
class Inputs:
    """Fetches what calls refer to.

    Attributes:
        policy: What may be fetched.
        items: Uploaded items.
        portal: URL of the portal whose items may be named, or "".
    """

    policy: Policy
    items: Items
    portal: str = ""

    @contextmanager
    def fetching(
        self, limits: Limits, call: Call, folder: Path, check_cancelled: Callable[[], None]
    ) -> Iterator[Fetch]:
        """Give what fetches the references of one call into a folder.

        It raises `InvalidValue` for what may not be fetched, or could not be.

        Args:
            limits: What the run may take.
            call: The call.
            folder: The run's own folder.
            check_cancelled: Called now and then; what it raises ends the run.
        """
        with ExitStack() as opened:

            def open_door() -> HttpFetcher:
                own = self.policy.own | places([call.files_url])
                return opened.enter_context(HttpFetcher(replace(self.policy, own=own), check_cancelled))

            yield _Fetching(self, open_door, call.service, limits, folder, check_cancelled)


class _Fetching:
    """Follows the references of one call."""

    def __init__(
        self,
        inputs: Inputs,
        open_door: Callable[[], HttpFetcher],
        service: str,
        limits: Limits,
        folder: Path,
        check_cancelled: Callable[[], None],
    ) -> None:
        self.inputs, self.open_door, self.service = inputs, open_door, service
        self.limits, self.folder, self.check_cancelled = limits, folder, check_cancelled
        self.count, self.bytes_left = 0, limits.max_bytes

    @cached_property
    def door(self) -> HttpFetcher:
        """The door, opened when something is to be fetched: most calls bring all they need."""
        return self.open_door()

    def __call__(self, reference: Reference) -> LocalFile:
        self.check_cancelled()
        self.count += 1
        if self.count > MAX_REFERENCES:
            raise InvalidValue(f"the call has more than {MAX_REFERENCES} references")
        place = self.folder / "inputs" / str(self.count)
        place.mkdir(parents=True)
        fetched = self._fetched(reference, place)
        self.bytes_left -= fetched.path.stat().st_size
        return fetched

    def _fetched(self, reference: Reference, place: Path) -> LocalFile:
        if reference.item_id:
            return self._item(reference, place)
        if reference.portal_item_id:
            reference = replace(reference, url=portal_url(self.inputs.portal, reference.portal_item_id))
        if reference.kind in ("features", "table"):
            return self._features(reference, place)
        service = image_service.image_service_of(reference) if reference.kind == "raster" else None
        if service is None:
            return self._file(reference, place)
        path = place / "image.tif"
        with path.open("w+b") as file:
            image_service.export(self.door, service, file, self.bytes_left)
        return LocalFile(path)

    def _item(self, reference: Reference, place: Path) -> LocalFile:
        try:
            return self.inputs.items.fetch(
                self.service, reference.item_id, place, self._most(reference), self.check_cancelled
            )
        except NotFound:
            raise InvalidValue(f"there is no upload {quoted(reference.item_id)} in this service") from None

    def _features(self, reference: Reference, place: Path) -> LocalFile:
        layer = feature_service.layer_of(reference)
        if layer is None:
            fetched = self._file(reference, place)
            _refuse_error(fetched.path, reference.url)
            return fetched
        path = place / "features.json"
        reader = feature_service.LayerReader(
            self.door, layer, self.limits.max_features, self._most(reference)
        )
        with path.open("wb") as file:
            reader.write(file)
        return LocalFile(path)

    def _file(self, reference: Reference, place: Path) -> LocalFile:
        most_bytes = self._most(reference)
        seconds = max(LEAST_SECONDS, most_bytes / LEAST_BYTES_PER_SECOND)
        passing = place / "passing"
        with passing.open("w+b") as file:
            answer = self.door.fetch(
                FetchRequest(reference.url, reference.token, most_bytes=most_bytes, seconds=seconds), file
            )
        return LocalFile(passing.rename(place / file_name(answer.name, reference.format)))

    def _most(self, reference: Reference) -> int:
        is_text = reference.kind in ("features", "table")
        return min(self.bytes_left, MAX_TEXT_BYTES) if is_text else self.bytes_left


def _refuse_error(path: Path, url: str) -> None:
    """Servers answer HTTP 200 with an error object; that is what the caller wants to read."""
    if path.stat().st_size > _SMALL:
        return
    try:
        answer = orjson.loads(path.read_bytes())
    except ValueError:
        return
    problem = feature_service.error_in(answer) if isinstance(answer, dict) else None
    if problem is not None:
        host = quoted(urlsplit(url).hostname or "")
        raise InvalidValue(f"the server at {host} answered: {problem[1]}")
