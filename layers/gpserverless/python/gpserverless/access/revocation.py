"""The end of a token before its time."""

from __future__ import annotations


class Revocation:
    """Revokes tokens."""

    def revoke(self, token: str) -> None:
        """End a token, a refresh token, and all tokens of the same sign-in, within a minute.

        A token that does not count is no error.

        Args:
            token: The token.

        Raises:
            InvalidParameter: It is an API key, which only the command line removes.
        """
        raise NotImplementedError
