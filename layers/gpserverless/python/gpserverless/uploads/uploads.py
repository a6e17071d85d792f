"""The shelf of uploaded items of all services.

    uploads/<service>/<id>/item.json      name, description, date; the bytes too if they came at once
    uploads/<service>/<id>/parts/00001    parts, as they come
    uploads/<service>/<id>/direct         what was sent to the store itself
    uploads/<service>/<id>/<token>        the bytes, composed of parts
    uploads/<service>/<id>/commit.json    written once, and then the item is what it says

There is no table: an item is made by writing `item.json` and committed by writing `commit.json`, which S3
lets only one writer do.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gpserverless.cancellation import CheckCancelled, Deadline
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import InvalidParameter, InvalidValue, NotFound, RequestError, TooLarge
from gpserverless.uploads.item import Content, Item, UploadRules, is_item_id, new_item_id
from gpserverless.uploads.ports import StoredObject, UploadStore

FILE_TYPE = "application/octet-stream"
_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}


@dataclass(frozen=True)
class Uploads:
    """Keeps the items of all services, each for itself.

    Attributes:
        store: Where they lie.
        rules: Their limits.
        now: The time in milliseconds since 1970-01-01 UTC.
    """

    store: UploadStore
    rules: UploadRules
    now: Callable[[], int]

    def upload(self, service: str, name: str, description: str | None, body: bytes) -> Item:
        """Keep a file that came at once.

        Raises:
            InvalidParameter: Files of this name are not taken.
            TooLarge: It is too large.
        """
        item = self._new(name, description, "file")
        self._bounded(len(body))
        key = f"{_folder(service, item.id)}/content"
        item = item.committed(_content(self.store.replace(key, body)))
        self._write(service, item)
        return item

    def register(self, service: str, name: str, description: str | None) -> Item:
        """Make an item whose bytes will come later.

        Raises:
            InvalidParameter: Files of this name are not taken.
        """
        item = self._new(name, description, "itemName")
        self._write(service, item)
        return item

    def find(self, service: str, item_id: str) -> Item:
        """Return an item of a service.

        Raises:
            NotFound: There is no such item in this service, or it is too old.
        """
        if not is_item_id(item_id):
            raise NotFound("Item not found.")
        folder = _folder(service, item_id)
        item = _item(self.store, f"{folder}/item.json")
        if item.content is None:
            with suppress(NotFound):  # it is registered, and no more
                item = _item(self.store, f"{folder}/commit.json")
        lasts = self.rules.commit_ms if item.content is None else self.rules.keep_ms
        if self.now() >= item.date + lasts:
            raise NotFound("Item not found.")
        return item

    def add_part(self, service: str, item_id: str, number: int, body: bytes) -> Item:
        """Keep one part; a part that comes again replaces the one before.

        Raises:
            NotFound: There is no such item.
            RequestError: It is committed.
            InvalidParameter: The part has a number that no part has.
            TooLarge: It is too large.
        """
        item = self._open(service, item_id)
        if not 1 <= number <= self.rules.most_parts:
            raise InvalidParameter("partId", "it is out of range", f"1 to {self.rules.most_parts:,}")
        self._bounded(len(body))
        self.store.replace(f"{_folder(service, item_id)}/parts/{number:05d}", body)
        return item

    def parts(self, service: str, item_id: str) -> list[int]:
        """Return the numbers of an item's parts, in order.

        Raises:
            NotFound: There is no such item.
        """
        self.find(service, item_id)
        return sorted(self._parts(service, item_id))

    def commit(self, service: str, item_id: str, numbers: Sequence[int], checksum: str = "") -> Item:
        """Make a registered item usable; committing it again changes nothing.

        Args:
            service: Qualified name of the service.
            item_id: Id of the item.
            numbers: Parts in their order; none for all of them by their numbers.
            checksum: MD5, SHA-1 or SHA-256 of the bytes in hexadecimal digits, or "".

        Raises:
            NotFound: There is no such item.
            RequestError: Nothing has been uploaded.
            InvalidParameter: A part is missing, or the checksum is another.
            TooLarge: All parts together are too large.
        """
        item = self.find(service, item_id)
        if item.content is not None:
            return item
        stored = self._assembled(service, item_id, numbers, _hash_like(checksum))
        self._bounded(stored.size)
        key = f"{_folder(service, item_id)}/commit.json"
        self.store.put(key, item.committed(_content(stored)).to_bytes(), "application/json")
        return _item(self.store, key)  # of two that commit at once, one has written it

    def delete(self, service: str, item_id: str) -> None:
        """Remove an item.

        Raises:
            NotFound: There is no such item.
        """
        self.find(service, item_id)
        folder = _folder(service, item_id)
        keys = [stored.key for stored in self.store.list(f"{folder}/")]
        self.store.delete([f"{folder}/item.json"])  # nobody finds it from now on
        self.store.delete(keys)

    def link(self, service: str, item_id: str) -> str:
        """Return a link under which the file of an item can be downloaded for a while.

        Raises:
            NotFound: There is no such item, or it has not been committed.
        """
        item = self.find(service, item_id)
        if item.content is None:
            raise NotFound("The item has not been committed.")
        return self.store.presign_url(item.content.key, self.rules.link_seconds, FILE_TYPE, item.name)

    def direct(self, service: str, item_id: str) -> Mapping[str, Any]:
        """Return URL and form fields with which the file of an item is sent to the store itself.

        Raises:
            NotFound: There is no such item.
            RequestError: It is committed.
        """
        self._open(service, item_id)
        key = f"{_folder(service, item_id)}/direct"
        return self.store.presign_post(key, self.rules.link_seconds, self.rules.most_bytes)

    def fetch(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: Callable[[], None]
    ) -> LocalFile:
        """Copy the file of an item into a folder.

        Raises:
            NotFound: There is no such item in this service, or it has not been committed.
            InvalidValue: It is too large.
        """
        copied = partial(self._copied, service, item_id, folder, most_bytes)
        return Deadline(check_cancelled).wait_for(
            copied
        )  # the store may be silent for longer than a run may wait

    def _copied(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: CheckCancelled
    ) -> LocalFile:
        item = self.find(service, item_id)
        if item.content is None:
            raise NotFound("The item has not been committed.")
        if item.content.size > most_bytes:
            raise InvalidValue(f"the upload has {item.content.size:,} bytes", f"at most {most_bytes:,}")
        path = folder / item.name
        self.store.save(StoredObject(**vars(item.content)), path, check_cancelled)
        return LocalFile(path)

    def _new(self, name: str, description: str | None, parameter: str) -> Item:
        return Item(new_item_id(), self.rules.name_of(name, parameter), description, self.now())

    def _open(self, service: str, item_id: str) -> Item:
        item = self.find(service, item_id)
        if item.content is not None:
            raise RequestError("The item is committed.")
        return item

    def _write(self, service: str, item: Item) -> None:
        self.store.put(f"{_folder(service, item.id)}/item.json", item.to_bytes(), "application/json")

    def _bounded(self, size: int) -> None:
        if size > self.rules.most_bytes:
            raise TooLarge(f"The file has {size:,} bytes; at most {self.rules.most_bytes:,} are taken.")

    def _parts(self, service: str, item_id: str) -> dict[int, StoredObject]:
        prefix = f"{_folder(service, item_id)}/parts/"
        return {int(stored.key[len(prefix) :]): stored for stored in self.store.list(prefix)}

    def _assembled(self, service: str, item_id: str, numbers: Sequence[int], wanted: str) -> StoredObject:
        found = self._parts(service, item_id)
        missing = [number for number in numbers if number not in found]
        if missing:
            raise InvalidParameter("parts", f"there is no part {missing[0]}", ", ".join(map(str, found)))
        digest = hashlib.new(_HASHES[len(wanted)], usedforsecurity=False) if wanted else None
        if found:
            parts = [found[number] for number in numbers or sorted(found)]
            size = sum(part.size for part in parts)
            self._bounded(size)
            if size > self.rules.composed_bytes:
                most = f"{self.rules.composed_bytes:,} bytes are put together from parts"
                raise TooLarge(
                    f"The parts have {size:,} bytes; at most {most}. Register with presigned=true instead."
                )
            key = f"{_folder(service, item_id)}/{secrets.token_hex(8)}"
            stored = self.store.compose(key, parts, digest.update if digest else None)
        else:
            stored = self._sent_directly(service, item_id)
            if digest:
                for block in self.store.read(stored):
                    digest.update(block)
        if digest and digest.hexdigest() != wanted:
            raise InvalidParameter("checksum", f"the {digest.name} of what was uploaded is another")
        return stored

    def _sent_directly(self, service: str, item_id: str) -> StoredObject:
        try:
            return self.store.stat(f"{_folder(service, item_id)}/direct")
        except NotFound:
            raise RequestError("Nothing has been uploaded for this item yet.") from None


def _folder(service: str, item_id: str) -> str:
    return f"uploads/{service}/{item_id}"


def _item(store: UploadStore, key: str) -> Item:
    try:
        return Item.from_bytes(store.get(key))
    except NotFound:
        raise NotFound("Item not found.") from None


def _content(stored: StoredObject) -> Content:
    return Content(stored.key, stored.size, stored.etag)


def _hash_like(checksum: str) -> str:
    digits = checksum.strip().lower()
    if digits and (len(digits) not in _HASHES or not set(digits) <= set("0123456789abcdef")):
        raise InvalidParameter("checksum", "it is no checksum", "MD5, SHA-1 or SHA-256 in hexadecimal digits")
    return digits
