"""The rows of users whose directory is elsewhere."""

from __future__ import annotations

from gpserverless.access.identity import Identity
from gpserverless.access.user import User
from gpserverless.access.users import UserChanges, Users
from gpserverless.errors import StorageError


class OutsideUsers:
    """Keeps the rows of users whose directory is elsewhere: what it tells at each sign-in holds.

    Args:
        users: The users.
    """

    def __init__(self, users: Users) -> None:
        self._users = users

    def enter(self, identity: Identity, now: int) -> User:
        """Return the user of an identity, as its row is from now on.

        Without a group that gives a role, the role of the row stays; that of a new row is `USER`.

        Args:
            identity: The identity.
            now: Time in ms since 1970 UTC.

        Raises:
            StorageError: The table cannot be reached.
        """
        key = identity.name.lower()
        changes: UserChanges = {
            "groups": identity.groups,
            "full_name": identity.full_name,
            "email": identity.email,
        }
        if identity.role is not None:
            changes["role"] = identity.role
        self._users.insert(User(identity.name, created=now))
        user = self._users.change(key, changes)
        if user is None:
            raise StorageError(f"the row of {key} is gone")
        return user
