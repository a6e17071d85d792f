"""Which point of a job's life a call to AWS is, seen from outside: by its target and its body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gpserverless.jobs.transitions import MOVES, Move

_TARGETS = {
    "Query": "due",
    "GetItem": "read",
    "SendMessage": "send",
    "ChangeMessageVisibility": "hand back",
}
_METHODS = {"PUT": "put", "GET": "get"}


def point_of(method: str, target: str, body: bytes) -> str:
    """Return a call's point: the name of a move ("claim"), or "read", "due", "send", "put", "get"; or "".

    Args:
        method: The HTTP method.
        target: The header X-Amz-Target, with which all but S3 say what is asked.
        body: What is asked.
    """
    operation = target.rpartition(".")[2]
    if operation == "UpdateItem":
        return _move_of(json.loads(body)["ExpressionAttributeValues"])
    if operation == "PutItem":
        return _insert_of(json.loads(body)["Item"])
    return _TARGETS.get(operation, "" if operation else _METHODS.get(method, ""))


def _insert_of(item: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the name of the move that writes a new row; "reserve" if it is no job's."""
    target = item.get("status", {}).get("S")
    return next((move.name for move in MOVES if not move.sources and move.target == target), "reserve")


def _move_of(values: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the name of the move that an update makes: by where it leads from and to, and its guards."""
    target = values.get(":status", {}).get("S")
    sources = frozenset(value["S"] for name, value in values.items() if name.startswith(":source"))
    fitting = [move for move in MOVES if move.target == target and frozenset(move.sources) == sources]
    return max(fitting, key=lambda move: _fit(move, values)).name if fitting else ""


def _fit(move: Move, values: Mapping[str, Any]) -> int:
    given = {name.removeprefix(":") for name in values}
    wanted = {guard.operand for guard in move.guards} | set(move.sets)
    return len(wanted & given) - len(wanted - given)
