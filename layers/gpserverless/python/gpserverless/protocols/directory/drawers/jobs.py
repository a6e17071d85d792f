"""The page of the caller's own jobs."""

from __future__ import annotations

from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.labels import JOB_STATUSES
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_date


def draw_jobs(subject: Subject, document: Any) -> Page:
    """Return the page of a part of the caller's own jobs.

    Args:
        subject: The resource.
        document: Its document.
    """
    jobs = [
        (each, JOB_STATUSES[each["jobStatus"]], show_date(each["submitted"]) or "")
        for each in document["jobs"]
    ]
    return Page("jobs.html", Text("Your jobs"), {"jobs": jobs, "next_start": document.get("nextStart", "")})
