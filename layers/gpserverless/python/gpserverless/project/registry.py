"""The package registry: whether a name is taken there."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from enum import Enum

REGISTRY = "https://pypi.org/simple"
VARIABLES = ("UV_DEFAULT_INDEX", "PIP_INDEX_URL")
"""Variables with the address of another registry, as uv and pip read them."""

_SECONDS = 3.0


class Availability(Enum):
    """Whether a name is free."""

    FREE = "free"
    TAKEN = "taken"
    UNKNOWN = "unknown"


def ask_registry(name: str) -> Availability:
    """Ask the registry whether a name is free. It is unknown if the registry does not answer as one.

    Args:
        name: The name.
    """
    registry = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), REGISTRY)
    url = f"{registry.rstrip('/')}/{name.replace('_', '-')}/"
    if not url.startswith(("https://", "http://")):
        return Availability.UNKNOWN
    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - the scheme is checked
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310  # nosec B310
            return Availability.TAKEN
    except urllib.error.HTTPError as error:
        return Availability.FREE if error.code == 404 else Availability.UNKNOWN
    except (OSError, ValueError):
        return Availability.UNKNOWN
