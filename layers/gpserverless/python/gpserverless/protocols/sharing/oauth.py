"""Handlers of OAuth: the sign-in page, its form, and tokens for applications.

The ArcGIS API for Python signs in with a password by reading the page: the first line with braces must be the
data block, and the title of the page with a code begins with "SUCCESS code=".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.access.audit import audit
from gpserverless.access.oauth.authorize import AuthorizeRequest
from gpserverless.access.oauth.grants import CodeGrant, RefreshGrant
from gpserverless.access.oauth.oauth import OAuth
from gpserverless.access.revocation import Revocation
from gpserverless.access.sign_in import Login
from gpserverless.clock import Clock
from gpserverless.errors import InvalidParameter, InvalidSignIn, OAuthError
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.pages.texts import Text
from gpserverless.protocols.sharing import documents
from gpserverless.protocols.sharing.body_fields import check_post
from gpserverless.protocols.sharing.sign_in_pages import SignInForm, SignInPages

_FORM = "/sharing/oauth2/signin"
_APPLICATIONS = {
    "pythonapi": Text("the ArcGIS API for Python"),
    "arcgisonline": Text("an ArcGIS application"),
}
_CHALLENGE = ("code_challenge", "code_challenge_method")
_KINDS = "The grant_type is authorization_code or refresh_token."


@dataclass(frozen=True)
class OAuthHandlers:
    """Handlers of OAuth.

    Attributes:
        oauth: The core of OAuth.
        revocation: The end of a token.
        pages: The pages.
        clock: The time.
    """

    oauth: OAuth
    revocation: Revocation
    pages: SignInPages
    clock: Clock

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {
            "authorize": self.authorize,
            "signIn": self.sign_in,
            "token": self.grant,
            "revokeToken": self.revoke,
        }

    def authorize(self, request: Request) -> Response:
        """Show the sign-in page to the user of an application.

        A mistake in the application's request is told on a page: nobody is sent to its address.

        Args:
            request: The request.
        """
        names = (*("client_id", "redirect_uri", "response_type", "state", "expiration"), *_CHALLENGE)
        asked = AuthorizeRequest(**{name: request.get(name) for name in names})
        try:
            state = self.oauth.begin(asked, request.root)
        except (OAuthError, InvalidParameter) as error:
            return self.pages.refuse(request, error)
        return self._ask(request, asked, state)

    def sign_in(self, request: Request) -> Response:
        """Take the form of the sign-in page, and send the browser back to the application.

        Args:
            request: The request.

        Raises:
            MethodNotAllowed: It is no POST.
            InvalidParameter: A secret is in the query.
        """
        check_post(request)
        state = request.get("oauth_state")
        login = Login(request.get("username"), request.get("password"), request.address)
        try:
            approval = self.oauth.sign_in(state, login)
        except InvalidSignIn as error:
            return self._ask(request, self.oauth.read_state(state), state, str(error))
        except OAuthError as error:
            return self.pages.refuse(request, error)
        audit("signIn", approval.user.key, application=approval.request.client_id)
        return self.pages.go_on(request, approval, self.clock.now())

    def _ask(self, request: Request, asked: AuthorizeRequest, state: str, message: str = "") -> Response:
        fields = {"oauth_state": state}
        data: dict[str, Any] = {**fields, "messages": [message]} if message else {**fields}
        name = _APPLICATIONS.get(asked.client_id, asked.client_id)
        form = SignInForm(_FORM, fields, message, application=name, data=data)
        return self.pages.ask(request, form, leads_to=asked.redirect_uri)

    def grant(self, request: Request) -> Response:
        """Answer a grant of an application with a token.

        Args:
            request: The request.

        Raises:
            MethodNotAllowed: It is no POST.
            InvalidParameter: A secret is in the query, or the expiration is no number.
        """
        check_post(request)
        kind, client = request.get("grant_type"), request.get("client_id")
        try:
            if kind == "authorization_code":
                code, verifier = request.get("code"), request.get("code_verifier")
                tokens = self.oauth.redeem(CodeGrant(code, client, request.get("redirect_uri"), verifier))
            elif kind == "refresh_token":
                refresh, expiration = request.get("refresh_token"), request.get("expiration")
                tokens = self.oauth.refresh(RefreshGrant(refresh, client, expiration))
            else:
                raise OAuthError("unsupported_grant_type", _KINDS)
        except OAuthError as error:
            return write(documents.oauth_error(error.code, str(error)), request.answer_format)
        audit("token", tokens.access.user.key, application=client)
        return write(documents.granted(tokens, request.root, self.clock.now()), request.answer_format)

    def revoke(self, request: Request) -> Response:
        """End a token.

        Args:
            request: The request.

        Raises:
            MethodNotAllowed: It is no POST.
            InvalidParameter: A secret is in the query, or it is a key, which is not ended so.
        """
        check_post(request)
        self.revocation.revoke(request.get("auth_token"))
        return write({"success": True}, request.answer_format)
