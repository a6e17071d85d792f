"""The use of callers, as rows of the table of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gpserverless.access.quotas import QuotaName, Use
from gpserverless.errors import StorageError
from gpserverless.storage.attributes import decode_item, encode
from gpserverless.storage.failures import conflicting_item, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX = "USE#"


class DynamoUseRows:
    """Rows `USE#payer#day`; a job's id never looks like that, and the index of open jobs does not hold them.

    An addition that is repeated, since its answer was lost, counts twice, but for open jobs: they are a set.

    Args:
        client: Client of DynamoDB.
        table: Name of the table.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, key: str, use: Use, limits: dict[QuotaName, int], ttl_at: int) -> QuotaName | None:
        """Add to a row, unless a limit is reached; return that limit."""
        arguments = _Arguments(use, limits, ttl_at)
        try:
            with storage_errors("count a use"):
                self._client.update_item(
                    TableName=self._table,
                    Key={"pk": encode(PREFIX + key)},
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **arguments.write(),
                )
        except ClientError as refused:
            found = conflicting_item(refused)
            row = decode_item(found) if found is not None else {}
            reached = next((name for name in arguments.limits if _is_reached(row, name, use, limits)), None)
            if reached is None:
                raise StorageError("the use of a caller changes all the time") from refused
            return reached
        return None


class _Arguments:
    """The arguments of the one UpdateItem that adds a use."""

    def __init__(self, use: Use, limits: dict[QuotaName, int], ttl_at: int) -> None:
        self.use, self.ttl_at = use, ttl_at
        self.limits = {name: most for name, most in limits.items() if name != "open_jobs" or use.begun}

    def write(self) -> dict[str, Any]:
        """Return the arguments: every attribute is aliased, as some have reserved names."""
        use = self.use
        values: dict[str, Any] = {":ttl_at": self.ttl_at}
        names = {"#ttl_at": "ttl_at"}
        adds = {name: getattr(use, name) for name in ("jobs", "milliseconds", "bytes")}
        adds |= {"open_jobs": frozenset({use.begun})} if use.begun else {}
        for name, amount in adds.items():
            names[f"#{name}"], values[f":{name}"] = name, amount
        update = "SET #ttl_at = :ttl_at ADD " + ", ".join(f"#{name} :{name}" for name in adds)
        if use.ended:
            names["#open_jobs"], values[":ended"] = "open_jobs", frozenset({use.ended})
            update += " DELETE #open_jobs :ended"
        for name, most in self.limits.items():
            names[f"#{name}"], values[f":most_{name}"] = name, most
        if "open_jobs" in self.limits:
            values[":begun"] = use.begun
        conditions = " AND ".join(f"({_write_condition(name)})" for name in self.limits)
        return {
            "UpdateExpression": update,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {name: encode(value) for name, value in values.items()},
            **({"ConditionExpression": conditions} if conditions else {}),
        }


def _write_condition(name: QuotaName) -> str:
    if name == "open_jobs":
        below = "size(#open_jobs) < :most_open_jobs OR contains(#open_jobs, :begun)"
    else:
        below = f"#{name} < :most_{name}"
    return f"attribute_not_exists(#{name}) OR {below}"


def _is_reached(row: dict[str, Any], name: QuotaName, use: Use, limits: dict[QuotaName, int]) -> bool:
    if name == "open_jobs":
        opened = row.get(name, frozenset())
        return use.begun not in opened and len(opened) >= limits[name]
    return bool(row.get(name, 0) >= limits[name])
