"""The end of a token before its time."""

from __future__ import annotations

from gpserverless.access.api_keys import PREFIX
from gpserverless.access.denials import Denials
from gpserverless.access.lifetimes import REFRESH_MS
from gpserverless.access.oauth.refresh_tokens import RefreshTokens
from gpserverless.access.tokens import Tokens
from gpserverless.clock import Clock
from gpserverless.errors import InvalidParameter


class Revocation:
    """Revokes tokens.

    Args:
        tokens: Reads tokens.
        refresh_tokens: Reads refresh tokens.
        denials: The sign-ins that were ended.
        clock: The time.
    """

    def __init__(self, tokens: Tokens, refresh_tokens: RefreshTokens, denials: Denials, clock: Clock) -> None:
        self._tokens = tokens
        self._refresh_tokens = refresh_tokens
        self._denials = denials
        self._clock = clock

    def revoke(self, token: str) -> None:
        """End a token, a refresh token, and all tokens of the same sign-in, within a minute.

        A token that does not count is no error.

        Args:
            token: The token.

        Raises:
            InvalidParameter: It is an API key, which only the command line removes.
        """
        if token.startswith(PREFIX):
            raise InvalidParameter("token", "it is an API key", "a token; a key is removed where it was made")
        found = self._tokens.read(token) or self._refresh_tokens.read(token)
        if found is not None:
            # Another token of the sign-in may live as long as this.
            self._denials.add(found.sign_in.id, self._clock.now() + REFRESH_MS)
