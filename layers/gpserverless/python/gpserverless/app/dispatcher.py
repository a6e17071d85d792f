"""The dispatcher of the functions behind the gateway."""

from __future__ import annotations

from dataclasses import replace

from gpserverless.access.credentials import Identify
from gpserverless.app.logs import log_ids
from gpserverless.app.pages import make_pages
from gpserverless.app.site_settings import SiteSettings
from gpserverless.caller import Caller
from gpserverless.http.dispatch import Dispatcher
from gpserverless.http.request import Request
from gpserverless.http.route import Route
from gpserverless.pages.static_files import STATIC, find_static_route
from gpserverless.protocols.directory.help import HELP, find_help_route
from gpserverless.protocols.directory.ports import Read
from gpserverless.protocols.gpserver.admission import SIGN_IN_PAGE, Admission
from gpserverless.protocols.gpserver.routes import HOME, find_route_of_site
from gpserverless.protocols.sharing.admission import PortalAdmission
from gpserverless.protocols.sharing.routes import RESOURCES, find_portal_route
from gpserverless.toolkit.catalogue import Catalogue


def make_directory_dispatcher(settings: SiteSettings, catalogue: Catalogue, identify: Identify) -> Dispatcher:
    """Make the dispatcher of the directory: services, and beside them the portal, the help and static files.

    Args:
        settings: The settings of the function.
        catalogue: The published services.
        identify: Returns the caller of credentials.
    """
    of_services, of_portal = Admission(catalogue, identify).admit, PortalAdmission(identify).admit

    def admit(request: Request, route: Route) -> Caller:
        if route.resource == HELP:
            # A caller who may see a task may read its help.
            return of_services(request, replace(route, resource="task"))
        return (of_portal if route.resource in (*RESOURCES, STATIC) else of_services)(request, route)

    pages = make_pages(settings, lambda: catalogue)
    return Dispatcher(settings.public_url, _find_route, admit, log_ids, SIGN_IN_PAGE, home=HOME, pages=pages)


def _find_route(segments: tuple[str, ...]) -> Route:
    beside = find_portal_route(segments) or find_static_route(segments) or find_help_route(segments)
    return beside or find_route_of_site(segments)


def make_dispatcher(
    settings: SiteSettings, catalogue: Catalogue, identify: Identify, read: Read | None = None
) -> Dispatcher:
    """Make the dispatcher of a function that answers for services.

    Args:
        settings: The settings of the function.
        catalogue: The published services.
        identify: Returns the caller of credentials.
        read: Reads resources that a page shows beside its own; None if there are none.
    """
    admit = Admission(catalogue, identify).admit
    pages = make_pages(settings, lambda: catalogue, read)
    return Dispatcher(settings.public_url, find_route_of_site, admit, log_ids, SIGN_IN_PAGE, pages=pages)
