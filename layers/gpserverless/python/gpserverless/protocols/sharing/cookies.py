"""Cookies that the sign-in gives browsers: no script reads them, and no page elsewhere posts them."""

from __future__ import annotations

from urllib.parse import urlsplit

from gpserverless.http.request import Request
from gpserverless.protocols.sharing.urls import is_loopback, is_secure


def write_cookie(root: str, name: str, value: str, seconds: int, below: str = "") -> str:
    """Return the header `Set-Cookie`. The cookie travels by TLS alone, unless the site is this machine's.

    Args:
        root: Public URL of the site.
        name: Name of the cookie.
        value: Its value; "" with no seconds takes it back.
        seconds: How long it counts.
        below: Path below the site where it is sent, "" for all of the site.
    """
    place = urlsplit(root)
    secure = () if not is_secure(root) and is_loopback(place.hostname) else ("Secure",)
    path = f"Path={place.path}{below}"
    return "; ".join((f"{name}={value}", path, f"Max-Age={seconds}", "HttpOnly", "SameSite=Lax", *secure))


def has_cookie(request: Request, name: str, value: str) -> bool:
    """Return whether a browser has sent a cookie.

    Args:
        request: The request.
        name: Name of the cookie.
        value: Its value.
    """
    return f"{name}={value}" in [cookie.strip() for cookie in request.cookies]
