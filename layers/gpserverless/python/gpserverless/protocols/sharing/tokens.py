"""Handler of generateToken: a token for a password, or for another token."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.access.audit import audit
from gpserverless.access.binding import Binding, read_binding
from gpserverless.access.credentials import Credentials
from gpserverless.access.exchange import Exchange
from gpserverless.access.issued_token import IssuedToken
from gpserverless.access.sign_in import Login, SignIn
from gpserverless.errors import InvalidParameter
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.protocols.sharing import documents
from gpserverless.protocols.sharing.body_fields import check_post
from gpserverless.protocols.sharing.urls import is_own_url


@dataclass(frozen=True)
class TokenHandlers:
    """Handler of generateToken, which has one form at all its addresses.

    Attributes:
        sign_in: A password for a token.
        exchange: A token for a token.
    """

    sign_in: SignIn
    exchange: Exchange

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"generateToken": self.generate}

    def generate(self, request: Request) -> Response:
        """Answer with a token.

        Clients differ in everything but `username` and `password`: some send neither `client` nor `referer`,
        some no `request`. A form with `token` and without `password` is an exchange.

        Args:
            request: The request.

        Raises:
            MethodNotAllowed: It is no POST.
            InvalidParameter: A field is wrong, or a secret is in the query.
            InvalidSignIn: Name or password are wrong.
            InvalidToken: The token to be exchanged does not count.
        """
        check_post(request)
        referer, ip = request.get("referer").strip(), request.get("ip").strip()
        binding = read_binding(request.get("client").strip(), referer, ip, request.address)
        is_exchange = request.get("token") and "password" not in request.form
        issued = self._exchange(request, binding) if is_exchange else self._sign_in(request, binding)
        audit("exchange" if is_exchange else "generateToken", issued.user.key)
        return write(documents.token(issued, request.root), request.answer_format)

    def _sign_in(self, request: Request, binding: Binding | None) -> IssuedToken:
        name, password = request.get("username"), request.get("password")
        expiration = request.get("expiration").strip()
        return self.sign_in.issue(Login(name, password, request.address, binding, expiration))

    def _exchange(self, request: Request, binding: Binding | None) -> IssuedToken:
        """Exchange a token. A client takes the new one to `serverUrl`, so it must be of this site."""
        server = request.get("serverUrl").strip()
        if server and not is_own_url(server, request.root):
            raise InvalidParameter("serverUrl", "it is not on this site", f"URLs below {request.root}")
        credentials = Credentials(
            request.get("token").strip(), request.headers.get("referer", ""), request.address
        )
        return self.exchange.exchange(credentials, binding, request.get("expiration").strip())
