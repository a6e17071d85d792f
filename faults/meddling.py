"""Somebody at the queue of a local cloud who doubles messages and takes some away."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import Any

from local.resources import client


class Meddler:
    """Receives messages in front of the workers: sends some twice, and forgets some.

    Args:
        endpoint: Where the local cloud's AWS is.
        seconds: How long it rests on average.
        seed: Of its choices.

    Attributes:
        did: How many messages were doubled and dropped.
    """

    def __init__(self, endpoint: str, seconds: float, seed: int) -> None:
        self.did: Counter[str] = Counter()
        self._sqs: Any = client("sqs", endpoint)
        self._url = self._sqs.get_queue_url(QueueName="gpserverless-local-JobsQueue")["QueueUrl"]
        self._seconds = seconds
        self._random = random.Random(seed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin; messages in flight come back soon from now on."""
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"VisibilityTimeout": "15"})
        self._thread.start()

    def stop(self) -> None:
        """Leave the queue alone; return when it is."""
        self._stopping.set()
        self._thread.join()

    def waiting(self) -> int:
        """Return how many messages the queue holds, in flight or not."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=list(names))["Attributes"]
        return sum(int(found[name]) for name in names)

    def _run(self) -> None:
        while not self._stopping.wait(self._random.uniform(0.5, 1.5) * self._seconds):
            for message in self._sqs.receive_message(QueueUrl=self._url, WaitTimeSeconds=1).get(
                "Messages", ()
            ):
                if self._random.random() < 0.5:
                    self._sqs.send_message(QueueUrl=self._url, MessageBody=message["Body"])
                    self._sqs.send_message(QueueUrl=self._url, MessageBody=message["Body"])
                    self.did["doubled"] += 1
                else:
                    self.did["dropped"] += 1
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
