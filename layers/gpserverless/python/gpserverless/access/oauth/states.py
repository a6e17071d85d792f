"""The states of sign-in pages: requests that were checked, and signed for ten minutes. No row is needed."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from gpserverless.access.lifetimes import MINUTE_MS
from gpserverless.access.oauth.applications import Applications
from gpserverless.access.oauth.authorize import AuthorizeRequest
from gpserverless.access.signer import MOST_CHARACTERS, Signer
from gpserverless.errors import OAuthError

LIFE_MS = 10 * MINUTE_MS
"""How long a sign-in page can be used: a page that is older may have been prepared by somebody else."""


@dataclass(frozen=True)
class AuthorizeStates:
    """Makes and reads states.

    Attributes:
        applications: The applications, and where they may be.
        signer: Signs the states.
    """

    applications: Applications
    signer: Signer

    def make(self, request: AuthorizeRequest, root: str, now: int) -> str:
        """Check a request, and return it signed.

        Args:
            request: The request.
            root: Public URL of the site: "https://example.org/arcgis".
            now: Time in ms since 1970 UTC.

        Raises:
            InvalidRedirect: The application or its redirect address is unknown.
            OAuthError: Something else is wrong.
        """
        self.applications.check(request, root)
        claims = {"request": asdict(request), "jti": secrets.token_hex(8)}
        signed = self.signer.sign(claims, now + LIFE_MS)
        if len(signed) > MOST_CHARACTERS:
            raise OAuthError("invalid_request", "The state or another field of the request is too long.")
        return signed

    def read(self, oauth_state: str) -> AuthorizeRequest:
        """Return the request of a state.

        Args:
            oauth_state: The state.

        Raises:
            OAuthError: It is none of this site, or too old.
        """
        claims = self.signer.read(oauth_state, ("request",))
        if claims is None:
            raise OAuthError("invalid_request", "The sign-in page is too old. Go back to the application.")
        return AuthorizeRequest(**claims["request"])
