"""Which events are calls over SOAP. It loads nothing of that protocol: most calls are none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.errors import RequestError
from gpserverless.http.event import segments_of
from gpserverless.protocols.soap.endpoints import is_endpoint


def is_soap(event: Mapping[str, Any], public_url: str) -> bool:
    """Return whether an event is a call over SOAP.

    Args:
        event: A Lambda event of an HTTP request.
        public_url: Configured public URL of the site, or "".
    """
    try:
        return is_endpoint(segments_of(event, public_url))
    except RequestError:  # a dispatcher tells the mistake in the path
        return False
