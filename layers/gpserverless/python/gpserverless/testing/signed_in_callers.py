"""The callers who have signed in to a site in memory."""

from __future__ import annotations

import secrets

from gpserverless.access.credentials import Credentials
from gpserverless.access.user import User
from gpserverless.caller import Caller, Role
from gpserverless.errors import InvalidToken


class SignedInCallers:
    """Callers by their tokens, which never expire."""

    def __init__(self) -> None:
        self._callers: dict[str, Caller] = {}

    def add(self, caller: Caller) -> str:
        """Sign a caller in, and return the token.

        Args:
            caller: The caller.
        """
        token = secrets.token_hex(16)
        self._callers[token] = caller
        return token

    def identify(self, credentials: Credentials) -> Caller:
        """Return the caller of a request.

        Args:
            credentials: Those of the request.

        Raises:
            InvalidToken: The token is nobody's.
        """
        if credentials.token not in self._callers:
            raise InvalidToken
        return self._callers[credentials.token]

    def find_user(self, name: str) -> User | None:
        """Return the user of a name, if one has signed in.

        Args:
            name: The name, in any letters.
        """
        found = next((c for c in self._callers.values() if c.name == name.lower()), None)
        return User(found.name, found.role or Role.USER, groups=found.groups) if found else None
