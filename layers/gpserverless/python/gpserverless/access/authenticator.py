"""The caller of a request, told by its token or key."""

from __future__ import annotations

from gpserverless.access.api_keys import ApiKeys
from gpserverless.access.credentials import Credentials
from gpserverless.access.denials import Denials
from gpserverless.access.lifetimes import MINUTE_MS
from gpserverless.access.ports import AccessRows
from gpserverless.access.signing_keys import SigningKeys
from gpserverless.access.timed_cache import TimedCache
from gpserverless.access.token_check import TokenCheck
from gpserverless.access.tokens import Tokens
from gpserverless.access.users import Users
from gpserverless.caller import ANYBODY, Caller
from gpserverless.clock import Clock

CACHE_MS = MINUTE_MS
"""How long a right may still count that was taken away."""


class Authenticator:
    """Tells callers; an object of it is an `Identify`.

    The first token of a user costs two reads of the table, a key two. For a minute after it, they cost none.

    Args:
        rows: The table.
        site: Name of the site in tokens.
        clock: The time.
    """

    def __init__(self, rows: AccessRows, site: str, clock: Clock) -> None:
        self._check = TokenCheck(
            Tokens(SigningKeys(rows, clock), site, clock),
            TimedCache(Users(rows).find, CACHE_MS, clock),
            TimedCache(Denials(rows).has, CACHE_MS, clock),
            TimedCache(ApiKeys(rows).find, CACHE_MS, clock),
            clock,
        )

    def __call__(self, credentials: Credentials) -> Caller:
        """Return the caller of credentials.

        Args:
            credentials: The credentials of the request.

        Raises:
            InvalidToken: The token counts no more, or never did.
            StorageError: The table cannot be reached.
        """
        return self._check.identify(credentials) if credentials.token else ANYBODY
