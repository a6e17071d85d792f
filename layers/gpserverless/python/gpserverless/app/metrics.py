"""Metrics of CloudWatch in the embedded format, which is a line of the log.

No call is made: CloudWatch reads the numbers from the line. Every metric is there for the application as a
whole, and those of jobs and executes once more for each toolbox and task. A job is counted when its outcome
is written, by any writer, so that repeated messages, attempts and writes count once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from gpserverless.access.audit import audit
from gpserverless.app.logs import current_ids, make_logger
from gpserverless.errors import Cancelled, DeadlinePassed, LeaseLost, OutOfMemory, ToolCrashed
from gpserverless.toolkit.call import Call

NAMESPACE = "GPServerless"
APPLICATION = os.environ.get("POWERTOOLS_SERVICE_NAME") or "gpserverless"
"""The value of the dimension `service`: the name of the stack."""

STOPPED: Mapping[type[BaseException], str] = {
    Cancelled: "Tools stopped by cancel",
    DeadlinePassed: "Tools stopped by deadline",
    LeaseLost: "Tools stopped by lost lease",
    OutOfMemory: "Tools out of memory",
    ToolCrashed: "Tools crashed",
}
"""Metrics of the processes of tools that were killed, died, or were given up."""

UNITS: Mapping[str, MetricUnit] = {
    "Jobs succeeded": MetricUnit.Count,
    "Jobs failed": MetricUnit.Count,
    "Jobs timed out": MetricUnit.Count,
    "Jobs cancelled": MetricUnit.Count,
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
    "Jobs stuck": MetricUnit.Count,
    "Jobs unreachable": MetricUnit.Count,
    "Jobs unreadable": MetricUnit.Count,
    "Jobs abandon": MetricUnit.Count,
    "Jobs reap cancelled": MetricUnit.Count,
    "Jobs reap overdue": MetricUnit.Count,
    "Jobs retry": MetricUnit.Count,
    "Jobs reap lost": MetricUnit.Count,
    "Jobs resend": MetricUnit.Count,
    "Jobs expire": MetricUnit.Count,
    "Jobs exhaust": MetricUnit.Count,
    "Jobs erase": MetricUnit.Count,
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
        toolbox: The service; empty for the whole application.
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


def count_stopped_tool(problem: BaseException | None, toolbox: str, task: str) -> None:
    """Count a tool's process that did not end by itself, if the problem says so.

    Args:
        problem: The error with which the run ended; None for a success.
        toolbox: Qualified name of the service.
        task: Name of the task.
    """
    if values := _stop_counts(problem):
        emit(values, toolbox, task)


@dataclass
class Execution:
    """One execute while it is measured.

    Attributes:
        bytes_in: Size of the values of its parameters.
        bytes_out: Size of its outputs and their files.
    """

    bytes_in: int
    bytes_out: int = 0


@contextmanager
def measure_execute(call: Call) -> Iterator[Execution]:
    """Count and log an execute, however the block ends.

    Args:
        call: The call.
    """
    began = time.perf_counter()
    execution = Execution(call.size)
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
        emit({**values, **sizes, **_stop_counts(problem)}, call.service, call.task)
        seconds = milliseconds / 1000
        kind = {"problem": type(problem).__name__} if problem else {}
        logger.info("executed", extra={"outcome": outcome, "seconds": seconds, **kind})
        facts = {"bytes_in": execution.bytes_in, "bytes_out": execution.bytes_out, "seconds": seconds}
        audit("execute", call.caller.name, status=outcome, **facts)


def _stop_counts(problem: BaseException | None) -> dict[str, float]:
    return {name: 1 for kind, name in STOPPED.items() if isinstance(problem, kind)}
