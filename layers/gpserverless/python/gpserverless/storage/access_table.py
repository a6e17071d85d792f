"""The table of access in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from gpserverless.access.ports import Row
from gpserverless.storage.attributes import decode_item, encode, encode_item
from gpserverless.storage.failures import conflicting_item, storage_errors
from gpserverless.storage.row_table import RowTable, make_key

_HAS_MEMBER = "contains(#members, :member)"
_HAS_ROOM = "attribute_not_exists(#members) OR size(#members) < :room"


class DynamoAccessRows(RowTable):
    """Rows keyed by `pk`. A write that is repeated, since its answer was lost, is answered like the first.

    For its arguments see `RowTable`.
    """

    _row = "a row of access"

    def insert(self, row: Row) -> bool:
        """Write a row unless there is one, and return whether it was written."""
        try:
            with storage_errors("write a row of access"):
                self._client.put_item(
                    TableName=self._table,
                    Item=encode_item(row),
                    ConditionExpression="attribute_not_exists(pk)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as refused:
            return _read_conflict(refused) == row
        return True

    def change(self, key: str, changes: Row, expected: Row) -> Row | None:
        """Set attributes of a row that is there, and return it, or None if nothing was changed."""
        names = {f"#{name}": name for name in {*changes, *expected}}
        values = {f":new_{name}": encode(value) for name, value in changes.items()}
        values |= {f":old_{name}": encode(value) for name, value in expected.items()}
        conditions = ["attribute_exists(pk)", *(f"#{name} = :old_{name}" for name in expected)]
        try:
            with storage_errors("change a row of access"):
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=make_key(key),
                    UpdateExpression="SET " + ", ".join(f"#{name} = :new_{name}" for name in changes),
                    ConditionExpression=" AND ".join(conditions),
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=values,
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as refused:
            found = _read_conflict(refused)
            return found if found is not None and found == {**found, **changes} else None
        return decode_item(answer["Attributes"])

    def remove(self, key: str) -> Row | None:
        """Remove a row, and return it; None if there was none."""
        with storage_errors("remove a row of access"):
            answer = self._client.delete_item(
                TableName=self._table, Key=make_key(key), ReturnValues="ALL_OLD"
            )
        item = answer.get("Attributes")
        return decode_item(item) if item else None

    def add_member(self, key: str, member: str, room: int, ttl_at: int) -> bool:
        """Put a word into the set of a row, and return whether the set has it."""
        values = {":member": member, ":members": frozenset({member}), ":ttl_at": ttl_at}
        if room > 0:
            values[":room"] = room
        try:
            with storage_errors("count in access"):
                self._client.update_item(
                    TableName=self._table,
                    Key=make_key(key),
                    UpdateExpression="ADD #members :members SET ttl_at = :ttl_at",
                    ConditionExpression=f"{_HAS_MEMBER} OR {_HAS_ROOM}" if room > 0 else _HAS_MEMBER,
                    ExpressionAttributeNames={"#members": "members"},
                    ExpressionAttributeValues=encode_item(values),
                )
        except ClientError:
            return False
        return True

    def remove_member(self, key: str, member: str) -> None:
        """Take a word out of the set of a row."""
        with storage_errors("count in access"):
            self._client.update_item(
                TableName=self._table,
                Key=make_key(key),
                UpdateExpression="DELETE #members :members",
                ExpressionAttributeNames={"#members": "members"},
                ExpressionAttributeValues={":members": encode(frozenset({member}))},
            )

    def members(self, key: str) -> frozenset[str]:
        """Return the words in the set of a row; none if there is no row."""
        row = self.read(key)
        return row.get("members", frozenset()) if row else frozenset()

    def list(self, prefix: str) -> Iterator[Row]:
        """Yield the rows whose keys begin with a prefix."""
        yield from self._list_pages(
            "scan",
            "list rows of access",
            ConsistentRead=True,
            FilterExpression="begins_with(pk, :prefix)",
            ExpressionAttributeValues={":prefix": encode(prefix)},
        )


def _read_conflict(refused: ClientError) -> dict[str, Any] | None:
    found = conflicting_item(refused)
    return decode_item(found) if found is not None else None
