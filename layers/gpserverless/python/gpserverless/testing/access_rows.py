"""The table of access in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gpserverless.access.ports import Row


class InMemoryAccessRows:
    """Rows of users, keys, codes and counters in a dictionary. Nothing expires by itself.

    Attributes:
        rows: The rows by key.
        reads: Keys of the rows that were asked for, in their order.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.reads: list[str] = []

    def read(self, key: str) -> Row | None:
        """Return a row, or None."""
        self.reads.append(key)
        return dict(self.rows[key]) if key in self.rows else None

    def insert(self, row: Row) -> bool:
        """Write a row unless there is one, and return whether it was written."""
        return self.rows.setdefault(row["pk"], dict(row)) == row

    def change(self, key: str, changes: Row, expected: Row) -> Row | None:
        """Set attributes of a row that is there, and return it, or None if nothing was changed."""
        row = self.rows.get(key)
        if row is None:
            return None
        if row == {**row, **expected}:
            row.update(changes)
        return dict(row) if row == {**row, **changes} else None

    def remove(self, key: str) -> Row | None:
        """Remove a row, and return it; None if there was none."""
        return self.rows.pop(key, None)

    def add_member(self, key: str, member: str, room: int, ttl_at: int) -> bool:
        """Put a word into the set of a row, and return whether the set has it."""
        members = self.members(key)
        if member not in members and len(members) >= room:
            return False
        self.rows[key] = {"pk": key, "members": members | {member}, "ttl_at": ttl_at}
        return True

    def remove_member(self, key: str, member: str) -> None:
        """Take a word out of the set of a row."""
        if key in self.rows:
            self.rows[key]["members"] = self.members(key) - {member}

    def members(self, key: str) -> frozenset[str]:
        """Return the words in the set of a row; none if there is no row."""
        found: frozenset[str] = self.rows.get(key, {}).get("members", frozenset())
        return found

    def list(self, prefix: str) -> Iterator[Row]:
        """Yield the rows whose keys begin with a prefix."""
        yield from [dict(row) for key, row in self.rows.items() if key.startswith(prefix)]
