"""A token for a token: another one for the same user that lives no longer."""

from __future__ import annotations

from gpserverless.access.binding import Binding
from gpserverless.access.credentials import Credentials
from gpserverless.access.issued_token import IssuedToken


class Exchange:
    """Exchanges tokens."""

    def exchange(self, credentials: Credentials, binding: Binding | None, expiration: str) -> IssuedToken:
        """Return another token for the user of a token.

        It ends no later, keeps a binding, and ends with a revocation of the first. For an API key it is the
        key itself.

        Args:
            credentials: The credentials of the request, with the token.
            binding: What the new token is to be bound to, unless the first is bound.
            expiration: Minutes as they were sent, "" for the default.

        Raises:
            InvalidParameter: The expiration is no number of minutes.
            InvalidToken: The token counts no more, or never did.
        """
        raise NotImplementedError
