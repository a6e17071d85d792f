"""The grants that an application sends for a token, and the tokens that it gets."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpserverless.access.issued_token import IssuedToken


@dataclass(frozen=True)
class CodeGrant:
    """A code to be redeemed.

    Attributes:
        code: The code.
        client_id: Id of the application.
        redirect_uri: The redirect address of the request for the sign-in page.
        code_verifier: The secret of the application whose hash was the challenge.
        expiration: Minutes of the token as they were sent, "" for those of the request for the page.
    """

    code: str = field(repr=False)
    client_id: str
    redirect_uri: str
    code_verifier: str = field(default="", repr=False)
    expiration: str = ""


@dataclass(frozen=True)
class RefreshGrant:
    """A refresh token to be used.

    Attributes:
        refresh_token: The refresh token.
        client_id: Id of the application.
        expiration: Minutes of the new token as they were sent, "" for the default.
    """

    refresh_token: str = field(repr=False)
    client_id: str
    expiration: str = ""


@dataclass(frozen=True)
class GrantedTokens:
    """The answer to a grant.

    Attributes:
        access: The token.
        refresh_token: Token for further ones. It is not shown when the object is printed.
        refresh_expires: End of its life in ms since 1970 UTC.
    """

    access: IssuedToken
    refresh_token: str = field(repr=False)
    refresh_expires: int
