"""Checks of the promises at the moment a write is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from dev.faults.lab.scheduler import Process
from gpserverless.errors import NotFound
from gpserverless.jobs.job import Job
from gpserverless.jobs.move import Writer
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.storage.attributes import decode_item


class WriteChecks:
    """Compares every applied write with the promises.

    Args:
        rules: The rules of the jobs.
        get: Reads an object of the store, past every fault.
        now: Returns the true time in milliseconds, whatever the functions' clocks say.

    Attributes:
        jobs: Every job after its last write.
        open: Ids of the jobs that have not ended.
        cancelled: Ids of the jobs whose cancel was accepted.
        runs: Number of runs by job.
        ended_at: When each job ended.
        problems: Number of violations by promise.
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

    def count_run(self, job_id: str) -> None:
        """Count a run of a job's tool."""
        self.runs[job_id] += 1
        if self.runs[job_id] > self._rules.max_attempts:
            self.problems["over the limit"] += 1

    def check_write(self, process: Process, call: str, answer: Mapping[str, Any]) -> None:
        """Check a call to AWS that was applied.

        Args:
            process: Its caller.
            call: The name of the call.
            answer: AWS's answer.
        """
        if call == "create":
            self.open.add(process.job_id)
        elif "Attributes" in answer:
            job = Job.from_item(decode_item(answer["Attributes"]))
            before = self.jobs.get(job.id)
            if process.resent and before is not None and before.rev == job.rev:
                return  # neither of the two calls was applied
            self._compare(process, before, job)
            self.jobs[job.id] = job
            if job.status.is_final:
                self.open.discard(job.id)
                self.ended_at.setdefault(job.id, self._now())

    def _compare(self, process: Process, before: Job | None, job: Job) -> None:
        if before is not None and before.status.is_final:
            self.problems["an outcome changed"] += 1
        if before is not None and job.rev != before.rev + 1:
            self.problems["a write without a revision"] += 1
        if job.status.is_final == (job.open_shard is not None):
            self.problems["hidden from the reaper"] += 1
        if process.role == Writer.WORKER and job.status.is_final and before is not None:
            self.problems["ended without the lease"] += job.done_by != before.lease_owner
        if job.status is Status.SUCCEEDED:
            self.problems["a cancelled job succeeded"] += job.id in self.cancelled
            self.problems["torn"] += not self._has_whole_results(job, process.made)

    def _has_whole_results(self, job: Job, made: Mapping[str, bytes]) -> bool:
        """Say whether all results are stored, and were made by the process that shows them."""
        try:
            found = {name: self._get(stored.key) for name, stored in job.results.items()}
        except NotFound:
            return False
        return found == made
