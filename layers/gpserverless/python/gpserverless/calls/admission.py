"""Who may have what of a service, in every protocol.

    open   anybody, with any credentials: they are not read
    name   callers with a name: those who have signed in
    see    callers that the rules of the service and the task show it to
    run    callers that the rules admit

A service that a caller may not see is not answered like a missing one: clients begin to sign in when the
answer requires a token.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING

from gpserverless.access.credentials import Credentials, Identify
from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import AccessError, Forbidden, InvalidToken, TokenRequired
from gpserverless.http.credentials import read_cookie, read_token
from gpserverless.http.request import Request

if TYPE_CHECKING:  # most of the functions that check callers have no catalogue at their first answer
    from gpserverless.toolkit.catalogue import Catalogue
    from gpserverless.toolkit.spec import ServiceSpec, TaskSpec


class Need(Enum):
    """The right that a resource asks of a caller."""

    OPEN = "open"
    NAME = "name"
    SEE = "see"
    RUN = "run"


def find_caller(request: Request, identify: Identify, *, changes: bool) -> Caller:
    """Return the caller of a request. A cookie that counts no more is none: a browser sends it unasked.

    Args:
        request: The request.
        identify: Returns the caller of credentials. It is not asked where none came.
        changes: Whether the request changes something: a cookie then needs the site's origin beside it.

    Raises:
        InvalidToken: A token came that counts no more, or never did.
    """
    token = read_token(request)
    if token:
        return _identify(token, request, identify)
    cookie = read_cookie(request, changes=changes)
    if not cookie:
        return ANYBODY
    try:
        return _identify(cookie, request, identify)
    except InvalidToken:
        return ANYBODY


def _identify(token: str, request: Request, identify: Identify) -> Caller:
    return identify(Credentials(token, request.headers.get("referer", ""), request.address))


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


def _check(caller: Caller, need: Need, specs: Iterable[ServiceSpec | TaskSpec]) -> None:
    for spec in specs:
        if not (spec.admits(caller) if need is Need.RUN else spec.shows_to(caller)):
            raise refuse(caller)


def refuse(caller: Caller) -> AccessError:
    """Return the error for a caller who may not: one without a name is asked to sign in.

    Args:
        caller: The caller.
    """
    return Forbidden() if caller.is_signed_in else TokenRequired()
