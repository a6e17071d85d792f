"""The value of a result whose features are kept in a hosted service."""

from __future__ import annotations

import orjson

from gpserverless.items.names import name_in_url
from gpserverless.items.portal_item import read_portal_item
from gpserverless.items.ports import ItemTable
from gpserverless.outputs.rewrite import find_service_url


def add_portal_item(items: ItemTable, body: bytes, root: str) -> bytes:
    """Return a result with the id of the portal's item of its service, as it is now; any other as it is.

    Args:
        items: The table of hosted services.
        body: The result: JSON of paramName, dataType and value.
        root: Public URL of the site to which its job was submitted.

    Raises:
        StorageError: The table cannot be reached.
    """
    url = find_service_url(body)
    item = read_portal_item(items, name_in_url(url, root)) if url else None
    if item is None:
        return body
    document = orjson.loads(body)
    return orjson.dumps({**document, "value": {**document["value"], "itemId": item.item_id}})
