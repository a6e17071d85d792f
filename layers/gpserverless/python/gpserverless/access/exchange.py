"""A token for a token: another one for the same user that lives no longer."""

from __future__ import annotations

from gpserverless.access.api_keys import PREFIX
from gpserverless.access.binding import Binding
from gpserverless.access.credentials import Credentials
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.issuer import Issuer


class Exchange:
    """Exchanges tokens.

    Args:
        issuer: Makes tokens.
    """

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    def exchange(self, credentials: Credentials, binding: Binding | None, expiration: str) -> IssuedToken:
        """Return another token for the user of a token.

        It ends no later, keeps a binding, and ends with a revocation of the first. For an API key it is the
        key itself: a token would do more than the key may, and outlive its removal.

        Args:
            credentials: The credentials of the request, with the token.
            binding: What the new token is to be bound to, unless the first is bound.
            expiration: Minutes as they were sent, "" for the default.

        Raises:
            InvalidParameter: The expiration is no number of minutes.
            InvalidToken: The token counts no more, or never did.
        """
        ends = self._issuer.end_of(expiration)
        if credentials.token.startswith(PREFIX):
            key, owner = self._issuer.check.check_key(credentials.token)
            return IssuedToken(credentials.token, key.expires, owner)
        old, user = self._issuer.check.check_token(credentials)
        return self._issuer.issue(user, old.sign_in, min(ends, old.expires), old.binding or binding)
