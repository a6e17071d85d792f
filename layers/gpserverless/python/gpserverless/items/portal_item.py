"""The items of hosted services in a portal.

An item has a row of its own beside that of its service, since another function writes it: a worker shows a
service in one write, also if the portal fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.items.ports import ItemTable, RowWrite


@dataclass(frozen=True)
class PortalItem:
    """The item of a hosted service.

    Attributes:
        service_id: Id of the service.
        version: The version that the portal was told of.
        item_id: Id of the item in the portal.
    """

    service_id: str
    version: str
    item_id: str


def read_portal_item(items: ItemTable, name: str) -> PortalItem | None:
    """Return the item of a hosted service, or None.

    Args:
        items: The table of hosted services.
        name: Name of the service, in any letter case.

    Raises:
        StorageError: The table cannot be reached.
    """
    row = items.read(_make_key(name))
    return None if row is None else PortalItem(row["service_id"], row["version"], row["item_id"])


def write_portal_item(items: ItemTable, name: str, found: PortalItem | None, new: PortalItem | None) -> bool:
    """Replace the item of a hosted service, and return whether it was still the one that was found.

    Args:
        items: The table of hosted services.
        name: Name of the service, in any letter case.
        found: The item in the table; None if there was none.
        new: The item as it will be; None removes it.

    Raises:
        StorageError: The table cannot be reached.
    """
    key = _make_key(name)
    row: dict[str, Any] | None = None if new is None else {"pk": key, **vars(new)}
    return items.write([RowWrite(key, row, None if found is None else vars(found))])


def _make_key(name: str) -> str:
    return f"item#{name.lower()}"
