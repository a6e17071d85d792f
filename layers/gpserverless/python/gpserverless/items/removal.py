"""Removing a hosted service."""

from __future__ import annotations

from gpserverless.caller import Caller
from gpserverless.errors import Forbidden, NotFound, StorageError
from gpserverless.items.changes import retire
from gpserverless.items.find import read_service
from gpserverless.items.ports import ItemTable


def remove_service(items: ItemTable, name: str, caller: Caller, now: int) -> None:
    """Remove a service. Who reads it may go on for a quarter of an hour; then its objects are erased.

    Args:
        items: The table.
        name: Name of the service, in any letter case.
        caller: The caller: its owner or an administrator; anybody if nobody owns it.
        now: Milliseconds since 1970-01-01 UTC.

    Raises:
        NotFound: There is no such service.
        Forbidden: It belongs to another user.
        StorageError: The table cannot be reached, or the service was overwritten at the same moment.
    """
    found = read_service(items, name)
    if found is None or not found.is_shown(now):
        raise NotFound(f"Hosted service '{name[:120]}' not found.")
    if not found.belongs_to(caller):
        raise Forbidden
    if not items.write(retire(found, now)):
        raise StorageError(f"the hosted service {found.name} was changed at the same moment")
