"""The soak's proxy names the moves of a job by their bytes on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dev.faults.soak.call_names import name_call
from gpserverless.jobs.move import Change, Move, Writer
from gpserverless.jobs.transitions import FORGET, MOVES
from gpserverless.storage.expressions import update_arguments

TOLD = [m for m in MOVES if m.sources and m is not FORGET and m.writer in (Writer.API, Writer.WORKER)]


@pytest.mark.parametrize("move", TOLD, ids=lambda move: move.name)
def test_move_is_known_by_its_update(move: Move) -> None:
    values: dict[str, Any] = {
        **{guard.operand: 1 for guard in move.guards},
        **{name: 1 for name in (*move.sets, *move.sets_once)},
        **{name: [] for name in move.appends},
    }
    body = json.dumps(update_arguments(Change(move, values))).encode()
    assert name_call("POST", "DynamoDB_20120810.UpdateItem", body) == move.name


@pytest.mark.parametrize(
    ("method", "target", "body", "point"),
    [
        ("POST", "DynamoDB_20120810.PutItem", {"Item": {"status": {"S": "esriJobNew"}}}, "create"),
        ("POST", "DynamoDB_20120810.PutItem", {"Item": {"status": {"S": "esriJobFailed"}}}, "reject"),
        ("POST", "DynamoDB_20120810.PutItem", {"Item": {"pk": {"S": "IDEMP#0"}}}, "reserve"),
        ("POST", "DynamoDB_20120810.Query", {}, "due"),
        ("POST", "AmazonSQS.SendMessage", {}, "send"),
        ("POST", "AmazonSQS.ReceiveMessage", {}, ""),
        ("PUT", "", {}, "put"),
        ("GET", "", {}, "get"),
    ],
)
def test_other_calls_have_their_names(method: str, target: str, body: dict[str, Any], point: str) -> None:
    assert name_call(method, target, json.dumps(body).encode()) == point
