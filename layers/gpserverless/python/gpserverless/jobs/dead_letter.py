"""Ending the jobs whose messages the queue has given up on."""

from __future__ import annotations

from gpserverless.jobs import transitions as t
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import error


def bury(ledger: Ledger, job_id: str) -> bool:
    """Fail a job that no worker has, and return whether it was failed now.

    A job in a worker's hands, or over, is left alone: its message was one too many.

    Raises:
        StorageError: The table cannot be reached.
    """
    job = ledger.read(job_id)
    why = error("The job could not be delivered to a worker.")
    return job is not None and ledger.reap(t.BURY, job, why).applied
