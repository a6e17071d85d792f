"""Messages of a job beside those of its tool."""

from __future__ import annotations

from datetime import UTC, datetime

from gpserverless.jobs.status import Status
from gpserverless.jobs.usage import Usage
from gpserverless.toolkit.run import Message

_VERBS = {Status.SUCCEEDED: "Succeeded", Status.FAILED: "Failed", Status.TIMED_OUT: "Timed out"}


def info(text: str) -> Message:
    """Return an informative message.

    Args:
        text: The text.
    """
    return Message("informative", text)


def warning(text: str) -> Message:
    """Return a warning.

    Args:
        text: The text.
    """
    return Message("warning", text)


def error(text: str) -> Message:
    """Return an error message.

    Args:
        text: The text.
    """
    return Message("error", text)


SUBMITTED = info("Submitted.")
EXECUTING = info("Executing...")
CANCELLED = info("Cancelled.")


def describe_failure(task: str) -> Message:
    """Return the message that comes after the reason of a failure.

    Args:
        task: Name of the task.
    """
    return error(f"Failed to execute ({task}).")


def describe_outcome(status: Status, ended_at: int, started_at: int | None) -> Message:
    """Return the last message of a job.

    Args:
        status: A final status.
        ended_at: When it ended, in milliseconds since 1970-01-01 UTC.
        started_at: When its run began; None when it never did.
    """
    if status is Status.CANCELLED:
        return CANCELLED
    text = f"{_VERBS[status]} at {datetime.fromtimestamp(ended_at / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    if started_at is not None:
        elapsed_ms = max(0, ended_at - started_at)  # the clock may have been set back
        text += f" (Elapsed Time: {elapsed_ms / 1000:.2f} seconds)"
    return info(text)


def describe_usage(usage: Usage) -> Message:
    """Return the message with a job's time, memory and cost; it comes before the last one.

    Clients may read the last message as the outcome, so the last message stays ArcGIS's own.

    Args:
        usage: Use of all attempts.
    """
    parts = [f"Queued {usage.queue_ms / 1000:.2f} seconds"]
    if usage.run_ms:
        parts.append(f"ran {usage.run_ms / 1000:.2f} seconds")
    if usage.peak_bytes is not None:
        parts.append(f"peak memory {usage.peak_bytes / 2**20:.0f} MB")
    return info(f"{', '.join(parts)}, cost about ${usage.dollars:.6f}.")
