"""A move of a job: one conditional write of its row, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from gpserverless.jobs.status import Status


class Writer(StrEnum):
    """The program that makes a move."""

    API = "api"
    WORKER = "worker"
    REAPER = "reaper"
    DEAD_LETTERS = "dead letters"
    EXPIRY = "expiry"
    OPERATOR = "operator"


class Guard(NamedTuple):
    """A condition on the row: attribute, comparison, and the name of the value to compare with."""

    attribute: str
    comparison: Literal["=", "<", "<=", ">", ">="]
    operand: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """One legal move. Every move also raises `rev` by one.

    Attributes:
        number: Its number in `transitions` and in the formal model.
        name: The name, which is unique.
        writer: The program that makes it.
        sources: Statuses from which it starts; none means that there is no row yet.
        target: Status in which it ends; None leaves the status as it is.
        guards: Conditions beside the status; all must hold.
        sets: Attributes that it sets to the values given.
        sets_once: Attributes that it sets unless an earlier move did.
        counts: Attributes that it raises by one.
        appends: Lists that it appends to.
        removes: Attributes that it removes.
        proof: Attributes whose values only this very write could have left. When the row that refuses the
            move carries them, the move had been applied and only its answer was lost.
    """

    number: str
    name: str
    writer: Writer
    sources: tuple[Status, ...]
    target: Status | None
    guards: tuple[Guard, ...] = ()
    sets: tuple[str, ...] = ()
    sets_once: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    appends: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """A move with the values of its guards' operands and of the attributes that it writes."""

    move: Move
    values: Mapping[str, Any]

    def was_applied(self, found: Mapping[str, Any]) -> bool:
        """Return whether a row that refused this change already carries it.

        Args:
            found: The row in the table; None if there is none.
        """
        written = {**self.values, "status": self.move.target}
        return bool(self.move.proof) and all(found.get(name) == written[name] for name in self.move.proof)
