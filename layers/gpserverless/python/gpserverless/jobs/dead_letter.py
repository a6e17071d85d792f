"""Ending the jobs whose messages the queue has given up on."""

from __future__ import annotations

from gpserverless.jobs import transitions
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.messages import error


def bury(ledger: Ledger, job_id: str) -> bool:
    """Fail a job that no worker has, and return whether this call failed it.

    A job that a worker has, or that is over, is left alone: it had a message too many.

    Args:
        ledger: The ledger of jobs.
        job_id: Id of the job.

    Raises:
        StorageError: The table cannot be reached.
    """
    job = ledger.read(job_id)
    why = error("The job could not be delivered to a worker.")
    return job is not None and ledger.reap(transitions.BURY, job, why).applied
