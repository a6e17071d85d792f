"""A stack, for a person at a terminal: found by its name, with its table of access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3.session

from gpserverless.errors import CommandError, StorageError
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
    client: DynamoDBClient = make_client("dynamodb", place)
    if place.table:
        return DynamoAccessRows(client, place.table)
    return DynamoAccessRows(
        client, read_output(place, OUTPUT) if place.stack else find_only_table(client, OUTPUT)
    )


def check_credentials() -> None:
    """Check that there are credentials of AWS; whether AWS takes them, it says itself.

    Raises:
        CommandError: There are none.
    """
    if boto3.session.Session().get_credentials() is None:
        raise CommandError("there are no credentials of AWS: `aws configure` or `aws sso login` gets some")


def read_output(place: StackPlace, output: str) -> str:
    """Read an output of a stack.

    Args:
        place: Where the stack is.
        output: Name of the output.

    Raises:
        StorageError: There is no such stack or output, or AWS refuses.
    """
    with storage_errors(f"find the stack {place.stack}"):
        stacks = make_client("cloudformation", place).describe_stacks(StackName=place.stack)["Stacks"]
    outputs = {
        each["OutputKey"]: each["OutputValue"] for stack in stacks for each in stack.get("Outputs", ())
    }
    if output not in outputs:
        raise StorageError(f"the stack {place.stack} has no output {output}")
    return str(outputs[output])


def find_only_table(client: DynamoDBClient, word: str) -> str:
    """Find the only table of an AWS that has a word in its name, such as the local cloud's.

    Args:
        client: Client of DynamoDB.
        word: The word.

    Raises:
        StorageError: There is none, or there are several.
    """
    with storage_errors("list the tables"):
        pages = list(client.get_paginator("list_tables").paginate())
    names = [name for page in pages for name in page["TableNames"] if word in name]
    if len(names) != 1:
        raise StorageError(f"there are {len(names)} tables named {word}: name the stack or the table")
    return names[0]


def make_client(service: str, place: StackPlace) -> Any:
    """Make a client of a service of the AWS that a stack is on.

    Args:
        service: The service, as boto3 names it.
        place: Where the stack is.

    Raises:
        StorageError: It cannot be made, such as without a region.
    """
    session: Any = boto3.session.Session(region_name=place.region or None)
    given: dict[str, str] = {}
    if place.url:
        given = {"endpoint_url": place.url, "region_name": place.region or _LOCAL_REGION}
        if session.get_credentials() is None:
            given |= dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), _LOCAL_CREDENTIAL)
    with storage_errors(f"reach {service}"):  # without a region, say
        return session.client(service, **given)
