"""What is measured: metrics of CloudWatch in the embedded format, which is a line of the log.

No call is made: CloudWatch reads the numbers from the line. Every metric is there for the application as a
whole, and those of jobs and executes once more for each toolbox and task. A job is counted when its outcome
is written, by whoever wrote it, so that repeated messages, attempts and writes count once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from gpserverless.app.logs import about, current_ids, make_logger
from gpserverless.errors import Cancelled, DeadlinePassed, LeaseLost, OutOfMemory, ToolCrashed
from gpserverless.jobs.job import Job
from gpserverless.jobs.status import Status
from gpserverless.jobs.transitions import MOVES, Writer
from gpserverless.toolkit.call import Call

NAMESPACE = "GPServerless"
APPLICATION = os.environ.get("POWERTOOLS_SERVICE_NAME") or "gpserverless"
"""The value of the dimension `service`: the name of the stack."""

ENDED = {
    Status.SUCCEEDED: "Jobs succeeded",
    Status.FAILED: "Jobs failed",
    Status.TIMED_OUT: "Jobs timed out",
    Status.CANCELLED: "Jobs cancelled",
}
STOPPED: Mapping[type[BaseException], str] = {
    Cancelled: "Tools stopped by cancel",
    DeadlinePassed: "Tools stopped by deadline",
    LeaseLost: "Tools stopped by lost lease",
    OutOfMemory: "Tools out of memory",
    ToolCrashed: "Tools crashed",
}
"""Why a tool's process was killed, died, or had to be given up."""

SWEPT = {"stuck", "unreachable", "unreadable", *(move.name for move in MOVES if move.writer is Writer.REAPER)}
"""What the reaper counts."""

UNITS: Mapping[str, MetricUnit] = {
    **dict.fromkeys(ENDED.values(), MetricUnit.Count),
    "Job attempts": MetricUnit.Count,
    "Job queue wait": MetricUnit.Milliseconds,
    "Job run time": MetricUnit.Milliseconds,
    "Job peak memory": MetricUnit.Bytes,
    "Job bytes in": MetricUnit.Bytes,
    "Job bytes out": MetricUnit.Bytes,
    "Job dollars": MetricUnit.NoUnit,
    **dict.fromkeys(STOPPED.values(), MetricUnit.Count),
    "Executes succeeded": MetricUnit.Count,
    "Executes failed": MetricUnit.Count,
    "Execute time": MetricUnit.Milliseconds,
    "Execute bytes in": MetricUnit.Bytes,
    "Execute bytes out": MetricUnit.Bytes,
    **{f"Jobs {name}": MetricUnit.Count for name in SWEPT},
    "Jobs lost": MetricUnit.Count,
    "Queue age": MetricUnit.Milliseconds,
}
"""Every metric there is, with its unit."""

logger = make_logger()
_metrics = EphemeralMetrics(namespace=NAMESPACE, service=APPLICATION)  # empty again after each line


def emit(values: Mapping[str, float], toolbox: str = "", task: str = "") -> None:
    """Write a line with metrics.

    Args:
        values: Values by name of the metric, one of `UNITS`.
        toolbox: The service that they are about; empty when they are about none.
        task: The task.
    """
    if toolbox:
        _metrics.add_dimensions(service=APPLICATION, toolbox=toolbox, task=task)
    for name, value in values.items():
        _metrics.add_metric(name, UNITS[name], value)
    for name, known in current_ids().items():
        if name not in ("toolbox", "task"):
            _metrics.add_metadata(name, known)
    _metrics.flush_metrics()


def job_ended(job: Job) -> None:
    """Count a job whose outcome this process has just written, and log it."""
    usage = job.usage
    values: dict[str, float] = {ENDED[job.status]: 1, "Job attempts": job.attempt}
    if job.submitted_at is not None:
        values["Job bytes in"] = job.input_bytes
    if job.status is Status.SUCCEEDED:
        sizes = [*(result.size for result in job.results.values()), *(f.size for f in job.files.values())]
        values["Job bytes out"] = sum(sizes)
    if usage is not None:
        values["Job queue wait"] = usage.queue_ms
        values["Job dollars"] = float(usage.dollars)
        if job.attempt:
            values["Job run time"] = usage.run_ms
        if usage.peak_bytes is not None:
            values["Job peak memory"] = usage.peak_bytes
    outcome = {"outcome": job.status.value, "attempts": job.attempt, "reason": job.reason}
    with about(job=job.id, toolbox=job.service, task=job.task):
        emit(values, job.service, job.task)
        told = vars(usage) | {"dollars": float(usage.dollars)} if usage else {}
        logger.info("job ended", extra=outcome | told)


def tool_stopped(problem: BaseException | None, toolbox: str, task: str) -> None:
    """Count a tool's process that did not end by itself, if that is what the problem says."""
    if values := _stopped(problem):
        emit(values, toolbox, task)


def swept(counts: Mapping[str, int], oldest_ms: int) -> None:
    """Count what a sweep of the reaper met with.

    Args:
        counts: How many jobs met with what.
        oldest_ms: How long the job has waited that has waited longest, of those that it has looked at.
    """
    emit({f"Jobs {name}": count for name, count in {"stuck": 0, **counts}.items()} | {"Queue age": oldest_ms})


def erased(counts: Mapping[str, int]) -> None:
    """Count what erasing hidden jobs met with, by name."""
    if counts:
        emit({f"Jobs {name}": count for name, count in counts.items()})


def job_lost(job_id: str) -> None:
    """Count and log a job whose row is gone although it had not ended."""
    emit({"Jobs lost": 1})
    with about(job=job_id):
        logger.error("job lost")


@dataclass
class Execution:
    """One execute while it is measured.

    Attributes:
        bytes_in: Size of what was sent for its parameters.
        bytes_out: Size of its outputs and their files.
    """

    bytes_in: int
    bytes_out: int = 0


@contextmanager
def executing(call: Call) -> Iterator[Execution]:
    """Count and log an execute, however the block ends."""
    began = time.perf_counter()
    execution = Execution(sum(len(value) for value in call.values.values()))
    problem: BaseException | None = None
    try:
        yield execution
    except BaseException as error:
        problem = error
        raise
    finally:
        milliseconds = round((time.perf_counter() - began) * 1000, 3)
        outcome = "failed" if problem else "succeeded"
        values = {f"Executes {outcome}": 1, "Execute time": milliseconds}
        sizes = {"Execute bytes in": execution.bytes_in, "Execute bytes out": execution.bytes_out}
        emit({**values, **sizes, **_stopped(problem)}, call.service, call.task)
        told = {"outcome": outcome, "seconds": milliseconds / 1000}
        logger.info("executed", extra=told | ({"problem": type(problem).__name__} if problem else {}))


def _stopped(problem: BaseException | None) -> dict[str, float]:
    return {name: 1 for kind, name in STOPPED.items() if isinstance(problem, kind)}
