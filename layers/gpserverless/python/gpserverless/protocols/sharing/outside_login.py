"""Handlers of the sign-in at another issuer: the browser goes there, and comes back with a code.

The way begins at a link on the sign-in page. A cookie holds the browser to the way that it has begun, so that
nobody is signed in by a link of somebody else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from gpserverless.access.audit import audit
from gpserverless.access.oauth.authorize import Approval, AuthorizeRequest
from gpserverless.access.oauth.oauth import OAuth
from gpserverless.access.oidc.outside_sign_in import OutsideSignIn
from gpserverless.clock import Clock
from gpserverless.errors import InvalidSignIn, OAuthError
from gpserverless.http.credentials import COOKIE
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.sharing.cookies import has_cookie, write_cookie
from gpserverless.protocols.sharing.sign_in_pages import LOGIN, SignInPages
from gpserverless.protocols.sharing.urls import origin_of, own_path

CALLBACK = f"{LOGIN}/callback"
"""Path below the site to which the issuer sends browsers back."""

_COOKIE = "agsoutside"
_SECONDS = 600  # as long as a state counts
_BROWSER = "arcgisonline"  # it may come back to the site's own origin, which is where it is

Purpose = Literal["application", "browser"]


@dataclass(frozen=True)
class OutsideLoginHandlers:
    """Handlers of the sign-in at another issuer.

    Attributes:
        outside: The sign-in there.
        oauth: The core of OAuth.
        pages: The pages.
        clock: The time.
    """

    outside: OutsideSignIn
    oauth: OAuth
    pages: SignInPages
    clock: Clock

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"outside": self.leave, "callback": self.come_back}

    def leave(self, request: Request) -> Response:
        """Send a browser to the issuer: for the application of a sign-in page, or for itself.

        Args:
            request: The request.
        """
        state = request.get("oauth_state")
        purpose: Purpose = "application" if state else "browser"
        try:
            state = state or self._begin(request)
            location = self.outside.locate(state, request.root + CALLBACK)
        except OAuthError as error:
            return self.pages.refuse(request, error)
        except InvalidSignIn:
            return self.pages.fail(request)
        cookie = write_cookie(request.root, _COOKIE, _hold(purpose, state), _SECONDS, LOGIN)
        return Response(status=302, headers={"location": location, "set-cookie": cookie})

    def _begin(self, request: Request) -> str:
        """Return the state of a browser that signs in for itself; it holds the page to go on to."""
        page = own_path(request.get("next"), request.root)
        return self.oauth.begin(
            AuthorizeRequest(_BROWSER, origin_of(request.root), "token", page), request.root
        )

    def come_back(self, request: Request) -> Response:
        """Take the code of the issuer, and go on to the application or the page.

        Args:
            request: The request.
        """
        state = request.get("state")
        purposes: tuple[Purpose, ...] = ("application", "browser")
        purpose = next((p for p in purposes if has_cookie(request, _COOKIE, _hold(p, state))), None)
        if purpose is None or not request.get("code"):
            return self.pages.fail(request)
        try:
            user = self.outside.finish(state, request.get("code"), request.root + CALLBACK)
            approval = self.oauth.approve(self.oauth.read_state(state), user)
        except OAuthError as error:
            return self.pages.refuse(request, error)
        except InvalidSignIn:
            return self.pages.fail(request)
        audit("callback", user.key, application=approval.request.client_id)
        if purpose == "application":
            return self.pages.go_on(request, approval, self.clock.now())
        return self._log_in(request, approval)

    def _log_in(self, request: Request, approval: Approval) -> Response:
        if approval.token is None:  # the state of an application's code, with the cookie of a browser
            return self.pages.fail(request)
        seconds = (approval.token.expires - self.clock.now()) // 1000
        cookie = write_cookie(request.root, COOKIE, approval.token.token, seconds)
        place = own_path(approval.request.state, request.root)
        return Response(status=303, headers={"location": place, "set-cookie": cookie})


def _hold(purpose: Purpose, state: str) -> str:
    """Return the value of the cookie that holds a browser to a state."""
    return f"{purpose}.{hashlib.sha256(state.encode()).hexdigest()}"
