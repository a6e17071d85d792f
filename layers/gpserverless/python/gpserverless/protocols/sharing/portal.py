"""Handlers of the portal: itself, the caller, and its users. None of them reads a password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from gpserverless.access.user import User
from gpserverless.errors import NotFound, RequestError, TokenRequired
from gpserverless.http.dispatch import Handlers
from gpserverless.http.event import SITE
from gpserverless.http.request import Request
from gpserverless.http.response import Response, redirect_request
from gpserverless.http.write import write
from gpserverless.protocols.sharing import documents
from gpserverless.protocols.sharing.routes import SIGN_IN, find_route_of_portal

FindUser = Callable[[str], User | None]
"""Returns the user of a name in any letter case, None if there is none; raises `StorageError`."""


@dataclass(frozen=True)
class PortalHandlers:
    """Handlers of the portal.

    Attributes:
        find_user: Finds users.
    """

    find_user: FindUser

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {
            "portal": self.get_portal,
            "portalInfo": self.get_info,
            "portalSelf": self.get_self,
            "roles": self.list_roles,
            "communitySelf": self.get_caller,
            "user": self.get_user,
            "unknown": self.refuse_unknown,
            **dict.fromkeys(SIGN_IN, self.redirect),
        }

    def get_portal(self, request: Request) -> Response:
        """Describe the root of the portal.

        Args:
            request: The request.
        """
        return write(documents.portal(), request.answer_format)

    def get_info(self, request: Request) -> Response:
        """Tell where tokens come from.

        Args:
            request: The request.
        """
        return write(documents.info(request.root), request.answer_format)

    def get_self(self, request: Request, portal: str) -> Response:
        """Describe the portal as the caller sees it, anybody too: clients ask before anybody has signed in.

        Args:
            request: The request.
            portal: "self", or the id of this portal.

        Raises:
            NotFound: It is another portal.
        """
        _check_portal(portal, request)
        user = self._find_caller(request) if request.caller.is_signed_in else None
        return write(documents.portal_self(request.root, user), request.answer_format)

    def list_roles(self, request: Request, portal: str) -> Response:
        """List the roles beside the built-in ones.

        Args:
            request: The request.
            portal: "self", or the id of this portal.

        Raises:
            NotFound: It is another portal.
        """
        _check_portal(portal, request)
        return write(documents.roles(), request.answer_format)

    def get_caller(self, request: Request) -> Response:
        """Describe the caller.

        Args:
            request: The request.

        Raises:
            TokenRequired: Nobody has signed in.
        """
        if not request.caller.is_signed_in:
            raise TokenRequired
        document = documents.own_user(self._find_caller(request), request.root)
        return write(document, request.answer_format)

    def get_user(self, request: Request, name: str) -> Response:
        """Describe a user to itself or to an administrator. For anybody else no user is there.

        Args:
            request: The request.
            name: Name of the user.

        Raises:
            TokenRequired: Nobody has signed in.
            NotFound: There is no such user, or it is not the caller's to see.
        """
        caller = request.caller
        if not caller.is_signed_in:
            raise TokenRequired
        user = self.find_user(name) if caller.is_administrator or name.lower() == caller.name else None
        if user is None:
            raise NotFound("There is no such user, or it is not yours to see.")
        return write(documents.own_user(user, request.root), request.answer_format)

    def _find_caller(self, request: Request) -> User:
        user = self.find_user(request.caller.name)
        if user is None:  # removed within the last minute
            raise TokenRequired
        return user

    def refuse_unknown(self, request: Request) -> Response:
        """Refuse a resource that a portal could have, and this one has not.

        Args:
            request: The request.

        Raises:
            NotFound: Always.
        """
        raise NotFound("This portal has no such resource: it signs users in, and tells who they are.")

    def redirect(self, request: Request) -> Response:
        """Redirect to the one spelling of a path that the gateway has a route for.

        Args:
            request: The request.

        Raises:
            RequestError: The request has this spelling already.
        """
        path = find_route_of_portal(request.segments).path
        sites = (urlsplit(request.root).path, SITE)
        if request.path in [f"{site}/{path}" for site in sites]:
            raise RequestError("Invalid URL")
        url = f"{request.root}/{path}"
        return redirect_request(f"{url}?{request.query.text}" if request.query.text else url)


def _check_portal(portal: str, request: Request) -> None:
    if portal.lower() not in ("self", documents.portal_id(request.root).lower()):
        raise NotFound("There is no such portal.")
