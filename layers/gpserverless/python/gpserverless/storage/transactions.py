"""Writes of several rows that are made together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gpserverless.errors import StorageError, StorageRefused
from gpserverless.items.ports import RowWrite
from gpserverless.storage.attributes import encode, encode_item
from gpserverless.storage.failures import error_code, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CANCELED = "TransactionCanceledException"
_CONDITION = "ConditionalCheckFailed"
_REFUSALS = frozenset({"ItemCollectionSizeLimitExceeded", "ValidationError"})
"""Reasons that another try would meet again (docs.aws.amazon.com/amazondynamodb/latest/APIReference/
API_TransactWriteItems.html)."""


@dataclass(frozen=True)
class Refusal:
    """A write whose condition failed, and the row on which it did; None if there is no row."""

    item: Mapping[str, Any] | None


def write_together(
    client: DynamoDBClient, action: str, writes: Sequence[Mapping[str, Any]]
) -> list[Refusal | None] | None:
    """Make writes in one transaction; return None, or what each refused, with None for those that did not.

    Args:
        client: Client of DynamoDB.
        action: Verb and object for the text of an error.
        writes: Elements of `TransactItems`.

    Raises:
        StorageError: The writes may have failed for now, also since another transaction had one of the rows.
        StorageRefused: They have failed, and would fail again.
    """
    with storage_errors(action):
        try:
            client.transact_write_items(TransactItems=list(writes))  # type: ignore[arg-type]
        except ClientError as refused:
            if error_code(refused) != _CANCELED:
                raise
            return _read_reasons(action, refused)
    return None


def _read_reasons(action: str, refused: ClientError) -> list[Refusal | None]:
    response: Mapping[str, Any] = refused.response
    reasons = response["CancellationReasons"]
    codes = {reason["Code"] for reason in reasons} - {"None"}
    if codes != {_CONDITION}:
        kind = StorageRefused if codes & _REFUSALS else StorageError
        raise kind(f"could not {action}: {', '.join(sorted(codes))}") from refused
    return [Refusal(each.get("Item")) if each["Code"] == _CONDITION else None for each in reasons]


def write_arguments(table: str, write: RowWrite) -> dict[str, Any]:
    """Return the element of `TransactItems` that makes a write.

    Args:
        table: Name of the table.
        write: The write.
    """
    arguments = {
        "TableName": table,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        **_condition_arguments(write),
    }
    if write.row is None:
        return {"Delete": {**arguments, "Key": {"pk": encode(write.key)}}}
    return {"Put": {**arguments, "Item": encode_item(write.row)}}


def _condition_arguments(write: RowWrite) -> dict[str, Any]:
    if write.seen is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": " AND ".join(f"#{name} = :{name}" for name in write.seen),
        "ExpressionAttributeNames": {f"#{name}": name for name in write.seen},
        "ExpressionAttributeValues": {f":{name}": encode(value) for name, value in write.seen.items()},
    }
