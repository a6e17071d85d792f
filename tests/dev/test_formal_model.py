"""The model that Spin checks and the table that the code goes by say the same: move by move."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dev.formal_model.checks import CHECKS, MODEL, MUTANTS
from gpserverless.jobs.move import Guard, Move, Writer
from gpserverless.jobs.status import FINAL, Status
from gpserverless.jobs.transitions import MOVES

WRITERS = {
    "Api": {Writer.API},
    "Canceller": {Writer.API},
    "Worker": {Writer.WORKER},
    "Reaper": {Writer.REAPER},
    "DeadLetters": {Writer.DEAD_LETTERS},
    "Removal": {Writer.EXPIRY, Writer.OPERATOR},  # one process, for fewer states
}
GUARDS = {
    "MINE": Guard("lease_owner", "=", "fence"),
    "lease_over": Guard("lease_until", "<=", "now"),
    "run_over": Guard("run_deadline", "<=", "now"),
    "queue_over": Guard("queue_deadline", "<=", "now"),
    "!queue_over": Guard("queue_deadline", ">", "now"),
    "due": Guard("due_at", "<=", "now"),
    "attempt < MAX_ATTEMPTS": Guard("attempt", "<", "max_attempts"),
    "attempt >= MAX_ATTEMPTS": Guard("attempt", ">=", "max_attempts"),
    "seen_by_reaper": Guard("rev", "=", "rev"),
    "seen_by_burier": Guard("rev", "=", "rev"),
}
NOT_MODELLED = {
    Guard("create_token", "=", "create_token"): "the model has one submit",
    Guard("lease_until", "<", "lease_until"): "the model knows whether a lease is over, not how long it is",
}


def without_mutants(text: str) -> str:
    """Return the model as Spin sees it when no rule is broken."""
    kept, taken = [], [True]
    for line in text.splitlines():
        match line.split(maxsplit=1):
            case ["#ifdef", _]:
                taken.append(False)
            case ["#ifndef", _] | ["#else", *_]:
                taken = [*taken, True] if line.startswith("#ifndef") else [*taken[:-1], True]
            case ["#endif", *_]:
                taken.pop()
            case _ if all(taken):
                kept.append(line)
    return "\n".join(kept)


SOURCE = without_mutants(MODEL.read_text())
CONDITIONS = {name: text for name, text in re.findall(r"^#define CAN_(T\d+_\w+) (.+)$", SOURCE, re.M)}
INLINES = dict(re.findall(r"^inline (\w+)\([^)]*\) \{(.*?)\}(?= *$| */\*)", SOURCE, re.M | re.S))
PROCESSES = dict(re.findall(r"^active (?:\[2\] )?proctype (\w+)\(\) \{(.*?)^\}", SOURCE, re.M | re.S))


def model_name(move: Move) -> str:
    return f"{move.number}_{move.name.replace(' ', '_')}"


def terms(condition: str) -> Iterator[str]:
    yield from (term.strip(" ()") for term in condition.strip().split("&&"))


def sources_of(condition: str) -> set[Status]:
    final = set(FINAL) if "FINAL" in condition else set()
    return final | {Status[name] for name in re.findall(r"status == (\w+)", condition) if name != "NONE"}


def guards_of(condition: str) -> set[Guard]:
    return {GUARDS[term] for term in terms(condition) if "status ==" not in term and "FINAL" not in term}


def target_of(body: str) -> Status | None:
    found = re.search(r"(?:become|end)\((\w+)\)", body)
    assert found or "touch()" in body
    return Status[found[1]] if found else None


def writers_of(inline: str) -> list[set[Writer]]:
    """Return, for each process that makes a move, in whose name it does so."""
    through = [inline, *(name for name, body in INLINES.items() if f"{inline}()" in body)]
    return [
        WRITERS[process]
        for process, body in PROCESSES.items()
        if any(re.search(rf"\b{name}\(\)", body) for name in through)
    ]


def test_model_has_exactly_the_moves_of_the_table() -> None:
    assert sorted(CONDITIONS) == sorted(model_name(move) for move in MOVES)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.number} {move.name}")
def test_move_of_the_model_is_that_of_the_table(move: Move) -> None:
    name = model_name(move)
    condition, body = CONDITIONS[name], INLINES[name[0].lower() + name[1:]]
    assert sources_of(condition) == set(move.sources)
    assert guards_of(condition) == set(move.guards) - set(NOT_MODELLED)
    assert target_of(body) is move.target
    writers = writers_of(name[0].lower() + name[1:])
    assert writers
    assert all(move.writer in each for each in writers)
    assert ("lease_owner = 0" in body or "end(" in body) == ("lease_owner" in move.removes)
    assert ("attempt++" in body) == ("attempt" in move.counts)


def test_every_write_of_the_model_changes_rev() -> None:
    assert "touch()" in INLINES["become"]
    assert "become(target)" in INLINES["end"]


def test_every_check_and_every_mutant_is_in_the_model() -> None:
    text = MODEL.read_text()
    assert set(re.findall(r"^ltl (\w+)", text, re.M)) == set(CHECKS) - {"asserts"}
    assert set(re.findall(r"^#if(?:n?def) (\w+)|^#elif defined\((\w+)\)", text, re.M)) == {
        (name, "") if f"def {name}\n" in text else ("", name) for name in MUTANTS
    }
