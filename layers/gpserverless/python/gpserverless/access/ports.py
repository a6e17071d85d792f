"""The ports of access: rows of a table, and the check of a password."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gpserverless.access.identity import Identity

Row = Mapping[str, Any]
"""A row of the table of access: plain values by attribute, the key as `pk`."""


FetchJson = Callable[[str, Mapping[str, str] | None], Any]
"""Returns the JSON of the answer to a GET of a URL, or to a form; raises `InvalidValue` if there is none."""


class AccessRows(Protocol):
    """The rows of users, passwords, keys, codes and counters.

    Every method raises `StorageError` when the table cannot be reached. Reads are strongly consistent.
    """

    def read(self, key: str) -> Row | None:
        """Return a row, or None.

        Args:
            key: Key of the row.
        """

    def insert(self, row: Row) -> bool:
        """Write a row unless there is one, and return whether it is there now, by this call or another.

        Args:
            row: The row, its key as `pk`; `ttl_at` is the second of 1970 UTC after which it may be removed.
        """

    def change(self, key: str, changes: Row, expected: Row) -> Row | None:
        """Set attributes of a row that is there, and return it; None if it has not these attributes now.

        Args:
            key: Key of the row.
            changes: The attributes to set.
            expected: Attributes that the row has before; {} for any.
        """

    def remove(self, key: str) -> Row | None:
        """Remove a row, and return it; None if there was none. Of several callers one gets the row.

        Args:
            key: Key of the row.
        """

    def add_member(self, key: str, member: str, room: int, ttl_at: int) -> bool:
        """Put a word into the set of a row, which is made if there is none.

        Args:
            key: Key of the row.
            member: The word.
            room: Most words that the set may have.
            ttl_at: Second of 1970 UTC after which the row may be removed.

        Returns:
            Whether the set has the word now. It has not if there was no room.
        """

    def remove_member(self, key: str, member: str) -> None:
        """Take a word out of the set of a row. A missing one is no error.

        Args:
            key: Key of the row.
            member: The word.
        """

    def members(self, key: str) -> frozenset[str]:
        """Return the words in the set of a row; none if there is no row.

        Args:
            key: Key of the row.
        """

    def list(self, prefix: str) -> Iterator[Row]:
        """Yield the rows whose keys begin with a prefix, in any order. It reads the whole table.

        Args:
            prefix: Beginning of the keys.
        """


@dataclass(frozen=True)
class PasswordCheck:
    """The result of comparing a password with that of a user.

    Attributes:
        matches: Whether it is the user's.
        fingerprint: A short word that is the same for the same user and password, and tells nothing of it.
        identity: What the directory tells about the user; None if the rows here tell it.
    """

    matches: bool
    fingerprint: str
    identity: Identity | None = None


class CheckPassword(Protocol):
    """Compares a password with that of a user, of this site or elsewhere."""

    def check(self, name: str, password: str) -> PasswordCheck:
        """Compare a password. It takes as long for a user that there is not.

        Args:
            name: Name of the user in small letters, "" for a name that nobody can have.
            password: Any text, however long.

        Raises:
            StorageError: The place where passwords are cannot be reached.
        """
