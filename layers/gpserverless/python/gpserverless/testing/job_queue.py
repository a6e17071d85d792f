"""The queue of jobs in memory."""

from __future__ import annotations


class InMemoryJobQueue:
    """Messages in a list, which the test delivers.

    Attributes:
        sent: Ids of the jobs that messages name, oldest first.
        handed_back: Receipts of messages that were handed back, and after how many seconds they are due.
    """

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.handed_back: list[tuple[str, int]] = []

    def send(self, job_id: str) -> None:
        """Take a message that names a job."""
        self.sent.append(job_id)

    def hand_back(self, receipt: str, seconds: int) -> None:
        """Take a message back."""
        self.handed_back.append((receipt, seconds))
