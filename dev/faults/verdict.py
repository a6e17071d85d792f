"""What a piece came to: counts, broken promises, and how long jobs took to end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles

from dev.faults.lab import RULES, Asked, Lab
from gpserverless.jobs.job import Job
from gpserverless.jobs.status import Status
from gpserverless.storage.clients import s3_client


@dataclass
class Verdict:
    """Counts of one or several pieces.

    Attributes:
        submits: Requests to submit a job.
        fired: Faults that happened.
        runs: Runs of the tool that were started.
        heard: Submits that were accepted and refused; the rest got no answer.
        finals: Jobs by final status.
        broken: Broken promises.
        seconds: How long each job took from the request to its end.
    """

    submits: int = 0
    fired: int = 0
    runs: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    finals: Counter[Status] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __iadd__(self, other: Verdict) -> Verdict:
        """Take another piece's counts in."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not +self.broken

    def percentile(self, percent: int) -> float:
        """Return within how many seconds so many percent of the jobs had ended."""
        if len(self.seconds) < 2:
            return sum(self.seconds)
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


def judge(lab: Lab) -> Verdict:
    """Return what a piece that has been played came to."""
    verdict = Verdict(len(lab.asked), lab.injection.fired, lab.watch.runs.total())
    verdict.broken.update(+lab.watch.problems)
    for asked in lab.asked:
        verdict.heard[asked.heard] += 1
        job = lab.watch.jobs.get(asked.job_id)
        if job is not None and job.status.is_final:
            verdict.finals[job.status] += 1
            verdict.seconds.append((lab.watch.ended_at[job.id] - asked.at) / 1000)
        verdict.broken.update(_broken(lab, asked, job))
    return verdict


def _broken(lab: Lab, asked: Asked, job: Job | None) -> list[str]:
    """Return what is wrong with one submit, as its client and the front see it at the end."""
    if lab.scenario.rows_removed and asked.job_id and not lab.row_is_there(asked.job_id):
        return []  # somebody has removed it, and no late write has brought half of it back
    if asked.job_id in lab.watch.open:
        return ["stuck"]
    if job is None:
        return ["lost"] if asked.heard == "accepted" else []
    if asked.heard == "refused":
        return ["ghost"] if job.status is Status.SUCCEEDED else []
    late = lab.watch.ended_at[job.id] - asked.at > RULES.longest_ms + lab.scenario.grace_ms
    return [*(["late"] if late else []), *_front(lab, job)]


def _front(lab: Lab, job: Job) -> list[str]:
    """Return where what the front answers is not what was written."""
    if lab.scenario.results_removed:
        for stored in job.results.values():
            s3_client().delete_object(Bucket="lab", Key=stored.key)
    shown = lab.ask("GET", f"/jobs/{job.id}", {})
    result = lab.ask("GET", f"/jobs/{job.id}/results/Out_GPString", {})
    has_result = job.status is Status.SUCCEEDED and not lab.scenario.results_removed
    wrong = shown.get("jobStatus") != job.status.value or ("run" in result) != has_result
    unsaid = not has_result and "error" not in result
    return ["shown wrongly"] if wrong or unsaid else []
