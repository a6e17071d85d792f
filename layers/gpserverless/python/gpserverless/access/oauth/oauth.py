"""OAuth 2 for applications that have no secret: the sign-in page, codes, and refresh tokens."""

from __future__ import annotations

from gpserverless.access.oauth.authorize import Approval, AuthorizeRequest
from gpserverless.access.oauth.grants import CodeGrant, GrantedTokens, RefreshGrant
from gpserverless.access.sign_in import Login


class OAuth:
    """The core of OAuth."""

    def begin(self, request: AuthorizeRequest, root: str) -> str:
        """Check a request for the sign-in page, and return its signed state for the page's form.

        Args:
            request: The request.
            root: Public URL of the site: "https://example.org/arcgis".

        Raises:
            InvalidRedirect: The application or its redirect address is unknown: show a page, do not redirect.
            OAuthError: Something else is wrong; this too is a page.
            InvalidParameter: The expiration is no number of minutes.
        """
        raise NotImplementedError

    def read_state(self, oauth_state: str) -> AuthorizeRequest:
        """Return the request of a signed state.

        Args:
            oauth_state: The state from the page's form.

        Raises:
            OAuthError: It is none of this site, or older than ten minutes.
        """
        raise NotImplementedError

    def sign_in(self, oauth_state: str, login: Login) -> Approval:
        """Sign a user in, and return what the application gets.

        Args:
            oauth_state: The state from the page's form.
            login: The try. Its binding and expiration are not used: those of the request are.

        Raises:
            OAuthError: See `read_state`.
            InvalidSignIn: Show the page again.
        """
        raise NotImplementedError

    def redeem(self, grant: CodeGrant) -> GrantedTokens:
        """Return tokens for a code, which is used up.

        Args:
            grant: The code.

        Raises:
            OAuthError: The code does not count, or belongs to another application.
        """
        raise NotImplementedError

    def refresh(self, grant: RefreshGrant) -> GrantedTokens:
        """Return a new token for a refresh token, which stays.

        Args:
            grant: The refresh token.

        Raises:
            OAuthError: The refresh token does not count, or belongs to another application.
            InvalidParameter: The expiration is no number of minutes.
        """
        raise NotImplementedError
