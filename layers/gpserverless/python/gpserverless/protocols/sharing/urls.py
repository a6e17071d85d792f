"""URLs and paths of this site: which ones the portal gives out, and which ones of callers are its own."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}
_MAX_PATH = 2_000


def portal_url(root: str) -> str:
    """Return the URL of the portal's resources.

    Args:
        root: Public URL of the site.
    """
    return f"{root}/sharing/rest"


def is_secure(root: str) -> bool:
    """Return whether the site is reached by TLS.

    Args:
        root: Public URL of the site.
    """
    return root.lower().startswith("https:")


def is_loopback(host: str | None) -> bool:
    """Return whether a host name or address is this machine itself.

    Args:
        host: Name or address without a port, None for none.
    """
    if host is None or host == "localhost":
        return host is not None
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_own_url(url: str, root: str) -> bool:
    """Return whether a URL lies on this site. One on a loopback address has all of them, with any port.

    Args:
        url: The URL of a caller.
        root: Public URL of the site.
    """
    own = urlsplit(root)
    try:
        given = urlsplit(url)
        same = _origin(given) == _origin(own) or (
            given.scheme in _PORTS and is_loopback(given.hostname) and is_loopback(own.hostname)
        )
    except ValueError:
        return False
    has_user = given.username is not None or "\\" in url
    return same and not has_user and f"{given.path}/".startswith(f"{own.path}/")


def own_path(path: str, root: str) -> str:
    """Return the path of a page of this site to go on to, the catalogue's for anything else.

    Args:
        path: The path that a request names, with its query; any text.
        root: Public URL of the site.
    """
    site = urlsplit(root).path
    is_text = path.isascii() and path.isprintable() and len(path) <= _MAX_PATH
    bare = path.partition("?")[0]
    if not is_text or not bare.startswith(f"{site}/") or any(word in bare for word in ("\\", "//", "/..")):
        return f"{site}/rest/services"
    return path


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL as a policy of pages names them, or a scheme of its own.

    Args:
        url: An absolute URL.
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in _PORTS else f"{parts.scheme}:"


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
