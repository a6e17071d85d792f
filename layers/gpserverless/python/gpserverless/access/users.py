"""The users of the site, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from gpserverless.access.keys import USER
from gpserverless.access.ports import AccessRows, Row
from gpserverless.access.user import User
from gpserverless.caller import Role


class UserChanges(TypedDict, total=False):
    """Changes of a user; the name, the directory and the time of creation never change."""

    role: Role
    full_name: str
    email: str
    groups: frozenset[str]
    disabled: bool
    not_before: int


class Users:
    """The table of users.

    Args:
        rows: The table of access.
    """

    def __init__(self, rows: AccessRows) -> None:
        self._rows = rows

    def find(self, key: str) -> User | None:
        """Return a user, or None.

        Args:
            key: Name in small letters, "" for a name that nobody can have.
        """
        row = self._rows.read(f"{USER}{key}")
        return _read_user(row) if row else None

    def insert(self, user: User) -> bool:
        """Write a new user, and return whether there was none of the name.

        Args:
            user: The user.
        """
        values = {
            "pk": f"{USER}{user.key}",
            "name": user.name,
            "created": user.created,
            "subject": user.subject,
        }
        changes: UserChanges = {
            "role": user.role,
            "full_name": user.full_name,
            "email": user.email,
            "groups": user.groups,
            "disabled": user.disabled,
            "not_before": user.not_before,
        }
        return self._rows.insert({**values, **_write_changes(changes)})

    def change(self, key: str, changes: UserChanges) -> User | None:
        """Change a user, and return the user as it is then; None if there is no such user.

        Args:
            key: Name in small letters.
            changes: The new values.
        """
        row = self._rows.change(f"{USER}{key}", _write_changes(changes), {})
        return _read_user(row) if row else None

    def list(self) -> Iterator[User]:
        """Yield all users by their names. It reads the whole table: for the command line."""
        yield from sorted((_read_user(row) for row in self._rows.list(USER)), key=lambda user: user.key)


def _write_changes(changes: UserChanges) -> Row:
    written: dict[str, object] = dict(changes)
    if "role" in changes:
        written["role"] = changes["role"].name.lower()
    if "groups" in changes:
        written["groups"] = sorted(changes["groups"])
    return written


def _read_user(row: Row) -> User:
    return User(
        row["name"],
        Role[row["role"].upper()],
        row["full_name"],
        row["email"],
        frozenset(row["groups"]),
        row["disabled"],
        row["not_before"],
        row["created"],
        row["subject"],
    )
