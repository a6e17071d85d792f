"""The table of jobs in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gpserverless.errors import StorageError
from gpserverless.items.ports import RowWrite
from gpserverless.jobs.job import Job
from gpserverless.jobs.move import Change
from gpserverless.jobs.ports import JobPlace, MoveResult
from gpserverless.storage.attributes import decode_item, encode, encode_item
from gpserverless.storage.expressions import delete_arguments, update_arguments
from gpserverless.storage.failures import conflicting_item, storage_errors
from gpserverless.storage.transactions import write_arguments, write_together

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MOST_BATCHES = 5  # 16 MB each (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)


class DynamoJobTable:
    """Job rows keyed by `pk`, with two sparse indexes.

    `open` lists jobs that are open or being deleted, and `owned` the jobs of callers with a name, by time.

    Args:
        client: Client of DynamoDB.
        table: Name of the table.
        items: Name of the table of items, which some moves write too.
    """

    def __init__(self, client: DynamoDBClient, table: str, items: str = "") -> None:
        self._client = client
        self._table = table
        self._items = items

    def insert(self, change: Change) -> MoveResult:
        """Write the row of a move that starts from none, unless its key is taken."""
        try:
            with storage_errors(f"{change.move.name} a job"):
                self._client.put_item(
                    TableName=self._table,
                    Item=encode_item(change.values),
                    ConditionExpression="attribute_not_exists(pk)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as refused:
            return _read_conflict(change, refused)
        return MoveResult(True, Job.from_item(change.values))

    def read(self, job_id: str) -> Job | None:
        """Return a job, strongly consistent, or None."""
        with storage_errors("read a job"):
            answer = self._client.get_item(
                TableName=self._table, Key={"pk": encode(job_id)}, ConsistentRead=True
            )
        item = answer.get("Item")
        return Job.from_item(decode_item(item)) if item else None

    def move(self, job_id: str, change: Change, beside: Sequence[RowWrite] = ()) -> MoveResult:
        """Make one move by one conditional write."""
        if beside:
            return self._move_with(job_id, change, beside)
        try:
            with storage_errors(f"{change.move.name} a job"):
                answer = self._client.update_item(
                    TableName=self._table,
                    Key={"pk": encode(job_id)},
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **update_arguments(change),
                )
        except ClientError as refused:
            return _read_conflict(change, refused)
        return MoveResult(True, Job.from_item(decode_item(answer["Attributes"])))

    def _move_with(self, job_id: str, change: Change, beside: Sequence[RowWrite]) -> MoveResult:
        """Make one move and some writes of items in one transaction, and read the row then."""
        key = {"TableName": self._table, "Key": {"pk": encode(job_id)}}
        update = {**key, "ReturnValuesOnConditionCheckFailure": "ALL_OLD", **update_arguments(change)}
        writes = [{"Update": update}, *(write_arguments(self._items, each) for each in beside)]
        refusals = write_together(self._client, f"{change.move.name} a job", writes)
        if refusals is None:
            return MoveResult(True, self.read(job_id))
        its_own = refusals[0]
        if its_own is None:
            return MoveResult(False, self.read(job_id), is_refused_beside=True)
        return _read_row(change, its_own.item)

    def remove(self, job_id: str, change: Change) -> bool:
        """Remove a row on the conditions of a move, and return whether it is gone."""
        try:
            with storage_errors(f"{change.move.name} a job"):
                self._client.delete_item(
                    TableName=self._table,
                    Key={"pk": encode(job_id)},
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **delete_arguments(change),
                )
        except ClientError as refused:
            return conflicting_item(refused) is None
        return True

    def due(self, shard: int, now: int) -> Iterator[str]:
        """Yield the ids of the jobs that are due, the most overdue first.

        Args:
            shard: Part of the index of open jobs.
            now: Milliseconds since 1970-01-01 UTC.
        """
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "open",
            "KeyConditionExpression": "open_shard = :shard AND due_at <= :now",
            "ExpressionAttributeValues": {":shard": encode(shard), ":now": encode(now)},
        }
        while True:
            with storage_errors("list due jobs"):
                answer = self._client.query(**query)
            for item in answer["Items"]:
                yield decode_item(item)["pk"]
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def list_owned(self, owner: str, since: int, after: JobPlace | None, count: int) -> list[JobPlace]:
        """Return the places of an owner's jobs, newest first; the newest may be missing for a moment."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "owned",
            "KeyConditionExpression": "listed_for = :owner AND created_at >= :since",
            "ExpressionAttributeValues": {":owner": encode(owner), ":since": encode(since)},
            "ScanIndexForward": False,
            "Limit": count,
        }
        if after is not None:
            query["ExclusiveStartKey"] = encode_item(
                {"listed_for": owner, "created_at": after.created_at, "pk": after.id}
            )
        with storage_errors("list the jobs of an owner"):
            answer = self._client.query(**query)
        items = [decode_item(item) for item in answer["Items"]]
        return [JobPlace(item["created_at"], item["pk"]) for item in items]

    def read_many(self, job_ids: Sequence[str]) -> list[Job]:
        """Return those of some jobs that have a row, strongly consistent, in any order."""
        wanted: Any = {self._table: {"Keys": [{"pk": encode(i)} for i in job_ids], "ConsistentRead": True}}
        found: list[Job] = []
        for _ in range(_MOST_BATCHES):
            if not wanted.get(self._table, {}).get("Keys"):
                return found
            with storage_errors("read some jobs"):
                answer = self._client.batch_get_item(RequestItems=wanted)
            rows = answer["Responses"].get(self._table, [])
            found += [Job.from_item(decode_item(row)) for row in rows]
            wanted = answer.get("UnprocessedKeys", {})
        raise StorageError("the table does not hand out all jobs of a page")


def _read_conflict(change: Change, refused: ClientError) -> MoveResult:
    """Return the row on which a condition failed. It may be as this very change has left it."""
    return _read_row(change, conflicting_item(refused))


def _read_row(change: Change, item: Mapping[str, Any] | None) -> MoveResult:
    if item is None:
        return MoveResult(False, None)
    found = decode_item(item)
    return MoveResult(change.was_applied(found), Job.from_item(found))
