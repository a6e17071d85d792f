"""The reaper: finds open jobs that are overdue, and moves each of them on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from gpserverless.errors import StorageError
from gpserverless.jobs import transitions as t
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import CANCELLED, error
from gpserverless.jobs.ports import JobQueue
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import waited_until
from gpserverless.toolkit.run import Message

logger = logging.getLogger(__name__)

_TURN_MS = 60_000  # the reaper's schedule


@dataclass
class SweepReport:
    """What a sweep met with.

    Attributes:
        counts: How many jobs met with what: names of moves ("retry", "resend", "expire", …), "unreachable"
            for jobs and parts of the index that the stores failed, "unreadable" for rows that cannot be read,
            "stuck" for jobs that were long overdue.
        oldest_ms: How long the queued job has waited that has waited longest. Every job that waits longer
            than a message may take is looked at again and again; younger ones are not, and count as 0.
    """

    counts: Counter[str] = field(default_factory=Counter)
    oldest_ms: int = 0


def sweep(ledger: Ledger, queues: Mapping[str, JobQueue], until: int) -> SweepReport:
    """Look at every open job that is due, and return what was met with.

    Sweeping twice, at once or half, does no harm: every move is made on the row exactly as it was seen.

    Args:
        ledger: The book of jobs.
        queues: Where workers listen, by the name of the worker.
        until: When to stop, in milliseconds since 1970-01-01 UTC; the next sweep goes on.
    """
    swept = SweepReport()
    for job_id in _due(ledger, swept.counts):
        if ledger.clock.now() >= until:
            break
        with one_of_many(swept.counts, job_id):
            _look_after(ledger, queues, job_id, swept)
    return swept


@contextmanager
def one_of_many(counts: Counter[str], job_id: str) -> Iterator[None]:
    """Count a job that cannot be looked after, so that it does not hide those behind it."""
    try:
        yield
    except StorageError:
        counts["unreachable"] += 1
    except Exception:  # a row that nobody can read
        logger.exception("job not looked after", extra={"job": job_id})
        counts["unreadable"] += 1


def _due(ledger: Ledger, counts: Counter[str]) -> Iterator[str]:
    shards = ledger.rules.shards
    first = ledger.clock.now() // _TURN_MS % shards  # so that a backlog in one part never hides the others
    for turn in range(shards):
        try:
            yield from ledger.table.due((first + turn) % shards, ledger.clock.now())
        except StorageError:  # the other parts of the index may answer
            counts["unreachable"] += 1


def _look_after(ledger: Ledger, queues: Mapping[str, JobQueue], job_id: str, swept: SweepReport) -> None:
    job = ledger.read(job_id)
    now = ledger.clock.now()
    if job is None or job.due_at is None or job.due_at > now:
        return  # the index lags behind the row
    if job.status in (Status.SUBMITTED, Status.WAITING):
        swept.oldest_ms = max(swept.oldest_ms, waited_until(job, now))
    moved = _move_on(ledger, queues, job, now)
    swept.counts.update(moved + ["stuck"] * (now - job.due_at >= ledger.rules.stuck_ms))


def _move_on(ledger: Ledger, queues: Mapping[str, JobQueue], job: Job, now: int) -> list[str]:
    if job.status in (Status.EXECUTING, Status.CANCELLING):
        ending = _ending_of_lost(job, now, ledger.rules)
    else:
        ending = _ending_of_queued(job, now, ledger.rules)
    if ending is not None:
        move, why = ending
        return [move.name] if ledger.reap(move, job, why).applied else []
    if job.worker not in queues:
        raise StorageError(f"there is no queue of the worker '{job.worker}'")
    return _send_again(ledger, queues[job.worker], job)


def _send_again(ledger: Ledger, queue: JobQueue, job: Job) -> list[str]:
    if job.status is Status.EXECUTING:
        if not ledger.retry(job).applied:
            return []
        queue.send(job.id)  # should this fail, the job is a queued one by now, and will be due again
        return [t.RETRY.name]
    queue.send(job.id)  # before the row says so: a crash in between only sends once more
    return [t.RESEND.name] if ledger.resend(job).applied else []


def _ending_of_lost(job: Job, now: int, rules: JobRules) -> tuple[t.Move, Message] | None:
    """Return how a job ends whose worker is gone, or None when another one may try."""
    if job.status is Status.CANCELLING:
        return t.REAP_CANCELLED, CANCELLED
    if job.run_deadline is not None and job.run_deadline <= now:
        return t.REAP_OVERDUE, error("The tool ran longer than it may.")
    if job.attempt >= rules.max_attempts:
        return t.REAP_LOST, error(f"The worker was lost {job.attempt} times.")
    return None


def _ending_of_queued(job: Job, now: int, rules: JobRules) -> tuple[t.Move, Message] | None:
    """Return how a job ends that no worker has, or None when its message should be sent again."""
    if job.status is Status.NEW:
        return t.ABANDON, error("The job could not be queued.")
    if job.queue_deadline <= now:
        return t.EXPIRE, error("No worker was free in time.")
    if job.attempt >= rules.max_attempts:
        return t.EXHAUST, error(f"The job was tried {job.attempt} times.")
    return None
