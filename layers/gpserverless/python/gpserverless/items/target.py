"""The choice of the service that a job writes: a new one, or one that it replaces."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.caller import Caller
from gpserverless.errors import InvalidParameter
from gpserverless.items.find import read_service
from gpserverless.items.names import FOLDER
from gpserverless.items.ports import ItemTable
from gpserverless.items.request import ServiceRequest
from gpserverless.items.service import HostedService
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.values.quotation import quoted


@dataclass(frozen=True)
class Target:
    """The place of a service that is about to be written.

    Attributes:
        name: Its name.
        found: The service of this name in the table; None for none. One that has expired counts as none, but
            its row must be replaced.
        replaces: Whether it keeps the id and the owner of the one that was found.
    """

    name: str
    found: HostedService | None = None
    replaces: bool = False


def choose_target(items: ItemTable, request: ServiceRequest, caller: Caller, now: int) -> Target:
    """Return the place that a request may write.

    Args:
        items: The table.
        request: The request.
        caller: The caller.
        now: Milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidParameter: The name is taken, or the service is not the caller's, or is not there.
        StorageError: The table cannot be reached.
    """
    name = _find_name(items, request)
    found = read_service(items, name)
    if found is None or not found.is_shown(now):
        if request.must_exist:
            raise InvalidParameter(SERVICE_NAME, f"there is no hosted service {quoted(name)}", _RENAME)
        return Target(name, found)
    if request.overwrite and found.belongs_to(caller):
        return Target(found.name, found, replaces=True)
    if request.overwrite and request.renames:
        return _choose_free(items, name, now)
    raise _refuse(found, request, caller)


_RENAME = "another name"
_MOST_NUMBERS = 1_000


def _find_name(items: ItemTable, request: ServiceRequest) -> str:
    if not request.service_id:
        return request.name
    key = items.find(request.service_id)
    row = None if key is None else items.read(key)
    if row is None or row["id"] != request.service_id:
        raise InvalidParameter(
            SERVICE_NAME, f"there is no hosted service of the id {request.service_id}", _RENAME
        )
    return str(row["name"])


def _choose_free(items: ItemTable, name: str, now: int) -> Target:
    for number in range(1, _MOST_NUMBERS):
        other = f"{name[:110]}_{number}"
        found = read_service(items, other)
        if found is None or not found.is_shown(now):
            return Target(other, found)
    raise InvalidParameter(
        SERVICE_NAME, f"there are {_MOST_NUMBERS:,} services of the name '{name}'", _RENAME
    )


def _refuse(found: HostedService, request: ServiceRequest, caller: Caller) -> InvalidParameter:
    if request.overwrite and caller.owns(found.owner):
        problem = f"the caller's key is not for {FOLDER}/{found.name}, so it does not overwrite it"
        return InvalidParameter(SERVICE_NAME, problem, _RENAME)
    if request.overwrite:
        problem = f"the hosted service '{found.name}' belongs to another user, who alone may overwrite it"
        return InvalidParameter(SERVICE_NAME, problem, _RENAME)
    problem = f"there is a hosted service '{found.name}' already"
    return InvalidParameter(SERVICE_NAME, problem, f'{_RENAME}, or "overwrite": true in itemProperties')
