"""Who may have which resource.

    open   anybody, whatever credentials came: nobody looks at them
    name   callers with a name: those who have signed in
    see    callers that the rules of the service and the task show it to
    run    callers that the rules admit

A resource that the table does not list is refused. Jobs, results, inputs, files and uploads have owners
besides: see `jobs.find` and `uploads`. What belongs to somebody else is answered like a missing one. A
service that a caller may not see is not: clients begin to sign in when they hear that a token is required.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum

from gpserverless.access.credentials import Credentials, Identify
from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import AccessError, Forbidden, InvalidToken, TokenRequired
from gpserverless.http.credentials import read_cookie, read_token
from gpserverless.http.request import Request
from gpserverless.http.route import Route
from gpserverless.protocols.gpserver.urls import find_service_of_file, no_file
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec

SIGN_IN_PAGE = "/rest/login"
"""Path of the page where people sign in, below the site."""


class Need(Enum):
    """What a caller needs for a resource."""

    OPEN = "open"
    NAME = "name"
    SEE = "see"
    RUN = "run"


NEEDS: Mapping[str, Need] = {
    "info": Need.OPEN,
    "health": Need.OPEN,
    "schema": Need.OPEN,
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
"""The need for each resource, whatever the operation on it."""

CHANGES = frozenset(
    {
        *("execute", "submitJob", "cancel"),
        *("uploads/upload", "uploads/register"),
        *("item/uploadPart", "item/commit", "item/delete"),
    }
)
"""Keys of the routes that change something, by whatever method."""


class Admission:
    """Lets callers in.

    Args:
        catalogue: The published services.
        identify: Returns the caller of credentials. It is not asked where none came.
    """

    def __init__(self, catalogue: Catalogue, identify: Identify) -> None:
        self._catalogue = catalogue
        self._identify_credentials = identify

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
        caller = replace(self._find_caller(request, route), address=request.address)
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

    def _find_caller(self, request: Request, route: Route) -> Caller:
        """Return the caller. A cookie that counts no more is none: a browser sends it unasked."""
        token = read_token(request)
        if token:
            return self._identify(token, request)
        cookie = read_cookie(request, changes=route.key in CHANGES or request.method == "POST")
        if not cookie:
            return ANYBODY
        try:
            return self._identify(cookie, request)
        except InvalidToken:
            return ANYBODY

    def _identify(self, token: str, request: Request) -> Caller:
        credentials = Credentials(token, request.headers.get("referer", ""), request.address)
        return self._identify_credentials(credentials)


def check_access(catalogue: Catalogue, caller: Caller, need: Need, service: str, task: str = "") -> None:
    """Raise unless a caller may see or run a service, or one of its tasks.

    Args:
        catalogue: The published services.
        caller: The caller.
        need: What the caller needs.
        service: Qualified name of the service.
        task: Name of the task, "" for the service itself.

    Raises:
        TokenRequired: The caller has to sign in first.
        Forbidden: The caller may not.
        NotFound: There is no such service or task.
    """
    spec = catalogue.service(service)
    _check(caller, need, [spec])
    if task:
        found = spec.task(task)
        if found is None:  # the error names the other tasks, but those that are hidden
            found = catalogue.for_caller(caller).task(service, task)
        _check(caller, need, [found])


def _check_folder(catalogue: Catalogue, caller: Caller, folder: str) -> None:
    """Raise unless a caller may see a service of a folder; the root is everybody's."""
    services = catalogue.list_services(folder)
    if folder and not any(service.shows_to(caller) for service in services):
        raise _refusal(caller)


def _check(caller: Caller, need: Need, specs: Iterable[ServiceSpec | TaskSpec]) -> None:
    for spec in specs:
        if not (spec.admits(caller) if need is Need.RUN else spec.shows_to(caller)):
            raise _refusal(caller)


def _refusal(caller: Caller) -> AccessError:
    return Forbidden() if caller.is_signed_in else TokenRequired()
