"""The changes of an administrator: users, passwords, roles, groups."""

from __future__ import annotations

from gpserverless.access.passwords import Passwords
from gpserverless.access.ports import AccessRows
from gpserverless.access.user import User, check_group, check_name, key_of_name
from gpserverless.access.users import UserChanges, Users
from gpserverless.clock import Clock
from gpserverless.errors import InvalidValue


class Administration:
    """Changes users. There is no removal: a new user of the same name would own the jobs of the old one.

    Args:
        rows: The table of access.
        clock: The time.
        passwords: The passwords; None for those of the table, at their usual cost.
    """

    def __init__(self, rows: AccessRows, clock: Clock, passwords: Passwords | None = None) -> None:
        self.users = Users(rows)
        self._passwords = passwords or Passwords(rows)
        self._clock = clock

    def add(self, user: User, password: str) -> User:
        """Add a user, and return it with the time of its creation.

        Args:
            user: The user.
            password: The password.

        Raises:
            InvalidValue: The name, a group or the password cannot be, or there is such a user.
        """
        check_name(user.name)
        for group in user.groups:
            check_group(group)
        self._passwords.check_new(password)
        made = User(user.name, user.role, user.full_name, user.email, user.groups, created=self._clock.now())
        if not self.users.insert(made):
            raise InvalidValue(f"there is a user '{made.key}'", "a name that differs in more than capitals")
        self._passwords.set(made.key, password)
        return made

    def find(self, name: str) -> User:
        """Return a user.

        Args:
            name: The name, in any capitals.

        Raises:
            InvalidValue: There is no such user.
        """
        user = self.users.find(key_of_name(name))
        if user is None:
            raise InvalidValue(f"there is no user '{name[:128]}'", "a name of the list of users")
        return user

    def set_password(self, name: str, password: str) -> User:
        """Give a user another password, which ends all tokens of the user within a minute.

        Args:
            name: The name.
            password: The password.

        Raises:
            InvalidValue: There is no such user, or the password cannot be.
        """
        user = self.find(name)
        self._passwords.set(user.key, password)
        return self._change(name, {"not_before": self._clock.now()})

    def disable(self, name: str) -> User:
        """Keep a user out: no sign-in, and no token or key counts any more within a minute.

        Args:
            name: The name.

        Raises:
            InvalidValue: There is no such user.
        """
        return self._change(name, {"disabled": True, "not_before": self._clock.now()})

    def enable(self, name: str) -> User:
        """Let a user in again. Tokens from before stay ended; keys count again.

        Args:
            name: The name.

        Raises:
            InvalidValue: There is no such user.
        """
        return self._change(name, {"disabled": False})

    def change(self, name: str, changes: UserChanges) -> User:
        """Change the role, the groups or the names of a user.

        Args:
            name: The name.
            changes: The new values.

        Raises:
            InvalidValue: There is no such user, or a group cannot be.
        """
        for group in changes.get("groups", ()):
            check_group(group)
        return self._change(name, changes)

    def _change(self, name: str, changes: UserChanges) -> User:
        user = self.users.change(self.find(name).key, changes)
        return user or self.find(name)
