"""The dispatcher of the function that draws the rasters of jobs."""

from __future__ import annotations

from dataclasses import replace

from gpserverless.access.credentials import Identify
from gpserverless.app.logs import log_ids
from gpserverless.app.pages import make_pages
from gpserverless.app.site_settings import SiteSettings
from gpserverless.caller import Caller
from gpserverless.calls.admission import find_caller
from gpserverless.http.dispatch import Dispatcher, Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.protocols.gpserver.admission import SIGN_IN_PAGE
from gpserverless.protocols.gpserver.result_routes import find_result_route
from gpserverless.protocols.imageserver.routes import find_route_of_site
from gpserverless.toolkit.catalogue import Catalogue


def make_raster_dispatcher(
    settings: SiteSettings, catalogue: Catalogue, identify: Identify, handlers: Handlers
) -> Dispatcher:
    """Make the dispatcher of images.

    Args:
        settings: The settings of the function.
        catalogue: The published services.
        identify: Returns the caller of credentials.
        handlers: The handlers of the function, which answer for what a page shows beside its own, too.
    """

    def read(request: Request, route: Route) -> Response:
        return handlers[route.key](request, **route.names)

    def admit(request: Request, route: Route) -> Caller:
        """Return the caller; the right to see a raster is checked where the raster is found."""
        caller = find_caller(request, identify, changes=False)
        return replace(caller, address=request.address)

    pages = make_pages(settings, lambda: catalogue, read)
    return Dispatcher(settings.public_url, _find_route, admit, log_ids, SIGN_IN_PAGE, pages=pages)


def _find_route(segments: tuple[str, ...]) -> Route:
    """Return the route of a path; that of a result comes from another function, which wants a picture."""
    return find_result_route(segments) or find_route_of_site(segments)
