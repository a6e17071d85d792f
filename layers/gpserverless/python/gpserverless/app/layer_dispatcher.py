"""The dispatcher of the function that answers for result services."""

from __future__ import annotations

from dataclasses import replace

from gpserverless.access.credentials import Identify
from gpserverless.app.layer_routes import find_layer_route
from gpserverless.app.logs import log_ids
from gpserverless.app.pages import FindCatalogue, make_pages
from gpserverless.app.site_settings import SiteSettings
from gpserverless.caller import Caller
from gpserverless.calls.admission import find_caller
from gpserverless.http.dispatch import Dispatcher, Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.protocols.gpserver.admission import SIGN_IN_PAGE
from gpserverless.protocols.gpserver.result_routes import find_result_route

_CHANGES = ("removeService",)


def make_layer_dispatcher(
    settings: SiteSettings, find_catalogue: FindCatalogue, identify: Identify, handlers: Handlers
) -> Dispatcher:
    """Make the dispatcher of feature services and maps.

    Args:
        settings: The settings of the function.
        find_catalogue: Finds the published services.
        identify: Returns the caller of credentials.
        handlers: The handlers of the function, which answer for what a page shows beside its own, too.
    """

    def read(request: Request, route: Route) -> Response:
        return handlers[route.key](request, **route.names)

    def admit(request: Request, route: Route) -> Caller:
        """Return the caller; the right to see a layer is checked where the layer is found."""
        caller = find_caller(request, identify, changes=route.resource in _CHANGES)
        return replace(caller, address=request.address)

    pages = make_pages(settings, find_catalogue, read)
    return Dispatcher(settings.public_url, _find_route, admit, log_ids, SIGN_IN_PAGE, pages=pages)


def _find_route(segments: tuple[str, ...]) -> Route:
    """Return the route of a path; that of a result comes from another function, which wants a picture."""
    if (result := find_result_route(segments)) is not None:
        return result
    return find_layer_route(segments)
