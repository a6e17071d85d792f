"""OAuth 2 for applications that have no secret: the sign-in page, codes, and refresh tokens."""

from __future__ import annotations

from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.issuer import Issuer
from gpserverless.access.lifetimes import REFRESH_MS
from gpserverless.access.oauth.authorize import Approval, AuthorizeRequest
from gpserverless.access.oauth.codes import Codes
from gpserverless.access.oauth.grants import CodeGrant, GrantedTokens, RefreshGrant
from gpserverless.access.oauth.refresh_tokens import RefreshClaims, RefreshTokens
from gpserverless.access.oauth.states import AuthorizeStates
from gpserverless.access.sign_in import Login, SignIn
from gpserverless.access.user import User
from gpserverless.errors import InvalidToken, OAuthError


class OAuth:
    """The core of OAuth.

    Args:
        states: Checks and signs requests for the sign-in page.
        sign_in: Signs users in.
        codes: The codes.
        refresh_tokens: Makes and reads refresh tokens.
        issuer: Makes tokens.
    """

    def __init__(
        self,
        states: AuthorizeStates,
        sign_in: SignIn,
        codes: Codes,
        refresh_tokens: RefreshTokens,
        issuer: Issuer,
    ) -> None:
        self._states = states
        self._sign_in = sign_in
        self._codes = codes
        self._refresh_tokens = refresh_tokens
        self._issuer = issuer

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
        state = self._states.make(request, root, self._issuer.now)
        self._issuer.end_of(request.expiration)
        return state

    def read_state(self, oauth_state: str) -> AuthorizeRequest:
        """Return the request of a signed state.

        Args:
            oauth_state: The state from the page's form.

        Raises:
            OAuthError: It is none of this site, or older than ten minutes.
        """
        return self._states.read(oauth_state)

    def sign_in(self, oauth_state: str, login: Login) -> Approval:
        """Sign a user in, and return what the application gets.

        Args:
            oauth_state: The state from the page's form.
            login: The try. Its binding and expiration are not used: those of the request are.

        Raises:
            OAuthError: See `read_state`.
            InvalidSignIn: Show the page again.
        """
        request = self.read_state(oauth_state)
        return self.approve(request, self._sign_in.check(login))

    def approve(self, request: AuthorizeRequest, user: User) -> Approval:
        """Return the answer to an application for a user who has signed in.

        Args:
            request: The request for the sign-in page, as `read_state` gives it.
            user: The user.
        """
        record = self._issuer.begin(user)
        if request.response_type == "code":
            return Approval(request, user, code=self._codes.add(request, record))
        token = self._issuer.issue(user, record, self._issuer.end_of(request.expiration))
        return Approval(request, user, token)

    def redeem(self, grant: CodeGrant) -> GrantedTokens:
        """Return tokens for a code, which is used up.

        Args:
            grant: The code.

        Raises:
            OAuthError: The code does not count, or belongs to another application.
            InvalidParameter: The expiration is no number of minutes.
        """
        self._issuer.end_of(grant.expiration)
        record = self._codes.take(grant)
        if record is None:
            raise OAuthError("invalid_grant", "The code does not count, or does no more.")
        refresh = RefreshClaims(record.sign_in, grant.client_id, self._issuer.now + REFRESH_MS)
        access = self._grant(refresh, grant.expiration or record.expiration)
        return GrantedTokens(access, self._refresh_tokens.issue(refresh), refresh.expires)

    def refresh(self, grant: RefreshGrant) -> GrantedTokens:
        """Return a new token for a refresh token, which stays.

        Args:
            grant: The refresh token.

        Raises:
            OAuthError: The refresh token does not count, or belongs to another application.
            InvalidParameter: The expiration is no number of minutes.
        """
        claims = self._refresh_tokens.read(grant.refresh_token)
        if claims is None or claims.client_id != grant.client_id:
            raise OAuthError("invalid_grant", "The refresh token does not count, or does no more.")
        return GrantedTokens(self._grant(claims, grant.expiration), grant.refresh_token, claims.expires)

    def _grant(self, refresh: RefreshClaims, expiration: str) -> IssuedToken:
        try:
            user = self._issuer.check.find_signed_in(refresh.sign_in)
        except InvalidToken:
            raise OAuthError("invalid_grant", "The sign-in was ended. Sign in again.") from None
        ends = min(self._issuer.end_of(expiration), refresh.expires)
        return self._issuer.issue(user, refresh.sign_in, ends)
