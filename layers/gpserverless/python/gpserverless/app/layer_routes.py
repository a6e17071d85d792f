"""From the path of a request to the resource of a feature service or a map that it names."""

from __future__ import annotations

from gpserverless.http.route import Route
from gpserverless.protocols.featureserver import routes as feature_routes
from gpserverless.protocols.mapserver import routes as map_routes


def find_layer_route(segments: tuple[str, ...]) -> Route:
    """Return the route of a path below the site.

    Args:
        segments: Decoded segments of the path.

    Raises:
        NotFound: The path is none of a feature service or a map.
        RequestError: There is no such resource.
    """
    if map_routes.is_map(segments):
        return map_routes.find_route_of_site(segments)
    return feature_routes.find_route_of_site(segments)
