"""The rows of users whose directory is elsewhere."""

from __future__ import annotations

import logging

from gpserverless.access.identity import Identity
from gpserverless.access.user import User
from gpserverless.access.users import UserChanges, Users

logger = logging.getLogger(__name__)


class OutsideUsers:
    """Keeps the rows of users whose directory is elsewhere: what it tells at each sign-in holds.

    Args:
        users: The users.
    """

    def __init__(self, users: Users) -> None:
        self._users = users

    def enter(self, identity: Identity, now: int) -> User | None:
        """Return the user of an identity, as its row is from now on; None if the name is another user's.

        Whoever chooses a name elsewhere must not become a user of that name here. Without a group that gives
        a role, the role of the row stays; that of a new row is `USER`.

        Args:
            identity: The identity.
            now: Time in ms since 1970 UTC.

        Raises:
            StorageError: The table cannot be reached.
        """
        key = identity.name.lower()
        self._users.insert(User(identity.name, created=now, subject=identity.subject))
        found = self._users.find(key)
        if found is None or found.subject != identity.subject:
            logger.warning("a user of another directory has the name of a user here", extra={"user": key})
            return None
        changes: UserChanges = {
            "groups": identity.groups,
            "full_name": identity.full_name,
            "email": identity.email,
        }
        if identity.role is not None:
            changes["role"] = identity.role
        return self._users.change(key, changes)
