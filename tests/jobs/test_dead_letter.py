"""Dead letters: only what nobody is running is ended."""

from __future__ import annotations

import pytest

from gpserverless.jobs.dead_letter import bury
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from tests.jobs.conftest import Put

BURIED = (Status.NEW, Status.SUBMITTED, Status.WAITING)


@pytest.mark.parametrize("status", Status)
def test_bury(ledger: Ledger, put: Put, status: Status) -> None:
    job = put(status)
    assert bury(ledger, job.id) == (status in BURIED)
    after = ledger.read(job.id)
    assert after is not None
    assert after.status is (Status.FAILED if status in BURIED else status)


def test_a_letter_about_nothing_is_no_trouble(ledger: Ledger) -> None:
    assert not bury(ledger, "j" + "e" * 32)
