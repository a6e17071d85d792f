"""Who may have which resource of the portal.

Nobody is asked who it is where tokens are given out, and where clients look before anybody has signed in. The
cookie of the sign-in page is never read, see `http.cors`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpserverless.access.credentials import Credentials, Identify
from gpserverless.caller import ANYBODY, Caller
from gpserverless.http.credentials import read_token
from gpserverless.http.request import Request
from gpserverless.http.route import Route

_FOR_CALLERS = frozenset({"portalSelf", "communitySelf", "user"})
"""Resources that are different for each caller."""


def admit_anybody(request: Request, route: Route) -> Caller:
    """Return nobody in particular: a token in the request is not one for its resource.

    Args:
        request: The request.
        route: Its route.
    """
    return replace(ANYBODY, address=request.address)


@dataclass(frozen=True)
class PortalAdmission:
    """Tells callers of the portal's resources.

    Attributes:
        identify: Returns the caller of credentials.
    """

    identify: Identify

    def admit(self, request: Request, route: Route) -> Caller:
        """Return the caller of a request; the handler of its route says what the caller may see.

        Args:
            request: The request.
            route: Its route.

        Raises:
            InvalidToken: A token came that counts no more, or never did.
        """
        if route.resource not in _FOR_CALLERS:
            return admit_anybody(request, route)
        credentials = Credentials(read_token(request), request.headers.get("referer", ""), request.address)
        return replace(self.identify(credentials), address=request.address)
