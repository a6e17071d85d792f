"""The route of a single result, for functions that draw it."""

from __future__ import annotations

from gpserverless.http.route import Route, find_server
from gpserverless.protocols.gpserver.routes import find_route_of_site

_SERVER = "gpserver"


def find_result_route(segments: tuple[str, ...]) -> Route | None:
    """Return the route of a path of a geoprocessing service, None if it is none.

    Args:
        segments: Decoded segments of the path below the site.

    Raises:
        RequestError: The service has no such resource.
    """
    return find_route_of_site(segments) if find_server(segments, _SERVER) is not None else None
