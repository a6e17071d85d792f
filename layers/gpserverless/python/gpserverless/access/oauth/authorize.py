"""A request for the sign-in page, and where the browser goes after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.user import User

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""The redirect address of applications that cannot be redirected to: a page shows the code."""


@dataclass(frozen=True)
class AuthorizeRequest:
    """The fields of a request for the sign-in page, as they were sent.

    Attributes:
        client_id: Id of the application.
        redirect_uri: Where the browser goes after the sign-in.
        response_type: "code" or "token".
        state: Text that the application gets back.
        expiration: Minutes of the token, "" for the default.
        code_challenge: Hash of a secret of the application, which redeems the code.
        code_challenge_method: How it was hashed: "S256".
    """

    client_id: str
    redirect_uri: str
    response_type: str
    state: str = ""
    expiration: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""


@dataclass(frozen=True)
class Approval:
    """The result of a sign-in on the page: a token or a code for the application.

    Attributes:
        request: The request that began it.
        user: The user.
        token: The token, if one was asked for.
        code: The code, if one was asked for. It is not shown when the object is printed.
    """

    request: AuthorizeRequest
    user: User
    token: IssuedToken | None = None
    code: str = field(default="", repr=False)

    @property
    def is_out_of_band(self) -> bool:
        """Whether a page shows the code, since there is nowhere to go."""
        return self.request.redirect_uri == OUT_OF_BAND

    def location(self, now: int) -> str:
        """Return the address to which the browser goes, with the token or the code.

        Args:
            now: Time in ms since 1970 UTC, from which `expires_in` counts.
        """
        uri = self.request.redirect_uri
        state = {"state": self.request.state} if self.request.state else {}
        if self.token is None:
            return f"{uri}{'&' if '?' in uri else '?'}{urlencode({'code': self.code, **state})}"
        values = {
            "access_token": self.token.token,
            "expires_in": (self.token.expires - now) // 1000,
            "username": self.user.name,
            "ssl": "true",
        }
        return f"{uri}#{urlencode({**values, **state})}"
