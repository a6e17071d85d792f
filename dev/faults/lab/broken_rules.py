"""Rules that are broken on purpose: a lab that does not notice proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from dev.faults.lab.lab import RULES
from gpserverless.errors import StorageError
from gpserverless.jobs import transitions as t
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.outputs import Manifest, store_outputs
from gpserverless.jobs.ports import MoveResult
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import FINAL, Status


@dataclass(frozen=True)
class BrokenRule:
    """A rule that is broken on purpose.

    Attributes:
        name: The wrong rule in its place.
        scenario: Number of the scenario in which it does harm.
        breaking: Breaks the rule while it is entered.
        reaper: Whether there is a reaper.
        rules: The rules of the functions.
    """

    name: str
    scenario: str
    breaking: Callable[[], AbstractContextManager[Any]] = nullcontext
    reaper: bool = True
    rules: JobRules = RULES


def _change_move(move: str, **fields: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Return a context that changes a move of the table."""
    return lambda: patch.object(t, move, replace(getattr(t, move), **fields))


def _share_keys() -> AbstractContextManager[Any]:
    def key(job_id: str, attempt: int, fence: str, parameter: str) -> str:
        return f"jobs/{job_id}/{parameter}.json"

    return patch("gpserverless.jobs.outputs.result_key", key)


class _DelayedStore:
    """An object store that keeps its writes for later."""

    def __init__(self, objects: Any, delayed: list[Callable[[], None]]) -> None:
        self._objects = objects
        self._delayed = delayed

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        self._delayed.append(lambda: self._objects.put(key, body, content_type, encoding))


@contextmanager
def _commit_before_outputs() -> Iterator[None]:
    delayed: list[Callable[[], None]] = []
    committing = Ledger.succeed

    def store(objects: Any, *arguments: Any) -> Manifest:
        later: Any = _DelayedStore(objects, delayed)
        return store_outputs(later, *arguments)

    def succeed(ledger: Ledger, *arguments: Any, **more: Any) -> MoveResult:
        moved = committing(ledger, *arguments, **more)
        while delayed:
            delayed.pop()()
        return moved

    with patch("gpserverless.jobs.work.store_outputs", store), patch.object(Ledger, "succeed", succeed):
        yield


def _refuse_in_doubt() -> AbstractContextManager[Any]:
    def refuse(ledger: Ledger, created: Job, problem: StorageError) -> Job:
        raise problem

    return patch("gpserverless.jobs.submit._withdraw", refuse)


_ANY = tuple(Status)
_LEASED = (Status.EXECUTING, Status.CANCELLING)
_QUEUED = t.CLAIM.sources

BROKEN_RULES = (
    BrokenRule("outputs of all attempts under one key", "42", _share_keys),
    BrokenRule("the outcome before the outputs", "00", _commit_before_outputs),
    BrokenRule("an outcome without condition", "29", _change_move("SUCCEED", sources=_ANY, guards=())),
    BrokenRule("an outcome without the lease", "42", _change_move("SUCCEED", guards=())),
    BrokenRule("an outcome in spite of a cancel", "31", _change_move("SUCCEED", sources=_LEASED)),
    BrokenRule("a claim of what is over", "01", _change_move("CLAIM", sources=(*_QUEUED, *FINAL))),
    BrokenRule("ten attempts instead of three", "14", rules=replace(RULES, max_attempts=10)),
    BrokenRule(
        "a claimed job out of the reaper's sight", "13", _change_move("CLAIM", removes=("open_shard",))
    ),
    BrokenRule("an error in doubt", "08", _refuse_in_doubt),
    BrokenRule("no reaper", "13", reaper=False),
)
"""Every rule that is broken, with the fault that shows it."""
