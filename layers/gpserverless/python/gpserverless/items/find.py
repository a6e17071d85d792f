"""Finding hosted services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from gpserverless.items.changes import OPEN
from gpserverless.items.names import folder_key, service_key
from gpserverless.items.ports import ItemTable
from gpserverless.items.service import HostedService, ListedService, parse_layers
from gpserverless.outputs.object_store import ObjectReader


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


def find_service(items: ItemTable, objects: ObjectReader, name: str, now: int) -> HostedService | None:
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


def with_layers(service: HostedService, objects: ObjectReader) -> HostedService:
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


def find_version(
    items: ItemTable, objects: ObjectReader, shown: HostedService, version: str
) -> HostedService | None:
    """Return a version of a service with its layers, or None if its objects are gone.

    Args:
        items: The table.
        objects: The store, for layers whose description the row has no room for.
        shown: The service that is shown, with its layers.
        version: The version: the one that is shown, or one that was replaced.

    Raises:
        StorageError: The table or the store cannot be reached.
    """
    if version == shown.version:
        return shown
    row = items.read(folder_key(replace(shown, version=version).folder))
    if row is not None and row["state"] == OPEN and "service" in row:
        return with_layers(HostedService.from_row(row["service"]), objects)
    latest = read_service(items, shown.name)  # which a request at the same time has seen
    return with_layers(latest, objects) if latest is not None and latest.version == version else None


def list_services(items: ItemTable, now: int) -> Iterator[ListedService]:
    """Yield all services that are shown, by name; one of this moment may be left out.

    Args:
        items: The table.
        now: Milliseconds since 1970-01-01 UTC.

    Raises:
        StorageError: The table cannot be reached.
    """
    names = [each.name for each in fields(ListedService)]
    found = (ListedService(**{name: row[name] for name in names}) for row in items.list())
    yield from (service for service in found if service.is_shown(now))
