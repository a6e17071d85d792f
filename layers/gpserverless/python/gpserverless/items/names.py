"""Names, ids, keys and URLs of hosted services."""

from __future__ import annotations

import re
import secrets

from gpserverless.errors import InvalidValue
from gpserverless.values.quotation import quoted

FOLDER = "Hosted"
"""Folder of the site in which the services are."""

ACCEPTED_NAME = "a name of 1 to 120 letters, digits and underscores, not digits alone"

SERVICES = "service#"
"""Beginning of the keys of services."""

_NAME = re.compile(r"[A-Za-z0-9_]{1,120}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SERVICE_PATH = re.compile(
    r"/rest/services/Hosted/([A-Za-z0-9_]{1,120})/FeatureServer(?:/\d{0,4})?/?", re.ASCII
)


def check_name(name: str) -> str:
    """Return a name that a hosted service may have.

    Args:
        name: The name. It becomes a part of URLs.

    Raises:
        InvalidValue: It may not.
    """
    if not _NAME.fullmatch(name) or name.isdigit():
        raise InvalidValue(f"{quoted(name)} cannot be the name of a service", ACCEPTED_NAME)
    return name


def new_service_id() -> str:
    """Return an id for a new service: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_service_id(text: str) -> bool:
    """Return whether a text has the form of the id of a service.

    Args:
        text: Any text.
    """
    return _ID.fullmatch(text) is not None


def service_key(name: str) -> str:
    """Return the key of the row of a service; two names that differ in letter case have the same.

    Args:
        name: Name of the service.
    """
    return f"{SERVICES}{name.lower()}"


def folder_key(folder: str) -> str:
    """Return the key of the row of a folder of objects that no service shows.

    Args:
        folder: The folder, as `HostedService.folder` gives it.
    """
    return f"folder#{folder}"


def service_url(root: str, name: str) -> str:
    """Return the URL of a service.

    Args:
        root: Public URL of the site.
        name: Name of the service.
    """
    return f"{root}/rest/services/{FOLDER}/{name}/FeatureServer"


def name_in_url(url: str, root: str) -> str:
    """Return the name of the service that a URL of this site names.

    Args:
        url: URL of a service or of one of its layers.
        root: Public URL of the site.

    Raises:
        InvalidValue: It is no URL of a hosted service here.
    """
    match = _SERVICE_PATH.fullmatch(url.removeprefix(root)) if url.startswith(root) else None
    if match is None:
        raise InvalidValue(f"{quoted(url)} is no hosted service of this site", service_url(root, "<name>"))
    return match[1]
