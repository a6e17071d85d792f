"""Metrics of jobs.

A job is counted by the process that writes its outcome, so that repeated messages, attempts and writes count
once.
"""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.access.audit import audit
from gpserverless.app import metrics
from gpserverless.app.logs import log_ids, make_logger
from gpserverless.jobs.job import Job
from gpserverless.jobs.status import Status

ENDED = {
    Status.SUCCEEDED: "Jobs succeeded",
    Status.FAILED: "Jobs failed",
    Status.TIMED_OUT: "Jobs timed out",
    Status.CANCELLED: "Jobs cancelled",
}

logger = make_logger()


def record_job_end(job: Job) -> None:
    """Count and log a job whose outcome this process has just written.

    Args:
        job: The job, in a final status.
    """
    usage = job.usage
    values: dict[str, float] = {ENDED[job.status]: 1, "Job attempts": job.attempt}
    if job.submitted_at is not None:
        values["Job bytes in"] = job.input_bytes
    if job.status is Status.SUCCEEDED:
        values["Job bytes out"] = count_output_bytes(job)
    if usage is not None:
        values["Job queue wait"] = usage.queue_ms
        values["Job dollars"] = float(usage.dollars)
        if job.attempt:
            values["Job run time"] = usage.run_ms
        if usage.peak_bytes is not None:
            values["Job peak memory"] = usage.peak_bytes
    outcome = {"outcome": job.status.value, "attempts": job.attempt, "reason": job.reason}
    with log_ids(job=job.id, toolbox=job.service, task=job.task):
        metrics.emit(values, job.service, job.task)
        spent = vars(usage) | {"dollars": float(usage.dollars)} if usage else {}
        logger.info("job ended", extra=outcome | spent)
        sizes = {"bytes_in": job.input_bytes, "bytes_out": count_output_bytes(job)}
        seconds = usage.run_ms / 1000 if usage else 0.0
        audit("end", job.owner, status=job.status.value, seconds=seconds, **sizes)


def count_output_bytes(job: Job) -> int:
    """Return the size of the results and files of a job.

    Args:
        job: The job.
    """
    return sum(r.size for r in job.results.values()) + sum(f.size for f in job.files.values())


def count_sweep(counts: Mapping[str, int], oldest_ms: int) -> None:
    """Count the jobs that a sweep of the reaper has moved or could not move.

    Args:
        counts: Numbers of jobs by the sweep's move, or by the reason that there was none.
        oldest_ms: Longest wait of the jobs that it has looked at.
    """
    found = {f"Jobs {name}": count for name, count in {"stuck": 0, **counts}.items()}
    metrics.emit({**found, "Queue age": oldest_ms})


def count_erasures(counts: Mapping[str, int]) -> None:
    """Count the hidden jobs that were erased or could not be.

    Args:
        counts: Number of jobs by outcome.
    """
    if counts:
        metrics.emit({f"Jobs {name}": count for name, count in counts.items()})


def record_lost_job(job_id: str) -> None:
    """Count and log a job whose row is gone although it had not ended.

    Args:
        job_id: Id of the job.
    """
    metrics.emit({"Jobs lost": 1})
    with log_ids(job=job_id):
        logger.error("job lost")
