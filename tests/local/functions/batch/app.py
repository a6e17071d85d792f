"""Takes messages: counts each, and fails those whose text says so."""

import os
import time
from typing import Any

import botocore.session

table = os.environ["TABLE"]
dynamodb = botocore.session.get_session().create_client("dynamodb")


def add(counter: str, amount: int) -> int:
    """Add to a counter and return its value."""
    answer = dynamodb.update_item(
        TableName=table,
        Key={"pk": {"S": counter}},
        UpdateExpression="ADD amount :amount",
        ExpressionAttributeValues={":amount": {"N": str(amount)}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["amount"]["N"])


def wait_for_another() -> None:
    """Go on when two batches have been worked on at a time, or when that takes too long."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if "Item" in dynamodb.get_item(TableName=table, Key={"pk": {"S": "running-2"}}):
            return
        time.sleep(0.02)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Count each message by its body, and how many batches are worked on at a time."""
    running = add("running", 1)
    add(f"running-{running}", 1)
    bodies = {record["messageId"]: record["body"] for record in event["Records"]}
    for body in bodies.values():
        add(body, 1)
    if any(body.startswith("slow") for body in bodies.values()):
        wait_for_another()
    add("running", -1)
    if "raise" in bodies.values():
        raise ValueError("cannot take this")
    return {"batchItemFailures": [{"itemIdentifier": key} for key, body in bodies.items() if body == "bad"]}
