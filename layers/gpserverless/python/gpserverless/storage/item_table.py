"""The table of hosted services in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gpserverless.items.ports import Row, RowWrite
from gpserverless.items.service import DUE_SHARD, LIST_SHARD
from gpserverless.storage.attributes import decode_item, encode_item
from gpserverless.storage.failures import storage_errors
from gpserverless.storage.row_table import RowTable
from gpserverless.storage.transactions import Refusal, write_arguments, write_together


class DynamoItemTable(RowTable):
    """Rows keyed by `pk`, with sparse indexes: `due` by time, and of services `ids` and `names`.

    For its arguments see `RowTable`.
    """

    _row = "an item"

    def find(self, service_id: str) -> str | None:
        """Return the key of the service of an id, or None; the newest may be missing for a moment."""
        return next((row["pk"] for row in self._query("ids", "id = :id", {":id": service_id})), None)

    def list(self) -> Iterator[Row]:
        """Yield the name, the owner and the end of each service, by key."""
        yield from self._query("names", "list_shard = :shard", {":shard": LIST_SHARD})

    def write(self, writes: Sequence[RowWrite]) -> bool:
        """Make some writes in one transaction, and return whether their conditions held."""
        arguments = [write_arguments(self._table, each) for each in writes]
        refusals = write_together(self._client, "write items", arguments)
        return refusals is None or all(map(_was_made, writes, refusals))

    def replace(self, row: Row) -> None:
        """Write a row, also in the place of another."""
        with storage_errors("write an item"):
            self._client.put_item(TableName=self._table, Item=encode_item(row))

    def due(self, now: int) -> Iterator[str]:
        """Yield the keys of the rows that are due, the most overdue first."""
        values = {":shard": DUE_SHARD, ":now": now}
        rows = self._query("due", "due_shard = :shard AND due_at <= :now", values)
        yield from (row["pk"] for row in rows)

    def _query(self, index: str, condition: str, values: Row) -> Iterator[Row]:
        yield from self._list_pages(
            "query",
            f"list the items of the index {index}",
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=encode_item(values),
        )


def _was_made(write: RowWrite, refusal: Refusal | None) -> bool:
    """Return whether a row that refused a write is as this very write has left it."""
    if refusal is None:
        return False
    return (None if refusal.item is None else decode_item(refusal.item)) == write.row
