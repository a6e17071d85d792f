"""Answers to the events of a queue or a stream: the records that should come again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Record = Mapping[str, Any]


def process_batch(event: Mapping[str, Any], process: Callable[[Record], bool]) -> dict[str, Any]:
    """Answer one event of a queue.

    Args:
        event: A Lambda event of SQS.
        process: Processes a record, and returns whether it succeeded.
    """
    return partial_failure(record["messageId"] for record in event["Records"] if not process(record))


def partial_failure(identifiers: Iterable[str]) -> dict[str, Any]:
    """Return the answer that names the records that should come again (ReportBatchItemFailures).

    Args:
        identifiers: Ids of the records.
    """
    return {"batchItemFailures": [{"itemIdentifier": each} for each in identifiers]}
