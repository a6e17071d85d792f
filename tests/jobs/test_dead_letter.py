"""Dead letters: only what nobody is running is ended."""

from __future__ import annotations

import pytest

from gpserverless.jobs.dead_letter import bury
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from tests.jobs.rig import Put

BURIED = (Status.NEW, Status.SUBMITTED, Status.WAITING)


@pytest.mark.parametrize("status", Status)
def test_bury_fails_jobs_without_a_worker_only(ledger: Ledger, put: Put, status: Status) -> None:
    job = put(status)
    assert bury(ledger, job.id) == (status in BURIED)
    after = ledger.read(job.id)
    assert after is not None
    assert after.status is (Status.FAILED if status in BURIED else status)


def test_bury_ignores_an_unknown_job(ledger: Ledger) -> None:
    assert not bury(ledger, "j" + "e" * 32)
