"""The base of the queues: messages with a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gpserverless.storage.failures import storage_errors

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_VERSION = 1


class SqsQueue:
    """A queue of SQS.

    Args:
        client: Client of SQS.
        url: URL of the queue.
    """

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def hand_back(self, receipt: str, seconds: int) -> None:
        """Deliver a received message again after some seconds.

        Raises:
            StorageError: SQS could not be reached. The message returns after the queue's visibility timeout.
        """
        with storage_errors("hand a message back"):
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )


def write_message(**content: Any) -> str:
    """Return the body of a message."""
    return json.dumps({"v": _VERSION, **content}, separators=(",", ":"))


def read_message(body: str) -> dict[str, Any]:
    """Return the content of a message, empty if it is not one of ours.

    Args:
        body: Body of the message.
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) and message.get("v") == _VERSION else {}
