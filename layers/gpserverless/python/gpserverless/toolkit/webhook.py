"""The URL of a webhook, as an author writes it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from gpserverless.errors import AuthoringError

_MAX_LENGTH = 2_000


def check_webhook(url: str) -> None:
    """Check the form of a webhook's URL; its address is checked at every call.

    Args:
        url: The URL as the author wrote it.

    Raises:
        AuthoringError: It is not an absolute https URL, or has a user name, password or fragment.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AuthoringError("webhook is no URL") from None
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > _MAX_LENGTH:
        raise AuthoringError(
            f"webhook is at most {_MAX_LENGTH:,} characters of printable ASCII without spaces"
        )
    if not host or port == 0 or parts.scheme not in ("https", "http"):
        raise AuthoringError("webhook is an absolute URL, such as 'https://example.org/hooks/jobs'")
    if "@" in parts.netloc or parts.fragment:
        raise AuthoringError("webhook has no user name, password or fragment: calls are signed instead")
    if parts.scheme == "http" and not _is_private(host):
        raise AuthoringError("webhook is https; http is for private addresses alone")


def _is_private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
