"""Uploaded items of all services.

    uploads/<service>/<id>/item.json      name, description and date; the content too if it came at once
    uploads/<service>/<id>/content        the bytes that came at once
    uploads/<service>/<id>/parts/00001    a part
    uploads/<service>/<id>/direct         the bytes that were sent to the store itself
    uploads/<service>/<id>/<token>        the bytes, composed of parts
    uploads/<service>/<id>/commit.json    the committed item; written once

Parts, and what was sent directly, are unfinished until a commit: the store removes them after a day.

There is no table. Writing `item.json` registers an item, and writing `commit.json` commits it: S3 lets only
one writer create an object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from gpserverless.caller import ANYBODY, Caller
from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import InvalidParameter, InvalidValue, NotFound, RequestError
from gpserverless.uploads.assembly import Assembly
from gpserverless.uploads.item import Item, UploadRules, is_item_id, new_item_id
from gpserverless.uploads.ports import UploadStore

FILE_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Uploads:
    """The items of all services. An item belongs to one service, and to the caller who registered it.

    Attributes:
        store: The object store.
        rules: Their limits.
        now: The time in milliseconds since 1970-01-01 UTC.
        caller: Who uses them; the items of others are not found.
        charge: Counts the bytes of a caller before they are kept; raises `QuotaReached`.
    """

    store: UploadStore
    rules: UploadRules
    now: Callable[[], int]
    caller: Caller = ANYBODY
    charge: Callable[[Caller, int], None] = lambda caller, size: None

    def of(self, caller: Caller) -> Uploads:
        """Return the items that a caller may use.

        Args:
            caller: The caller.
        """
        return replace(self, caller=caller)

    def upload(self, service: str, name: str, description: str | None, body: bytes) -> Item:
        """Register and commit a file that comes in one piece.

        Args:
            service: Qualified name of the service.
            name: File name that the caller sends.
            description: Description by the caller, or None.
            body: Its bytes.

        Raises:
            InvalidParameter: The extension is not allowed.
            TooLarge: It is too large.
            QuotaReached: The caller has used up a quota.
        """
        item = self._new_item(name, description, "file")
        self.rules.check_size(len(body))
        self.charge(self.caller, len(body))
        key = f"{_folder(service, item.id)}/content"
        item = item.with_content(self.store.replace(key, body))
        self._write(service, item)
        return item

    def register(self, service: str, name: str, description: str | None) -> Item:
        """Register an item whose bytes will come later.

        Args:
            service: Qualified name of the service.
            name: File name that the caller sends.
            description: Description by the caller, or None.

        Raises:
            InvalidParameter: The extension is not allowed.
        """
        item = self._new_item(name, description, "itemName")
        self._write(service, item)
        return item

    def find(self, service: str, item_id: str) -> Item:
        """Return an item of a service.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.

        Raises:
            NotFound: There is no such item in this service, or it is too old.
        """
        if not is_item_id(item_id):
            raise NotFound("Item not found.")
        folder = _folder(service, item_id)
        item = _read_item(self.store, f"{folder}/item.json")
        if not self.caller.owns(item.owner):
            raise NotFound("Item not found.")
        if item.content is None:
            with suppress(NotFound):  # it is registered, and no more
                item = _read_item(self.store, f"{folder}/commit.json")
        lasts = self.rules.commit_ms if item.content is None else self.rules.keep_ms
        if self.now() >= item.date + lasts:
            raise NotFound("Item not found.")
        return item

    def add_part(self, service: str, item_id: str, number: int, body: bytes) -> Item:
        """Store one part. A part that comes again replaces the one before.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.
            number: Number of the part, from 1.
            body: The bytes of the part.

        Raises:
            NotFound: There is no such item.
            RequestError: The item is committed.
            InvalidParameter: The number is out of range.
            TooLarge: All parts together are too large, this one included, which is not stored then.
        """
        item = self._find_open(service, item_id)
        self._assembly(service, item_id).add_part(number, body)
        return item

    def parts(self, service: str, item_id: str) -> list[int]:
        """Return the numbers of an item's parts, in order.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.

        Raises:
            NotFound: There is no such item.
        """
        self.find(service, item_id)
        return list(self._assembly(service, item_id).list_parts())

    def commit(self, service: str, item_id: str, numbers: Sequence[int], checksum: str = "") -> Item:
        """Commit an item, so that tasks can use it. To commit it again changes nothing.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.
            numbers: Numbers of the parts in the order of their bytes; empty for all parts in ascending order.
            checksum: MD5, SHA-1 or SHA-256 of the bytes in hexadecimal digits, or "".

        Raises:
            NotFound: There is no such item.
            RequestError: Nothing has been uploaded.
            InvalidParameter: A part is missing, or the checksum is another or cannot be computed in time.
            TooLarge: All parts together are too large.
        """
        item = self.find(service, item_id)
        if item.content is not None:
            return item
        assembly = self._assembly(service, item_id)
        try:
            made = assembly.make_object(numbers, checksum)
        except RequestError as problem:
            committed = self.find(service, item_id)
            if committed.content is None or _is_about_checksum(problem):
                raise
            return committed  # by another commit, which was faster and has removed the parts
        key = f"{_folder(service, item_id)}/commit.json"
        self.store.put(key, item.with_content(made).to_bytes(), "application/json")
        committed = _read_item(self.store, key)  # of two commits at the same time, one has written it
        assembly.remove_leftovers(made, committed.content)
        return committed

    def delete(self, service: str, item_id: str) -> None:
        """Remove an item.

        Raises:
            NotFound: There is no such item.
        """
        self.find(service, item_id)
        folder = _folder(service, item_id)
        keys = [stored.key for stored in self.store.list(f"{folder}/")]
        self.store.delete([f"{folder}/item.json"])  # from now on it is not found
        self.store.delete(keys)

    def presign_download(self, service: str, item_id: str) -> str:
        """Return a presigned URL of the file of an item.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.

        Raises:
            NotFound: There is no such item, or it has not been committed.
        """
        item = self.find(service, item_id)
        if item.content is None:
            raise NotFound("The item has not been committed.")
        return self.store.presign_url(item.content.key, self.rules.link_seconds, FILE_TYPE, item.name)

    def presign_upload(self, service: str, item_id: str) -> Mapping[str, Any]:
        """Return URL and form fields with which a caller sends the file of an item to the store itself.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.

        Raises:
            NotFound: There is no such item.
            RequestError: The item is committed.
        """
        self._find_open(service, item_id)
        key = self._assembly(service, item_id).direct_key
        return self.store.presign_post(key, self.rules.link_seconds, self.rules.most_bytes)

    def fetch(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: Callable[[], None]
    ) -> LocalFile:
        """Copy the file of an item into a folder.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.
            folder: Where to write it.
            most_bytes: Most bytes that it may have.
            check_cancelled: Called several times a second; it raises to end the copying.

        Raises:
            NotFound: There is no such item in this service, or it has not been committed.
            InvalidValue: It is too large.
        """
        copy = partial(self._copy, service, item_id, folder, most_bytes)
        return Deadline(check_cancelled).wait_for(copy)  # the store may be silent for too long

    def _copy(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: CheckCancelled
    ) -> LocalFile:
        item = self.find(service, item_id)
        if item.content is None:
            raise NotFound("The item has not been committed.")
        if item.content.size > most_bytes:
            raise InvalidValue(f"the upload has {item.content.size:,} bytes", f"at most {most_bytes:,}")
        path = folder / item.name
        self.store.save(item.content, path, check_cancelled)
        return LocalFile(path)

    def _new_item(self, name: str, description: str | None, parameter: str) -> Item:
        name = self.rules.check_name(name, parameter)
        return Item(new_item_id(), name, description, self.now(), owner=self.caller.name)

    def _find_open(self, service: str, item_id: str) -> Item:
        item = self.find(service, item_id)
        if item.content is not None:
            raise RequestError("The item is committed.")
        return item

    def _write(self, service: str, item: Item) -> None:
        self.store.put(f"{_folder(service, item.id)}/item.json", item.to_bytes(), "application/json")

    def _assembly(self, service: str, item_id: str) -> Assembly:
        charge = partial(self.charge, self.caller)
        return Assembly(self.store, self.rules, _folder(service, item_id), charge)


def _folder(service: str, item_id: str) -> str:
    return f"uploads/{service}/{item_id}"


def _read_item(store: UploadStore, key: str) -> Item:
    try:
        return Item.from_bytes(store.get(key))
    except NotFound:
        raise NotFound("Item not found.") from None


def _is_about_checksum(problem: RequestError) -> bool:
    return isinstance(problem, InvalidParameter) and problem.parameter == "checksum"
