"""The caller of a request, told by its token or key."""

from __future__ import annotations

from gpserverless.access.credentials import Credentials
from gpserverless.access.ports import AccessRows
from gpserverless.caller import Caller
from gpserverless.clock import Clock


class Authenticator:
    """Tells callers; an object of it is an `Identify`.

    A token costs two reads of the table, a key two, and the next 60 s of the same process none.

    Args:
        rows: The table.
        site: Name of the site in tokens.
        clock: The time.
    """

    def __init__(self, rows: AccessRows, site: str, clock: Clock) -> None:
        raise NotImplementedError

    def __call__(self, credentials: Credentials) -> Caller:
        """Return the caller of credentials.

        Args:
            credentials: The credentials of the request.

        Raises:
            InvalidToken: The token counts no more, or never did.
            StorageError: The table cannot be reached.
        """
        raise NotImplementedError
