"""Finding hosted services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gpserverless.items.names import SERVICES, service_key
from gpserverless.items.ports import ItemTable
from gpserverless.items.service import HostedService, parse_layers
from gpserverless.outputs.object_store import ObjectStore


def read_service(items: ItemTable, name: str) -> HostedService | None:
    """Return the service of a name as it is in the table, also an expired one, or None.

    Args:
        items: The table.
        name: Name of the service, in any letter case.

    Raises:
        StorageError: The table cannot be reached.
    """
    row = items.read(service_key(name))
    return None if row is None else HostedService.from_row(row)


def find_service(items: ItemTable, objects: ObjectStore, name: str, now: int) -> HostedService | None:
    """Return a service that is shown, with its layers, or None.

    Args:
        items: The table.
        objects: The store, for layers whose description the row has no room for.
        name: Name of the service, in any letter case.
        now: Milliseconds since 1970-01-01 UTC.

    Raises:
        StorageError: The table or the store cannot be reached.
    """
    found = read_service(items, name)
    return with_layers(found, objects) if found is not None and found.is_shown(now) else None


def with_layers(service: HostedService, objects: ObjectStore) -> HostedService:
    """Return a service with its layers, wherever their description is.

    Args:
        service: The service.
        objects: The store.

    Raises:
        StorageError: The store cannot be reached.
    """
    if service.layers:
        return service
    return replace(service, layers=parse_layers(objects.get(service.layers_key)))


def list_services(items: ItemTable, now: int) -> Iterator[HostedService]:
    """Yield all services that are shown; their layers may be left out.

    Args:
        items: The table.
        now: Milliseconds since 1970-01-01 UTC.

    Raises:
        StorageError: The table cannot be reached.
    """
    found = map(HostedService.from_row, items.list(SERVICES))
    yield from (service for service in found if service.is_shown(now))
