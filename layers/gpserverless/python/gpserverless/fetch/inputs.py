"""Fetching the references of a call into the folder of its run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import orjson

from gpserverless.caller import Caller
from gpserverless.datatypes.files import file_name
from gpserverless.datatypes.references import Fetch, LocalFile, Reference
from gpserverless.errors import InvalidValue, NotFound
from gpserverless.fetch import image_service
from gpserverless.fetch.check import check_selection, portal_url
from gpserverless.fetch.feature_service import LayerReader
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher
from gpserverless.fetch.layer_client import read_error
from gpserverless.fetch.layer_url import parse_layer
from gpserverless.fetch.policy import Policy, read_authorities
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.values.quotation import quoted

MAX_TEXT_BYTES = 500_000_000
"""Bytes of the largest feature set that is read: its text is held in memory beside what it becomes."""

MAX_REFERENCES = 100
"""References that one call may have."""

LEAST_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 2_500_000
"""The slowest server of a large file that is not given up."""

_SMALL = 65_536


class UploadedItems(Protocol):
    """Uploaded items."""

    def of(self, caller: Caller) -> UploadedItems:
        """Return the items that a caller may use.

        Args:
            caller: The caller.
        """

    def fetch(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: Callable[[], None]
    ) -> LocalFile:
        """Copy the file of an item into a folder.

        Args:
            service: Qualified name of the service that the item was uploaded to.
            item_id: Id of the item.
            folder: Where to put it.
            most_bytes: Most bytes that it may have.
            check_cancelled: Called several times a second; it raises to end the copying.

        Raises:
            NotFound: There is no such item in this service, or it has not been committed, or is gone.
            InvalidValue: It is too large.
        """


class OwnResources(Protocol):
    """Results, files and uploads of this site, by their URLs."""

    def fetch(
        self,
        reference: Reference,
        call: Call,
        folder: Path,
        most_bytes: int,
        check: Callable[[], None],
    ) -> LocalFile | None:
        """Copy what a reference names into a folder; return None if it does not lead to this site.

        Args:
            reference: The reference.
            call: The call. It knows the caller, and the URL of its files tells the public URL of the site.
            folder: Where to write it.
            most_bytes: Most bytes that it may have.
            check: Called several times a second; it raises to end the copying.

        Raises:
            InvalidValue: It cannot be had, or is too large, or not of the kind that is expected.
        """


@dataclass(frozen=True)
class Inputs:
    """Fetches the references of calls.

    Attributes:
        policy: The servers that inputs may come from.
        items: Uploaded items.
        portal: URL of the portal whose items may be named, or "".
        own: Results, files and uploads of this site; None if their URLs are not followed.
    """

    policy: Policy
    items: UploadedItems
    portal: str = ""
    own: OwnResources | None = None

    @contextmanager
    def open_fetch(
        self, limits: Limits, call: Call, folder: Path, check_cancelled: Callable[[], None]
    ) -> Iterator[Fetch]:
        """Give a function that fetches the references of one call into a folder.

        It raises `InvalidValue` for a reference that may not be fetched, or could not be.

        Args:
            limits: Limits of the run.
            call: The call.
            folder: The run's own folder.
            check_cancelled: Called several times a second; it raises to end the run.
        """
        references = _ReferenceFetcher(self, limits, call, folder, check_cancelled)
        with references.opened:
            yield references


class _ReferenceFetcher:
    """Follows the references of one call."""

    def __init__(
        self,
        inputs: Inputs,
        limits: Limits,
        call: Call,
        folder: Path,
        check_cancelled: Callable[[], None],
    ) -> None:
        self.inputs, self.limits, self.call = inputs, limits, call
        self.folder, self.check_cancelled = folder, check_cancelled
        self.opened = ExitStack()
        self.count, self.bytes_left = 0, limits.max_bytes

    @cached_property
    def fetcher(self) -> HttpFetcher:
        """Opened for the first reference: most calls have none."""
        own = self.inputs.policy.own | read_authorities([self.call.files_url])
        policy = replace(self.inputs.policy, own=own)
        return self.opened.enter_context(HttpFetcher(policy, self.check_cancelled))

    def __call__(self, reference: Reference) -> LocalFile:
        self.check_cancelled()
        check_selection(reference)
        self.count += 1
        if self.count > MAX_REFERENCES:
            raise InvalidValue(f"the call has more than {MAX_REFERENCES} references")
        folder = self.folder / "inputs" / str(self.count)
        folder.mkdir(parents=True)
        fetched = self._fetch(reference, folder)
        self.bytes_left -= fetched.path.stat().st_size
        return fetched

    def _fetch(self, reference: Reference, folder: Path) -> LocalFile:
        if reference.item_id:
            return self._fetch_item(reference, folder)
        if reference.portal_item_id:
            reference = replace(reference, url=portal_url(self.inputs.portal, reference.portal_item_id))
        own = self._fetch_own(reference, folder)
        if own is not None:
            return own
        if reference.kind in ("features", "table"):
            return self._fetch_features(reference, folder)
        service = image_service.parse_image_service(reference) if reference.kind == "raster" else None
        if service is None:
            return self._fetch_file(reference, folder)
        path = folder / "image.tif"
        with path.open("w+b") as file:
            image_service.export_raster(self.fetcher, service, file, self.bytes_left)
        return LocalFile(path)

    def _fetch_own(self, reference: Reference, folder: Path) -> LocalFile | None:
        if self.inputs.own is None:
            return None
        most_bytes, check = self._max_bytes(reference), self.check_cancelled
        return self.inputs.own.fetch(reference, self.call, folder, most_bytes, check)

    def _fetch_item(self, reference: Reference, folder: Path) -> LocalFile:
        try:
            items, most_bytes = self.inputs.items.of(self.call.caller), self._max_bytes(reference)
            return items.fetch(self.call.service, reference.item_id, folder, most_bytes, self.check_cancelled)
        except NotFound:
            raise InvalidValue(f"there is no upload {quoted(reference.item_id)} in this service") from None

    def _fetch_features(self, reference: Reference, folder: Path) -> LocalFile:
        layer = parse_layer(reference)
        if layer is None:
            return self._fetch_file(reference, folder)
        path = folder / "features.json"
        reader = LayerReader(self.fetcher, layer, self.limits.max_features, self._max_bytes(reference))
        with path.open("wb") as file:
            reader.write(file)
        return LocalFile(path)

    def _fetch_file(self, reference: Reference, folder: Path) -> LocalFile:
        most_bytes = self._max_bytes(reference)
        seconds = max(LEAST_SECONDS, most_bytes / LEAST_BYTES_PER_SECOND)
        unnamed = folder / "unnamed"
        with unnamed.open("w+b") as file:
            answer = self.fetcher.fetch(
                FetchRequest(reference.url, reference.token, most_bytes=most_bytes, seconds=seconds), file
            )
        _raise_if_error(unnamed, reference)
        return LocalFile(unnamed.rename(folder / file_name(answer.name, reference.format)))

    def _max_bytes(self, reference: Reference) -> int:
        is_text = reference.kind in ("features", "table")
        return min(self.bytes_left, MAX_TEXT_BYTES) if is_text else self.bytes_left


def _raise_if_error(path: Path, reference: Reference) -> None:
    """Raise the error that a server has answered with status 200."""
    if path.stat().st_size > _SMALL:
        return
    try:
        answer = orjson.loads(path.read_bytes())
    except ValueError:
        return
    is_text = reference.kind in ("features", "table")
    if not isinstance(answer, dict) or not (is_text or answer.keys() == {"error"}):
        return  # a file may have a member of this name among others
    problem = read_error(answer, [reference.token])
    if problem is not None:
        host = quoted(urlsplit(reference.url).hostname or "")
        raise InvalidValue(f"the server at {host} answered: {problem[1]}")
