"""The jobs and the logs of a stack, for a person at a terminal; the stack is found by its name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import StorageError
from gpserverless.jobs.job import Job
from gpserverless.storage.attributes import decode_item
from gpserverless.storage.failures import storage_errors
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.stacks import StackPlace, find_only_table, make_client, read_output

TABLE = "JobsTable"
"""The output of the stack with the name of the table, and the end of the names that the local cloud gives."""

LOG_GROUP = "FunctionsLog"
"""The logical id of the log group of all functions."""

_FOLLOW_SECONDS = 2.0


def open_jobs(place: StackPlace) -> StackJobs:
    """Open the table of jobs of a stack.

    Args:
        place: Where it is.

    Raises:
        StorageError: There is none, or AWS refuses.
    """
    client: Any = make_client("dynamodb", place)
    name = place.table or (read_output(place, TABLE) if place.stack else find_only_table(client, TABLE))
    return StackJobs(client, name)


class StackJobs:
    """The jobs of one table.

    Args:
        client: Client of DynamoDB.
        name: Name of the table.

    Attributes:
        table: The table, for the moves of jobs.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name
        self.table = DynamoJobTable(client, name)

    def list(self) -> Iterator[Job]:
        """Yield all jobs, in no order; the whole table is read."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name, FilterExpression="attribute_exists(create_token)"
        )
        with storage_errors("list the jobs"):
            for page in pages:
                for item in page["Items"]:
                    yield Job.from_item(decode_item(item))


@dataclass(frozen=True)
class StackLog:
    """The log of all functions of a stack.

    Args:
        place: Where the stack is.
    """

    place: StackPlace

    def read(self, words: str, minutes: int, *, follow: bool) -> Iterator[str]:
        """Yield its lines, oldest first.

        Args:
            words: Words that a line must have; "" for all lines.
            minutes: How far to look back.
            follow: Whether to wait for more lines for ever.

        Raises:
            StorageError: There is no such stack, or AWS refuses.
        """
        group = self._find_group()
        client = make_client("logs", self.place)
        since, seen = int(time.time() * 1000) - minutes * 60_000, set[str]()
        while True:
            query = {"logGroupName": group, "startTime": since}
            if words:
                query["filterPattern"] = f'"{words}"'
            with storage_errors("read the log"):
                pages = client.get_paginator("filter_log_events").paginate(**query)
                events = [event for page in pages for event in page["events"]]
            for event in events:
                if event["eventId"] not in seen:
                    yield str(event["message"]).rstrip("\n")
            seen = {event["eventId"] for event in events}
            if not follow:
                return
            since = max((event["timestamp"] for event in events), default=since)
            time.sleep(_FOLLOW_SECONDS)

    def _find_group(self) -> str:
        if not self.place.stack:
            raise StorageError("Say which stack has the log: --stack NAME")
        with storage_errors(f"find the stack {self.place.stack}"):
            answer = make_client("cloudformation", self.place).describe_stack_resource(
                StackName=self.place.stack, LogicalResourceId=LOG_GROUP
            )
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])
