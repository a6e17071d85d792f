"""Handlers of the sign-in of browsers: a form, and a cookie that the pages of services read.

Nothing below "/sharing" reads the cookie, see `http.cors`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpserverless.access.audit import audit
from gpserverless.access.revocation import Revocation
from gpserverless.access.sign_in import Login, SignIn
from gpserverless.clock import Clock
from gpserverless.errors import Forbidden, InvalidSignIn
from gpserverless.http.credentials import COOKIE, read_cookie
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.pages.texts import Text
from gpserverless.protocols.sharing.body_fields import check_post
from gpserverless.protocols.sharing.cookies import write_cookie
from gpserverless.protocols.sharing.sign_in_pages import AGAIN, LOGIN, SignInForm, SignInPages
from gpserverless.protocols.sharing.urls import origin_of, own_path

_NEXT = "next"
_SIGNED_OUT = Text("You have signed out")
_NO_ACCESS = Text("This browser has no access any more.")


@dataclass(frozen=True)
class LoginHandlers:
    """Handlers of the sign-in of browsers.

    Attributes:
        sign_in: A password for a token.
        revocation: The end of a token.
        pages: The pages.
        clock: The time.
    """

    sign_in: SignIn
    revocation: Revocation
    pages: SignInPages
    clock: Clock

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"login": self.log_in, "logout": self.log_out}

    def log_in(self, request: Request) -> Response:
        """Show the form; take it, and go on to the page that was asked for.

        Args:
            request: The request.

        Raises:
            InvalidParameter: A secret is in the query.
            Forbidden: A page of another site has sent the form.
        """
        fields = {_NEXT: own_path(request.get(_NEXT), request.root)}
        if request.method != "POST":
            return self.pages.ask(request, SignInForm(LOGIN, fields))
        check_post(request)
        if _is_foreign(request):  # it would sign its reader in as somebody else
            raise Forbidden
        login = Login(request.get("username"), request.get("password"), request.address)
        try:
            issued = self.sign_in.issue(login)
        except InvalidSignIn as error:
            return self.pages.ask(request, SignInForm(LOGIN, fields, str(error)))
        audit("login", issued.user.key)
        seconds = (issued.expires - self.clock.now()) // 1000
        cookie = write_cookie(request.root, COOKIE, issued.token, seconds)
        return Response(status=303, headers={"location": fields[_NEXT], "set-cookie": cookie})

    def log_out(self, request: Request) -> Response:
        """Take the cookie back, and end its token.

        Args:
            request: The request.
        """
        if token := read_cookie(request, changes=True):
            self.revocation.revoke(token)
        page = self.pages.tell(request, _SIGNED_OUT, _NO_ACCESS, AGAIN)
        cookie = write_cookie(request.root, COOKIE, "", 0)
        return replace(page, headers={**page.headers, "set-cookie": cookie})


def _is_foreign(request: Request) -> bool:
    """Return whether a page of another site sent a form.

    Browsers tell it (www.w3.org/TR/fetch-metadata), older ones by the origin alone, and programs not at all.
    """
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    if site:
        return site not in ("same-origin", "none")
    return bool(origin) and origin.lower() != origin_of(request.root).lower()
