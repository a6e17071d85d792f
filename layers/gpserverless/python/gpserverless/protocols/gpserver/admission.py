"""The need of each resource; see `calls.admission` for the needs.

A resource that the table does not list is refused. Jobs, results, inputs, files and uploads have owners
besides: see `jobs.find` and `uploads`. What belongs to somebody else is answered like a missing one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gpserverless.access.credentials import Identify
from gpserverless.caller import ANYBODY, Caller
from gpserverless.calls.admission import Need, check_access, find_caller, refuse
from gpserverless.calls.file_urls import find_service_of_file, no_file
from gpserverless.errors import Forbidden, TokenRequired
from gpserverless.http.request import Request
from gpserverless.http.route import Route

if TYPE_CHECKING:
    from gpserverless.toolkit.catalogue import Catalogue

SIGN_IN_PAGE = "/rest/login"
"""Path of the page where people sign in, below the site."""


NEEDS: Mapping[str, Need] = {
    "info": Need.OPEN,
    "health": Need.OPEN,
    "schema": Need.OPEN,
    "picture": Need.OPEN,  # nobody guesses its name, and a page shows it without a token
    "jobs": Need.NAME,
    "catalogue": Need.SEE,
    "service": Need.SEE,
    "serviceInfo": Need.SEE,
    "itemInfo": Need.SEE,
    "metadata": Need.SEE,
    "thumbnail": Need.SEE,
    "task": Need.SEE,
    "taskMetadata": Need.SEE,
    "execute": Need.RUN,
    "submitJob": Need.RUN,
    "validate": Need.RUN,
    "job": Need.SEE,
    "cancel": Need.SEE,
    "results": Need.SEE,
    "result": Need.SEE,
    "inputs": Need.SEE,
    "input": Need.SEE,
    "file": Need.SEE,
    "uploads": Need.RUN,
    "item": Need.RUN,
}
"""The need for each resource, with any operation on it."""

CHANGES = frozenset(
    {
        *("execute", "submitJob", "cancel"),
        *("uploads/upload", "uploads/register"),
        *("item/uploadPart", "item/commit", "item/delete"),
    }
)
"""Keys of the routes that change something, by any method."""


class Admission:
    """Lets callers in.

    Args:
        catalogue: The published services.
        identify: Returns the caller of credentials. It is not asked where none came.
    """

    def __init__(self, catalogue: Catalogue, identify: Identify) -> None:
        self._catalogue = catalogue
        self._identify = identify

    def admit(self, request: Request, route: Route) -> Caller:
        """Return the caller of a request for a route, who may have it.

        Args:
            request: The request.
            route: Its route.

        Raises:
            TokenRequired: The caller has to sign in first.
            InvalidToken: A token came that counts no more, or never did.
            Forbidden: The caller may not, or nobody has said who may.
            NotFound: There is no such service, task or folder.
        """
        need = NEEDS.get(route.resource)
        if need is None:
            raise Forbidden
        if need is Need.OPEN:
            return replace(ANYBODY, address=request.address)
        changes = route.key in CHANGES or request.method == "POST"
        found = find_caller(request, self._identify, changes=changes)
        caller = replace(found, address=request.address)
        if need is Need.NAME:
            if not caller.is_signed_in:
                raise TokenRequired
        elif route.resource == "catalogue":
            _check_folder(self._catalogue, caller, route.names.get("folder", ""))
        elif route.resource == "file":
            service = find_service_of_file(route.names["path"], self._catalogue.services)
            if service is None:
                raise no_file()
            check_access(self._catalogue, caller, need, service)
        else:
            check_access(self._catalogue, caller, need, route.names["service"], route.names.get("task", ""))
        return caller


def _check_folder(catalogue: Catalogue, caller: Caller, folder: str) -> None:
    """Raise unless a caller may see a service of a folder; the root is everybody's."""
    services = catalogue.list_services(folder)
    if folder and not any(service.shows_to(caller) for service in services):
        raise refuse(caller)
