"""The names of the calls to AWS, read from their target and body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gpserverless.jobs.move import Move
from gpserverless.jobs.transitions import MOVES

_TARGETS = {
    "Query": "due",
    "GetItem": "read",
    "SendMessage": "send",
    "ChangeMessageVisibility": "hand back",
}
_METHODS = {"PUT": "put", "GET": "get"}


def name_call(method: str, target: str, body: bytes) -> str:
    """Name a call: by its move ("claim"), or "read", "due", "send", "put", "get"; "" for others.

    Args:
        method: The HTTP method.
        target: The header X-Amz-Target; empty for S3.
        body: The body.
    """
    operation = target.rpartition(".")[2]
    if operation == "UpdateItem":
        return _find_move(json.loads(body)["ExpressionAttributeValues"])
    if operation == "PutItem":
        return _find_insert(json.loads(body)["Item"])
    return _TARGETS.get(operation, "" if operation else _METHODS.get(method, ""))


def _find_insert(item: Mapping[str, Mapping[str, Any]]) -> str:
    """Find the move that writes a new row; "reserve" if the row is no job."""
    target = item.get("status", {}).get("S")
    return next((move.name for move in MOVES if not move.sources and move.target == target), "reserve")


def _find_move(values: Mapping[str, Mapping[str, Any]]) -> str:
    """Find the move that an update makes, by its target, its sources and its guards."""
    target = values.get(":status", {}).get("S")
    sources = frozenset(value["S"] for name, value in values.items() if name.startswith(":source"))
    fitting = [move for move in MOVES if move.target == target and frozenset(move.sources) == sources]
    return max(fitting, key=lambda move: _count_matches(move, values)).name if fitting else ""


def _count_matches(move: Move, values: Mapping[str, Any]) -> int:
    given = {name.removeprefix(":") for name in values}
    wanted = {guard.operand for guard in move.guards} | set(move.sets)
    return len(wanted & given) - len(wanted - given)
