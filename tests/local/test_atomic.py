"""A conditional write of the embedded AWS is atomic, as at DynamoDB: of two at once, one wins."""

from __future__ import annotations

import threading
from typing import Any

from botocore.exceptions import ClientError

from local.resolver import STACK
from local.resources import make_client
from tests.local.stack import Running

ROUNDS = 20
MUCH = {"L": [{"S": "x"}] * 1_000}  # a large row takes long to write, which gives two the time to meet


def test_one_of_two_conditional_writes_wins(running: Running) -> None:
    clients = [make_client("dynamodb", running.cloud.endpoint) for _ in range(2)]
    winners = [race(clients, f"race-{number}") for number in range(ROUNDS)]
    assert winners == [1] * ROUNDS


def race(clients: list[Any], key: str) -> int:
    """Return how many of two writers believe that a row was theirs."""
    table, row = f"{STACK}-Table", {"pk": {"S": key}}
    clients[0].put_item(TableName=table, Item={**row, "much": MUCH})
    start, won = threading.Barrier(2), []

    def write(number: int) -> None:
        start.wait()
        try:
            clients[number].update_item(
                TableName=table,
                Key=row,
                UpdateExpression="SET writer = :writer",
                ConditionExpression="attribute_not_exists(writer)",
                ExpressionAttributeValues={":writer": {"N": str(number)}},
            )
        except ClientError:
            return
        won.append(number)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return len(won)
