"""The verdict on one run of a scenario."""

from __future__ import annotations

from dev.faults.lab.aws import BUCKET
from dev.faults.lab.lab import RULES, Lab, SubmittedJob
from dev.faults.verdict import Verdict
from gpserverless.jobs.job import Job
from gpserverless.jobs.status import Status
from gpserverless.storage.clients import s3_client


def judge(lab: Lab) -> Verdict:
    """Return the verdict on a lab that has run."""
    verdict = Verdict(len(lab.submitted), lab.injection.fired, lab.checks.runs.total())
    verdict.broken.update(+lab.checks.problems)
    for submitted in lab.submitted:
        verdict.answers[submitted.answer] += 1
        job = lab.checks.jobs.get(submitted.job_id)
        if job is not None and job.status.is_final:
            verdict.finals[job.status] += 1
            verdict.seconds.append((lab.checks.ended_at[job.id] - submitted.at) / 1000)
        verdict.broken.update(_find_broken(lab, submitted, job))
    return verdict


def _find_broken(lab: Lab, submitted: SubmittedJob, job: Job | None) -> list[str]:
    """Return the promises that were broken for one submit, as its client sees it at the end."""
    if lab.scenario.rows_removed and submitted.job_id and not lab.has_row(submitted.job_id):
        return []  # it was removed by hand, and no late write has brought half of it back
    if submitted.job_id in lab.checks.open:
        return ["stuck"]
    if job is None:
        return ["lost"] if submitted.answer == "accepted" else []
    if submitted.answer == "refused":
        return ["ghost"] if job.status is Status.SUCCEEDED else []
    late = lab.checks.ended_at[job.id] - submitted.at > RULES.longest_ms + lab.scenario.grace_ms
    return [*(["late"] if late else []), *_compare_answers(lab, job)]


def _compare_answers(lab: Lab, job: Job) -> list[str]:
    """Compare the answers of the jobs function with the row."""
    if lab.scenario.results_removed:
        for stored in job.results.values():
            s3_client().delete_object(Bucket=BUCKET, Key=stored.key)
    shown = lab.request("GET", f"/jobs/{job.id}", {})
    result = lab.request("GET", f"/jobs/{job.id}/results/Out_GPString", {})
    has_result = job.status is Status.SUCCEEDED and not lab.scenario.results_removed
    wrong = shown.get("jobStatus") != job.status.value or ("run" in result) != has_result
    unsaid = not has_result and "error" not in result
    return ["shown wrongly"] if wrong or unsaid else []
