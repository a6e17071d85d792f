"""Who sees every write as it is applied, and says when one breaks a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from dev.faults.stage import Actor
from gpserverless.errors import NotFound
from gpserverless.jobs.job import Job
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.jobs.transitions import Writer
from gpserverless.storage.attributes import decode_item


class Watch:
    """Holds every applied write against what is promised.

    Args:
        rules: The rules that the jobs live by.
        get: Reads an object past every fault.
        now: Tells the time, whatever the clocks of the functions say.

    Attributes:
        jobs: Every job as its last write left it.
        open: The jobs that have not ended.
        cancelled: The jobs whose cancel was accepted.
        runs: Runs started, by job.
        ended_at: When jobs ended.
        problems: How often which promise was broken.
    """

    def __init__(self, rules: JobRules, get: Callable[[str], bytes], now: Callable[[], int]) -> None:
        self.jobs: dict[str, Job] = {}
        self.open: set[str] = set()
        self.cancelled: set[str] = set()
        self.runs: Counter[str] = Counter()
        self.ended_at: dict[str, int] = {}
        self.problems: Counter[str] = Counter()
        self._rules = rules
        self._get = get
        self._now = now

    def started(self, job_id: str) -> None:
        """See a run start."""
        self.runs[job_id] += 1
        if self.runs[job_id] > self._rules.max_attempts:
            self.problems["over the limit"] += 1

    def applied(self, actor: Actor, point: str, parsed: Mapping[str, Any]) -> None:
        """See a call to AWS that was applied."""
        if point == "create":
            self.open.add(actor.job_id)
        elif "Attributes" in parsed:
            job = Job.from_item(decode_item(parsed["Attributes"]))
            before = self.jobs.get(job.id)
            if actor.resent and before is not None and before.rev == job.rev:
                return  # neither the first nor the second of the two was applied
            self._compare(actor, before, job)
            self.jobs[job.id] = job
            if job.status.is_final:
                self.open.discard(job.id)
                self.ended_at.setdefault(job.id, self._now())

    def _compare(self, actor: Actor, before: Job | None, job: Job) -> None:
        if before is not None and before.status.is_final:
            self.problems["an outcome changed"] += 1
        if before is not None and job.rev != before.rev + 1:
            self.problems["a write without a revision"] += 1
        if job.status.is_final == (job.open_shard is not None):
            self.problems["hidden from the reaper"] += 1
        if actor.role == Writer.WORKER and job.status.is_final and before is not None:
            self.problems["ended without the lease"] += job.done_by != before.lease_owner
        if job.status is Status.SUCCEEDED:
            self.problems["a cancelled job succeeded"] += job.id in self.cancelled
            self.problems["torn"] += not self.is_whole(job, actor.made)

    def is_whole(self, job: Job, made: Mapping[str, bytes]) -> bool:
        """Return whether the results that a job shows are stored, and are those made by its committer."""
        try:
            found = {name: self._get(stored.key) for name, stored in job.results.items()}
        except NotFound:
            return False
        return found == made
