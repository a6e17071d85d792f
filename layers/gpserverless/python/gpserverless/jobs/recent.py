"""The recent jobs of one owner, newest first, page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gpserverless.errors import InvalidParameter
from gpserverless.jobs.find import is_shown
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.ports import JobPlace
from gpserverless.jobs.rules import OBJECT_DAYS

PAGE = 50
"""Jobs of one page at most."""

_DAY_MS = 86_400_000
_PLACE = re.compile(r"(\d{1,15})-(j[0-9a-f]{32})", re.ASCII)


def parse_place(text: str, parameter: str) -> JobPlace:
    """Return the place that a text of `JobPlace` stands for.

    Args:
        text: The text.
        parameter: Name of the parameter that it came in.

    Raises:
        InvalidParameter: It is none.
    """
    match = _PLACE.fullmatch(text)
    if match is None:
        raise InvalidParameter(parameter, "it is no place in the list", "the nextStart of the page before")
    return JobPlace(int(match[1]), match[2])


@dataclass(frozen=True)
class RecentJobs:
    """A page of jobs, newest first."""

    jobs: Sequence[Job]
    #: Place of the last one that was looked at, where the next page begins; None if there is no more.
    last: JobPlace | None


def list_recent(ledger: Ledger, owner: str, after: JobPlace | None = None) -> RecentJobs:
    """Return a page of an owner's jobs that are shown; one with hidden jobs among them is shorter.

    Older jobs than the objects of any job are not looked at: none of them is shown (see `JobRules.of`).

    Args:
        ledger: The ledger of jobs.
        owner: Name of the owner, who has one.
        after: Place of the last job of the page before.

    Raises:
        StorageError: The table cannot be reached.
    """
    now = ledger.clock.now()
    places = ledger.table.list_owned(owner, now - OBJECT_DAYS * _DAY_MS, after, PAGE + 1)
    page = places[:PAGE]
    found = {job.id: job for job in ledger.table.read_many([place.id for place in page])}
    jobs = [found[place.id] for place in page if place.id in found and is_shown(found[place.id], now)]
    return RecentJobs(jobs, page[-1] if len(places) > PAGE else None)
