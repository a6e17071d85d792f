"""Moves of a job as expressions of DynamoDB."""

from __future__ import annotations

from typing import Any

from gpserverless.jobs.move import Change, Move
from gpserverless.storage.attributes import encode


def update_arguments(change: Change) -> dict[str, Any]:
    """Return the arguments of the one conditional UpdateItem that makes a move.

    Every attribute is aliased, since several (`status`, `owner`, `results`) are DynamoDB's reserved words.

    Args:
        change: The move with its conditions and values.
    """
    move = change.move
    values: dict[str, Any] = {":one": 1}
    if move.target is not None:
        values[":status"] = move.target.value
    for name in (*move.sets, *move.sets_once, *move.appends):
        values[f":{name}"] = change.values[name]
    written = {*move.sets, *move.sets_once, *move.counts, *move.appends, *move.removes}
    return {
        "UpdateExpression": _write_update(move),
        **_condition_arguments(change, {"rev", *written}, values),
    }


def delete_arguments(change: Change) -> dict[str, Any]:
    """Return the arguments of the one conditional DeleteItem that makes a move which removes the row.

    Args:
        change: The move with its conditions and values.
    """
    return _condition_arguments(change, set(), {})


def _condition_arguments(change: Change, written: set[str], values: dict[str, Any]) -> dict[str, Any]:
    """Return the condition of a move, with all names and values of the whole call."""
    guards = change.move.guards
    sources = {f":source{place}": status.value for place, status in enumerate(change.move.sources)}
    names = {"status", *written, *(guard.attribute for guard in guards)}
    values = values | sources | {f":{guard.operand}": change.values[guard.operand] for guard in guards}
    return {
        "ConditionExpression": _write_condition(change.move, list(sources)),
        "ExpressionAttributeNames": {f"#{name}": name for name in sorted(names)},
        "ExpressionAttributeValues": {name: encode(value) for name, value in values.items()},
    }


def _write_update(move: Move) -> str:
    sets = [f"#{name} = :{name}" for name in move.sets]
    sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in move.sets_once]
    sets += [f"#{name} = #{name} + :one" for name in ("rev", *move.counts)]
    sets += [f"#{name} = list_append(#{name}, :{name})" for name in move.appends]
    if move.target is not None:
        sets.append("#status = :status")
    removes = " REMOVE " + ", ".join(f"#{name}" for name in move.removes) if move.removes else ""
    return "SET " + ", ".join(sets) + removes


def _write_condition(move: Move, sources: list[str]) -> str:
    conditions = [f"#status IN ({', '.join(sources)})"]
    conditions += [f"#{guard.attribute} {guard.comparison} :{guard.operand}" for guard in move.guards]
    return " AND ".join(conditions)
