"""From the parts of an item, or the bytes that were sent to the store itself, to one object with a checksum.

Both are unfinished until the item is committed: the store removes unfinished objects after a day.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gpserverless.errors import InvalidParameter, NotFound, RequestError, StorageError, TooLarge
from gpserverless.uploads.item import UploadRules
from gpserverless.uploads.ports import StoredObject, UploadStore

_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}


@dataclass(frozen=True)
class Assembly:
    """The bytes of an item before its commit.

    Attributes:
        store: The object store.
        rules: The limits of uploads.
        folder: Beginning of the keys of the item's objects.
        charge: Counts bytes of the caller before they are kept; raises `QuotaReached`.
    """

    store: UploadStore
    rules: UploadRules
    folder: str
    charge: Callable[[int], None]

    @property
    def direct_key(self) -> str:
        """Key of the bytes that are sent to the store itself."""
        return f"{self.folder}/direct"

    def list_parts(self) -> dict[int, StoredObject]:
        """Return the parts by their numbers, in order."""
        prefix = f"{self.folder}/parts/"
        found = {int(stored.key[len(prefix) :]): stored for stored in self.store.list(prefix)}
        return dict(sorted(found.items()))

    def add_part(self, number: int, body: bytes) -> None:
        """Store one part. A part that comes again replaces the one before.

        Args:
            number: Number of the part, from 1.
            body: The bytes of the part.

        Raises:
            InvalidParameter: The number is out of range.
            TooLarge: All parts together would be too large; this one is not stored.
            QuotaReached: The caller has used up a quota; this one is not stored.
        """
        if not 1 <= number <= self.rules.most_parts:
            raise InvalidParameter("partId", "it is out of range", f"1 to {self.rules.most_parts:,}")
        self._check_composed_size(
            len(body) + sum(part.size for other, part in self.list_parts().items() if other != number)
        )
        self.charge(len(body))
        self.store.replace(f"{self.folder}/parts/{number:05d}", body, unfinished=True)

    def make_object(self, numbers: Sequence[int], checksum: str) -> StoredObject:
        """Return the object with all bytes of the item, which is kept.

        Args:
            numbers: Numbers of the parts in the order of their bytes; empty for all parts in ascending order.
            checksum: MD5, SHA-1 or SHA-256 that the bytes must have, in hexadecimal digits, or "".

        Raises:
            RequestError: Nothing has been uploaded.
            InvalidParameter: A part is missing, or the checksum is another or cannot be computed in time.
            TooLarge: All parts together are too large.
            QuotaReached: The caller has used up a quota.
        """
        checksum = _parse_checksum(checksum)
        found = self.list_parts()
        missing = [number for number in numbers if number not in found]
        if missing:
            raise InvalidParameter("parts", f"there is no part {missing[0]}", ", ".join(map(str, found)))
        if found:
            return self._compose([found[number] for number in numbers or found], checksum)
        stored = self._find_direct()
        self.rules.check_size(stored.size)
        self.charge(stored.size)
        if checksum:
            self._check_sum(stored, checksum)
        self.store.keep(stored.key)
        return stored

    def remove_leftovers(self, made: StoredObject, committed: StoredObject | None) -> None:
        """Remove the parts of a committed item, and an object that was made and is not the committed one.

        Args:
            made: The object that this commit has made.
            committed: The object that the item has.
        """
        leftovers = [part.key for part in self.list_parts().values()]
        if committed is not None and made.key != committed.key:  # another commit was faster
            leftovers.append(made.key)
        with suppress(StorageError):  # they expire, too
            self.store.delete(leftovers)

    def _compose(self, parts: Sequence[StoredObject], checksum: str) -> StoredObject:
        self._check_composed_size(sum(part.size for part in parts))
        digest = _make_digest(checksum) if checksum else None
        key = f"{self.folder}/{secrets.token_hex(8)}"
        stored = self.store.compose(key, parts, digest.update if digest else None)
        if digest and digest.hexdigest() != checksum:
            self.store.delete([key])
            raise _other_checksum(digest.name)
        return stored

    def _check_sum(self, stored: StoredObject, checksum: str) -> None:
        """Raise unless an object has a checksum; the store knows the MD5, however large the object is."""
        digest = _make_digest(checksum)
        known = self.store.find_md5(stored) if digest.name == "md5" else ""
        if not known and stored.size > self.rules.read_bytes:
            what = (
                f"the {digest.name} of more than {self.rules.read_bytes:,} bytes cannot be computed in time"
            )
            raise InvalidParameter("checksum", what, "the MD5 of the file, or none")
        if not known:
            for block in self.store.read(stored):
                digest.update(block)
        if (known or digest.hexdigest()) != checksum:
            raise _other_checksum(digest.name)

    def _check_composed_size(self, size: int) -> None:
        self.rules.check_size(size)
        if size > self.rules.composed_bytes:
            most = f"{self.rules.composed_bytes:,} bytes are put together from parts"
            raise TooLarge(
                f"The parts have {size:,} bytes; at most {most}. Register with presigned=true instead."
            )

    def _find_direct(self) -> StoredObject:
        try:
            return self.store.stat(self.direct_key)
        except NotFound:
            raise RequestError("Nothing has been uploaded for this item yet.") from None


def _parse_checksum(checksum: str) -> str:
    digits = checksum.strip().lower()
    if digits and (len(digits) not in _HASHES or not set(digits) <= set("0123456789abcdef")):
        raise InvalidParameter("checksum", "it is no checksum", "MD5, SHA-1 or SHA-256 in hexadecimal digits")
    return digits


def _make_digest(checksum: str) -> hashlib._Hash:
    """Return the digest of the kind that a checksum is."""
    return hashlib.new(_HASHES[len(checksum)], usedforsecurity=False)


def _other_checksum(name: str) -> InvalidParameter:
    return InvalidParameter("checksum", f"the {name} of what was uploaded is another")
