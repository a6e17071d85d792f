"""Applications, and the addresses to which browsers may take tokens and codes."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from gpserverless.access.oauth.authorize import OUT_OF_BAND, AuthorizeRequest
from gpserverless.access.web_address import LOOPBACK, WebAddress, read_web_address
from gpserverless.errors import InvalidRedirect, OAuthError

PYTHON = "pythonapi"
BUILT_IN = frozenset({PYTHON, "arcgisonline"})
"""Ids that ArcGIS's own clients use without any registration."""

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Applications:
    """The applications of a site. None has a secret.

    Attributes:
        redirects: Redirect addresses by `client_id`.
    """

    redirects: Mapping[str, frozenset[str]]

    def check(self, request: AuthorizeRequest, root: str) -> None:
        """Raise unless an application may send a browser here, and have it back with what it asks for.

        Args:
            request: The request.
            root: Public URL of the site: "https://example.org/arcgis".

        Raises:
            InvalidRedirect: The application or its redirect address is unknown.
            OAuthError: It asks for something that it does not get.
        """
        if not self._allows_redirect(request, root):
            raise InvalidRedirect
        if request.response_type not in ("code", "token"):
            raise OAuthError("unsupported_response_type", "The response_type is neither code nor token.")
        if request.response_type == "token" and request.client_id not in BUILT_IN:
            raise OAuthError("unauthorized_client", "Ask with response_type=code and a code_challenge.")
        _check_challenge(request, root)

    def _allows_redirect(self, request: AuthorizeRequest, root: str) -> bool:
        uri = request.redirect_uri
        if request.client_id not in BUILT_IN:
            # In constant time only since it is at hand: the addresses are no secret.
            known = self.redirects.get(request.client_id, frozenset())
            return any(hmac.compare_digest(uri.encode(errors="replace"), each.encode()) for each in known)
        return _is_out_of_band(request) or _is_own(uri, root) or _is_loopback(uri)


def _check_challenge(request: AuthorizeRequest, root: str) -> None:
    """Raise unless only the application can redeem the code (RFC 7636)."""
    if request.response_type == "token":
        return
    if not request.code_challenge:
        # Nobody else sees a code that the page shows, or that the browser brings back here.
        if request.client_id == PYTHON and (_is_out_of_band(request) or _is_own(request.redirect_uri, root)):
            return
        raise OAuthError("invalid_request", "A code_challenge is needed, with code_challenge_method=S256.")
    if request.code_challenge_method != "S256" or not _CHALLENGE.fullmatch(request.code_challenge):
        raise OAuthError("invalid_request", "The code_challenge is none of the method S256.")


def _is_out_of_band(request: AuthorizeRequest) -> bool:
    return request.client_id == PYTHON and request.redirect_uri == OUT_OF_BAND


def _is_own(uri: str, root: str) -> bool:
    """Tell whether an address is the site's origin alone.

    Paths below it are not allowed: some redirect to files that tools have made, and a browser takes the part
    behind "#", the token, with it.
    """
    found, own = read_web_address(uri), read_web_address(root)
    return found is not None and own is not None and found.origin == own.origin and _is_bare(found)


def _is_bare(address: WebAddress) -> bool:
    return not address.segments and not address.has_more


def _is_loopback(uri: str) -> bool:
    """Tell whether an address is one of the browser's own machine, of any port (RFC 8252, section 7.3)."""
    found = read_web_address(uri)
    return found is not None and found.host in LOOPBACK and "#" not in uri
