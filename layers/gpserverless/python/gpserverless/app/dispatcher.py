"""The dispatcher of the functions behind the gateway."""

from __future__ import annotations

from gpserverless.access.credentials import Identify
from gpserverless.app.logs import log_ids
from gpserverless.http.dispatch import Dispatcher
from gpserverless.protocols.gpserver.admission import SIGN_IN_PAGE, Admission
from gpserverless.protocols.gpserver.routes import find_route_of_site
from gpserverless.toolkit.catalogue import Catalogue


def make_dispatcher(public_url: str, catalogue: Catalogue, identify: Identify) -> Dispatcher:
    """Make the dispatcher of a function that answers for services.

    Args:
        public_url: Configured public URL of the site, or "".
        catalogue: The published services.
        identify: Returns the caller of credentials.
    """
    admit = Admission(catalogue, identify).admit
    return Dispatcher(public_url, find_route_of_site, admit, log_ids, SIGN_IN_PAGE)
