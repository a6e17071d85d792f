"""The recent jobs of an owner: newest first, page by page, and nobody else's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.jobs.job import NewJob, Origin
from gpserverless.jobs.job_usage import read_usage
from gpserverless.jobs.keys import new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobPlace
from gpserverless.jobs.pricing import LISTING, SUBMIT, price
from gpserverless.jobs.recent import PAGE, list_recent, parse_place
from gpserverless.jobs.rules import OBJECT_DAYS
from gpserverless.jobs.status import Status
from gpserverless.testing import InMemoryObjectStore, VirtualClock
from gpserverless.toolkit.call import Call
from tests.jobs.rig import Put, submit

CALL = Call("Samples", "Buffer", {"points": "{}"})
DAY = 86_400_000


def ids(ledger: Ledger, owner: str, after: JobPlace | None = None) -> list[str]:
    return [job.id for job in list_recent(ledger, owner, after).jobs]


def owned(number: int, owner: str = "ann") -> dict[str, Any]:
    """Return the attributes of an owner's job; a higher number is an older one."""
    return {"owner": owner, "listed_for": owner, "created_at": VirtualClock().now() - number}


def test_submitted_and_refused_jobs_are_their_owners(
    ledger: Ledger, queue: Any, objects: InMemoryObjectStore, clock: VirtualClock
) -> None:
    def new(owner: str, problem: str = "") -> NewJob:
        return NewJob(new_job_id(), CALL, origin=Origin(owner), problem=problem)

    submitted, refused, others = new("mia"), new("mia", "No."), [new("ben"), new("")]
    for job in (submitted, *others):
        submit(job.id, CALL, ledger=ledger, objects=objects, queue=queue, origin=job.origin)
    clock.sleep(1)
    ledger.reject(refused, "token")
    assert ids(ledger, "mia") == [refused.id, submitted.id]
    assert ids(ledger, "ben") == [others[0].id]
    assert ids(ledger, "nobody else") == []


@pytest.mark.parametrize("status", Status)
def test_job_is_listed_exactly_when_it_is_shown(ledger: Ledger, put: Put, status: Status) -> None:
    owner = f"owner of {status}"
    job = put(status, **owned(0, owner))
    hidden = status in (Status.NEW, Status.DELETING, Status.DELETED)
    assert ids(ledger, owner) == ([] if hidden else [job.id])


def test_expired_job_vanishes(ledger: Ledger, put: Put, clock: VirtualClock) -> None:
    put(Status.SUCCEEDED, **owned(5, "zoe"))
    clock.sleep(ledger.rules.retention_ms / 1000)
    assert ids(ledger, "zoe") == []


def test_job_older_than_all_objects_is_not_looked_at(ledger: Ledger, put: Put) -> None:
    oldest = put(Status.EXECUTING, **owned(OBJECT_DAYS * DAY, "old"))
    put(Status.EXECUTING, **owned(OBJECT_DAYS * DAY + 1, "old"))
    assert ids(ledger, "old") == [oldest.id]


def test_list_is_read_page_by_page(ledger: Ledger, put: Put) -> None:
    jobs = [put(Status.SUCCEEDED, **owned(number, "max")) for number in range(PAGE + 1)]
    first = list_recent(ledger, "max")
    assert [job.id for job in first.jobs] == [job.id for job in jobs[:PAGE]]
    assert first.last == JobPlace(jobs[PAGE - 1].created_at, jobs[PAGE - 1].id)
    last = list_recent(ledger, "max", first.last)
    assert ([job.id for job in last.jobs], last.last) == ([jobs[PAGE].id], None)


def test_full_page_without_more_behind_it_is_the_last(ledger: Ledger, put: Put) -> None:
    for number in range(PAGE):
        put(Status.SUCCEEDED, **owned(number, "full"))
    page = list_recent(ledger, "full")
    assert (len(page.jobs), page.last) == (PAGE, None)


def test_jobs_of_one_millisecond_are_listed_once_each(ledger: Ledger, put: Put) -> None:
    jobs = {put(Status.SUCCEEDED, **owned(0, "sam")).id for _ in range(PAGE + 2)}
    first = list_recent(ledger, "sam")
    rest = list_recent(ledger, "sam", first.last)
    found = [job.id for page in (first, rest) for job in page.jobs]
    assert (set(found), len(found)) == (jobs, len(jobs))


def test_place_is_read_as_it_was_written() -> None:
    place = JobPlace(1_764_480_000_000, "j" + "0" * 32)
    assert parse_place(str(place), "start") == place


@pytest.mark.parametrize("text", ["x", "1", "-1-j" + "0" * 32, "1-j0", "1" * 16 + "-j" + "0" * 32, "1-J" * 9])
def test_text_that_is_no_place_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidParameter, match="Parameter 'start'"):
        parse_place(text, "start")


@pytest.mark.parametrize(("owner", "more"), [("ann", price(LISTING)), ("", Decimal(0))])
def test_owner_pays_for_the_entry_in_the_list(put: Put, owner: str, more: Decimal) -> None:
    assert read_usage(put(Status.SUBMITTED, owner=owner)).dollars == price(SUBMIT) + more
