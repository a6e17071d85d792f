"""The reaper: finds overdue open jobs, and moves each of them on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from gpserverless.errors import StorageError
from gpserverless.jobs import transitions
from gpserverless.jobs.job import Job
from gpserverless.jobs.job_usage import queue_time
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import CANCELLED, error
from gpserverless.jobs.move import Move
from gpserverless.jobs.ports import JobQueue
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.toolkit.run import Message

logger = logging.getLogger(__name__)

_TURN_MS = 60_000  # the reaper's schedule


@dataclass
class SweepReport:
    """Counts of a sweep.

    Attributes:
        counts: Jobs by what happened: the names of moves ("retry", "resend", "expire", …), "unreachable" for
            jobs and parts of the index that the stores failed, "unreadable" for malformed rows, "stuck" for
            jobs that were long overdue.
        oldest_ms: The longest wait of a queued job. Only jobs are seen that wait for longer than a message
            may take; younger ones count as 0.
    """

    counts: Counter[str] = field(default_factory=Counter)
    oldest_ms: int = 0


def sweep(ledger: Ledger, queues: Mapping[str, JobQueue], until: int) -> SweepReport:
    """Move on every open job that is due.

    Sweeps that overlap or break off do no harm: every move is made on the row exactly as it was seen.

    Args:
        ledger: The ledger of jobs.
        queues: Where workers listen, by the name of the worker.
        until: When to stop, in milliseconds since 1970-01-01 UTC; the next sweep goes on.
    """
    report = SweepReport()
    for job_id in _due(ledger, report.counts):
        if ledger.clock.now() >= until:
            break
        with count_failures(report.counts, job_id):
            _look_after(ledger, queues, job_id, report)
    return report


@contextmanager
def count_failures(counts: Counter[str], job_id: str) -> Iterator[None]:
    """Count the failure of one job, so that the jobs behind it have their turn.

    Args:
        counts: Counts by kind of failure; the failure is added.
        job_id: Id of the job.
    """
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


def _look_after(ledger: Ledger, queues: Mapping[str, JobQueue], job_id: str, report: SweepReport) -> None:
    job = ledger.read(job_id)
    now = ledger.clock.now()
    if job is None or job.due_at is None or job.due_at > now:
        return  # the index lags behind the row
    if job.status in (Status.SUBMITTED, Status.WAITING):
        report.oldest_ms = max(report.oldest_ms, queue_time(job, now))
    moved = _move_on(ledger, queues, job, now)
    report.counts.update(moved + ["stuck"] * (now - job.due_at >= ledger.rules.stuck_ms))


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
        return [transitions.RETRY.name]
    queue.send(job.id)  # before the row says so: a crash in between only sends once more
    return [transitions.RESEND.name] if ledger.resend(job).applied else []


def _ending_of_lost(job: Job, now: int, rules: JobRules) -> tuple[Move, Message] | None:
    """Return the ending of a job whose worker is lost, or None if another worker may try."""
    if job.status is Status.CANCELLING:
        return transitions.REAP_CANCELLED, CANCELLED
    if job.run_deadline is not None and job.run_deadline <= now:
        return transitions.REAP_OVERDUE, error("The tool ran longer than it may.")
    if job.attempt >= rules.max_attempts:
        return transitions.REAP_LOST, error(f"The worker was lost {job.attempt} times.")
    return None


def _ending_of_queued(job: Job, now: int, rules: JobRules) -> tuple[Move, Message] | None:
    """Return the ending of a job that no worker has, or None if its message should be sent again."""
    if job.status is Status.NEW:
        return transitions.ABANDON, error("The job could not be queued.")
    if job.queue_deadline <= now:
        return transitions.EXPIRE, error("No worker was free in time.")
    if job.attempt >= rules.max_attempts:
        return transitions.EXHAUST, error(f"The job was tried {job.attempt} times.")
    return None
