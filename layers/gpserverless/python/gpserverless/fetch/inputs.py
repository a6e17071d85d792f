"""Fetching the references of a call into the folder of its run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from gpserverless.caller import Caller
from gpserverless.datatypes.referable import Fetch
from gpserverless.datatypes.references import LocalFile, Reference
from gpserverless.errors import InvalidValue, NotFound
from gpserverless.fetch.check import check_selection, portal_url
from gpserverless.fetch.policy import read_authorities
from gpserverless.fetch.ports import InputFetcher, InputRequest
from gpserverless.sandbox.preparation import RunContext
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.values.quotation import quoted

MAX_TEXT_BYTES = 500_000_000
"""Bytes of the largest feature set that is read: its text and its features are in memory at once."""

MAX_REFERENCES = 100
"""References that one call may have."""


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
        limits: Limits,
        check: Callable[[], None],
    ) -> LocalFile | None:
        """Copy the content of a reference into a folder; return None if it does not lead to this site.

        Args:
            reference: The reference.
            call: The call. It knows the caller, and the URL of its files tells the public URL of the site.
            folder: Where to write it.
            limits: The most bytes that it may have, and the most rows of a layer.
            check: Called several times a second; it raises to end the copying.

        Raises:
            InvalidValue: It cannot be had, or is too large, or not of the kind that is expected.
        """


@dataclass(frozen=True)
class Inputs:
    """Fetches the references of calls.

    Attributes:
        fetcher: Fetches what lies on other servers.
        items: Uploaded items.
        portal: URL of the portal whose items may be named, or "".
        own: Results, files and uploads of this site; None if their URLs are not followed.
    """

    fetcher: InputFetcher
    items: UploadedItems
    portal: str = ""
    own: OwnResources | None = None

    def make_fetch(self, call: Call, context: RunContext) -> Fetch:
        """Return a function that fetches the references of one call into the folder of its run.

        It raises `InvalidValue` for a reference that may not be fetched, or could not be.

        Args:
            call: The call.
            context: The run.
        """
        return _ReferenceFetcher(self, call, context)


class _ReferenceFetcher:
    """Follows the references of one call."""

    def __init__(self, inputs: Inputs, call: Call, context: RunContext) -> None:
        self.inputs, self.call, self.context = inputs, call, context
        self.count, self.bytes_left = 0, context.limits.max_bytes

    def __call__(self, reference: Reference) -> LocalFile:
        self.context.check_cancelled()
        check_selection(reference)
        self.count += 1
        if self.count > MAX_REFERENCES:
            raise InvalidValue(f"the call has more than {MAX_REFERENCES} references")
        folder = self.context.folder / "inputs" / str(self.count)
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
        request = InputRequest(
            reference,
            self.context.limits.max_features,
            self._max_bytes(reference),
            read_authorities([self.call.files_url]),
            self.context.until - time.monotonic(),
        )
        return self.inputs.fetcher.fetch(request, folder, self.context.check_cancelled)

    def _fetch_own(self, reference: Reference, folder: Path) -> LocalFile | None:
        if self.inputs.own is None:
            return None
        limits = replace(self.context.limits, max_bytes=self._max_bytes(reference))
        return self.inputs.own.fetch(reference, self.call, folder, limits, self.context.check_cancelled)

    def _fetch_item(self, reference: Reference, folder: Path) -> LocalFile:
        most_bytes, check = self._max_bytes(reference), self.context.check_cancelled
        try:
            items = self.inputs.items.of(self.call.caller)
            return items.fetch(self.call.service, reference.item_id, folder, most_bytes, check)
        except NotFound:
            raise InvalidValue(f"there is no upload {quoted(reference.item_id)} in this service") from None

    def _max_bytes(self, reference: Reference) -> int:
        is_text = reference.kind in ("features", "table")
        return min(self.bytes_left, MAX_TEXT_BYTES) if is_text else self.bytes_left
