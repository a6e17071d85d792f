"""A table in DynamoDB whose rows have a key of one attribute, `pk`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gpserverless.storage.attributes import decode_item, encode
from gpserverless.storage.failures import storage_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class RowTable:
    """Reads rows of a table.

    Args:
        client: Client of DynamoDB.
        table: Name of the table.
    """

    _row = "a row"
    """The noun for a row, for errors."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, key: str) -> dict[str, Any] | None:
        """Return a row, strongly consistent, or None."""
        with storage_errors(f"read {self._row}"):
            answer = self._client.get_item(TableName=self._table, Key=make_key(key), ConsistentRead=True)
        item = answer.get("Item")
        return decode_item(item) if item else None

    def _list_pages(self, operation: str, action: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Yield the rows of all pages of a query or a scan."""
        with storage_errors(action):
            pages: Any = self._client.get_paginator(operation)  # type: ignore[call-overload]
            for page in pages.paginate(TableName=self._table, **arguments):
                yield from (decode_item(item) for item in page["Items"])


def make_key(key: str) -> Mapping[str, Any]:
    """Return the key of a row in DynamoDB's notation.

    Args:
        key: The key.
    """
    return {"pk": encode(key)}
