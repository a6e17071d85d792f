"""Refresh tokens: signed like tokens, for their application alone."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.access.signer import Signer
from gpserverless.access.signing_keys import SigningKeys
from gpserverless.access.tokens import SignInRecord, read_sign_in, write_sign_in
from gpserverless.clock import Clock

_REQUIRED = ("sub", "role", "iat", "jti", "client_id")


@dataclass(frozen=True)
class RefreshClaims:
    """The claims of a refresh token.

    Attributes:
        sign_in: The sign-in that it stems from.
        client_id: Id of the application.
        expires: End of its life in ms since 1970 UTC.
    """

    sign_in: SignInRecord
    client_id: str
    expires: int


class RefreshTokens:
    """Makes and reads refresh tokens.

    Args:
        keys: The keys of the site.
        site: Name of the site.
        clock: The time.
    """

    def __init__(self, keys: SigningKeys, site: str, clock: Clock) -> None:
        self._signer = Signer(keys, f"refresh {site}", clock)

    def issue(self, claims: RefreshClaims) -> str:
        """Return a refresh token.

        Args:
            claims: Its claims.
        """
        written = {**write_sign_in(claims.sign_in), "client_id": claims.client_id}
        return self._signer.sign(written, claims.expires)

    def read(self, token: str) -> RefreshClaims | None:
        """Return the claims of a refresh token; None if it counts no more, or never did.

        Args:
            token: Any text, however long.
        """
        claims = self._signer.read(token, _REQUIRED)
        if claims is None:
            return None
        return RefreshClaims(read_sign_in(claims), claims["client_id"], claims["exp"] * 1000)
