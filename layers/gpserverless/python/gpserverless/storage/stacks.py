"""The table of access of a stack, for a person at a terminal; it is found by the name of the stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3.session

from gpserverless.errors import StorageError
from gpserverless.storage.access_table import DynamoAccessRows
from gpserverless.storage.failures import storage_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OUTPUT = "AccessTable"
"""The output of the stack with the name of the table, and the end of the names that the local cloud gives."""

_LOCAL_REGION = "us-east-1"
_LOCAL_CREDENTIAL = "local"  # opens nothing real


@dataclass(frozen=True)
class StackPlace:
    """Where a stack is. One of stack, table and url is given.

    Attributes:
        stack: Name of the stack.
        table: Name of its table of access.
        url: URL of another AWS, such as the local cloud's.
        region: Region; "" for that of the environment.
    """

    stack: str = ""
    table: str = ""
    url: str = ""
    region: str = ""


def open_access_rows(place: StackPlace) -> DynamoAccessRows:
    """Open the table of access of a stack.

    Args:
        place: Where it is.

    Raises:
        StorageError: There is none, or AWS refuses.
    """
    client: DynamoDBClient = _make_client("dynamodb", place)
    if place.table:
        return DynamoAccessRows(client, place.table)
    return DynamoAccessRows(client, _read_output(place) if place.stack else _find_only_table(client))


def _read_output(place: StackPlace) -> str:
    with storage_errors(f"find the stack {place.stack}"):
        stacks = _make_client("cloudformation", place).describe_stacks(StackName=place.stack)["Stacks"]
    outputs = {
        each["OutputKey"]: each["OutputValue"] for stack in stacks for each in stack.get("Outputs", ())
    }
    if OUTPUT not in outputs:
        raise StorageError(f"the stack {place.stack} has no output {OUTPUT}")
    return str(outputs[OUTPUT])


def _find_only_table(client: DynamoDBClient) -> str:
    with storage_errors("list the tables"):
        pages = list(client.get_paginator("list_tables").paginate())
    names = [name for page in pages for name in page["TableNames"] if OUTPUT in name]
    if len(names) != 1:
        raise StorageError(f"there are {len(names)} tables of users: name the stack or the table")
    return names[0]


def _make_client(service: str, place: StackPlace) -> Any:
    session: Any = boto3.session.Session(region_name=place.region or None)
    given: dict[str, str] = {}
    if place.url:
        given = {"endpoint_url": place.url, "region_name": place.region or _LOCAL_REGION}
        if session.get_credentials() is None:
            given |= dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), _LOCAL_CREDENTIAL)
    with storage_errors(f"reach {service}"):  # without a region, say
        return session.client(service, **given)
