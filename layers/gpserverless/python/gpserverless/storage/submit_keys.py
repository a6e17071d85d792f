"""Idempotency keys of submits, as rows of the table of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from gpserverless.jobs.idempotency import KEPT_MS, KeyReservation
from gpserverless.storage.attributes import decode_item, encode, encode_item
from gpserverless.storage.failures import conflicting_item, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSubmitKeys:
    """Rows `IDEMP#key`; a job's id never looks like that, and the index of open jobs does not hold them.

    Args:
        client: Client of DynamoDB.
        table: Name of the table.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def reserve(self, key: str, wanted: KeyReservation, instead_of: str = "") -> KeyReservation:
        """Reserve a key for a job unless it is reserved, and return the reservation that holds.

        Args:
            key: The caller's key.
            wanted: The reservation to make.
            instead_of: Id of a job whose reservation gives way, or "".
        """
        until = wanted.at + KEPT_MS
        row = {
            "pk": f"IDEMP#{key}",
            "job": wanted.job_id,
            "inputs": wanted.inputs,
            "free_at": until,
            "ttl_at": until // 1000,
        }
        try:
            with storage_errors("reserve a key"):
                self._client.put_item(
                    TableName=self._table,
                    Item=encode_item(row),
                    ConditionExpression="attribute_not_exists(pk) OR free_at <= :now OR job = :instead",
                    ExpressionAttributeValues={":now": encode(wanted.at), ":instead": encode(instead_of)},
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as refused:
            found = conflicting_item(refused)
            if found is not None:
                old = decode_item(found)
                return KeyReservation(old["job"], old["inputs"], old["free_at"] - KEPT_MS)
        return wanted
