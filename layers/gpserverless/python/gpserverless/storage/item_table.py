"""The table of hosted services in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from gpserverless.items.ports import Row, RowWrite
from gpserverless.items.service import DUE_SHARD
from gpserverless.storage.attributes import decode_item, encode, encode_item
from gpserverless.storage.failures import storage_errors
from gpserverless.storage.transactions import Refusal, write_arguments, write_together

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoItemTable:
    """Rows keyed by `pk`, with two sparse indexes: `due` by time, and `ids` by the id of a service.

    Args:
        client: Client of DynamoDB.
        table: Name of the table.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, key: str) -> Row | None:
        """Return a row, strongly consistent, or None."""
        with storage_errors("read an item"):
            answer = self._client.get_item(
                TableName=self._table, Key={"pk": encode(key)}, ConsistentRead=True
            )
        item = answer.get("Item")
        return decode_item(item) if item else None

    def find(self, service_id: str) -> str | None:
        """Return the key of the service of an id, or None; the newest may be missing for a moment."""
        with storage_errors("find an item"):
            answer = self._client.query(
                TableName=self._table,
                IndexName="ids",
                KeyConditionExpression="id = :id",
                ExpressionAttributeValues={":id": encode(service_id)},
            )
        return next((decode_item(item)["pk"] for item in answer["Items"]), None)

    def list(self, prefix: str) -> Iterator[Row]:
        """Yield the rows whose keys begin with a prefix."""
        with storage_errors("list items"):
            pages = self._client.get_paginator("scan").paginate(
                TableName=self._table,
                ConsistentRead=True,
                FilterExpression="begins_with(pk, :prefix)",
                ExpressionAttributeValues={":prefix": encode(prefix)},
            )
            for page in pages:
                yield from (decode_item(item) for item in page["Items"])

    def write(self, writes: Sequence[RowWrite]) -> bool:
        """Make some writes in one transaction, and return whether their conditions held."""
        arguments = [write_arguments(self._table, each) for each in writes]
        refusals = write_together(self._client, "write items", arguments)
        return refusals is None or all(map(_was_made, writes, refusals))

    def replace(self, row: Row) -> None:
        """Write a row, whatever there is."""
        with storage_errors("write an item"):
            self._client.put_item(TableName=self._table, Item=encode_item(row))

    def due(self, now: int) -> Iterator[str]:
        """Yield the keys of the rows that are due, the most overdue first."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "due",
            "KeyConditionExpression": "due_shard = :shard AND due_at <= :now",
            "ExpressionAttributeValues": {":shard": encode(DUE_SHARD), ":now": encode(now)},
        }
        with storage_errors("list due items"):
            for page in self._client.get_paginator("query").paginate(**query):
                yield from (decode_item(item)["pk"] for item in page["Items"])


def _was_made(write: RowWrite, refusal: Refusal | None) -> bool:
    """Return whether a row that refused a write is as this very write has left it."""
    if refusal is None:
        return False
    return (None if refusal.item is None else decode_item(refusal.item)) == write.row
