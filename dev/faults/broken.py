"""Rules broken on purpose: a lab that does not notice them would prove nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from dev.faults.lab import RULES
from gpserverless.errors import StorageError
from gpserverless.jobs import transitions as t
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.outputs import Manifest, store_outputs
from gpserverless.jobs.ports import MoveResult
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import FINAL, Status
from gpserverless.toolkit.call import Output


@dataclass(frozen=True)
class Broken:
    """A rule that is broken.

    Attributes:
        name: What is done instead.
        scenario: Number of the fault under which it does harm.
        breaking: Breaks it while it is entered.
        reaper: Whether there is a reaper.
        rules: The numbers that the functions go by.
    """

    name: str
    scenario: str
    breaking: Callable[[], AbstractContextManager[Any]] = nullcontext
    reaper: bool = True
    rules: JobRules = RULES


def _changed(move: str, **fields: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Return what changes a move of the table."""
    return lambda: patch.object(t, move, replace(getattr(t, move), **fields))


def _shared_keys() -> AbstractContextManager[Any]:
    def key(job_id: str, attempt: int, fence: str, parameter: str) -> str:
        return f"jobs/{job_id}/{parameter}.json"

    return patch("gpserverless.jobs.outputs.result_key", key)


class _Held:
    """An object store that only remembers what it should write."""

    def __init__(self, objects: Any, held: list[Callable[[], None]]) -> None:
        self._objects = objects
        self._held = held

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        self._held.append(lambda: self._objects.put(key, body, content_type, encoding))


@contextmanager
def _commit_before_outputs() -> Iterator[None]:
    held: list[Callable[[], None]] = []
    committing = Ledger.succeed

    def store(
        objects: Any,
        job: Job,
        fence: str,
        outputs: Iterable[Output],
        check_cancelled: Callable[[], None],
        most: int,
    ) -> Manifest:
        later: Any = _Held(objects, held)
        return store_outputs(later, job, fence, outputs, check_cancelled, most)

    def succeed(ledger: Ledger, *arguments: Any) -> MoveResult:
        moved = committing(ledger, *arguments)
        while held:
            held.pop()()
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

BROKEN = (
    Broken("outputs of all attempts under one key", "42", _shared_keys),
    Broken("the outcome before the outputs", "00", _commit_before_outputs),
    Broken("an outcome without condition", "29", _changed("SUCCEED", sources=_ANY, guards=())),
    Broken("an outcome without the lease", "42", _changed("SUCCEED", guards=())),
    Broken("an outcome in spite of a cancel", "31", _changed("SUCCEED", sources=_LEASED)),
    Broken("a claim of what is over", "01", _changed("CLAIM", sources=(*_QUEUED, *FINAL))),
    Broken("ten attempts instead of three", "14", rules=replace(RULES, max_attempts=10)),
    Broken("a claimed job out of the reaper's sight", "13", _changed("CLAIM", removes=("open_shard",))),
    Broken("an error in doubt", "08", _refuse_in_doubt),
    Broken("no reaper", "13", reaper=False),
)
"""Every rule that is broken, with the fault that brings it out."""
