"""`gpserverless jobs`: every command, told by the row of the job afterwards."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

import pytest
from moto import mock_aws

from gpserverless.cli import jobs
from gpserverless.cli.main import main
from gpserverless.clock import SystemClock
from gpserverless.jobs.job import NewJob
from gpserverless.jobs.keys import new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.storage.clients import dynamodb_client
from gpserverless.storage.stack_jobs import StackJobs
from gpserverless.toolkit.call import Call
from tests.cli.conftest import Outcome
from tests.jobs.rig import resource

Run = Callable[..., Outcome]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[StackJobs]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        client = dynamodb_client()
        kept = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
        given = {name: value for name, value in resource("JobsTable").items() if name in kept}
        client.create_table(TableName="jobs", **given)
        opened = StackJobs(client, "jobs")
        monkeypatch.setattr(jobs, "open_jobs", lambda *where: opened)
        yield opened


@pytest.fixture
def run(stack: StackJobs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("COLUMNS", "300")

    def run_command(*words: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["gpserverless", "jobs", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Outcome(printed.out, printed.err, ended.value.code)

    return run_command


def submit(stack: StackJobs, task: str = "Buffer") -> str:
    ledger = Ledger(stack.table, JobRules(), SystemClock())
    job_id = new_job_id()
    ledger.create(NewJob(job_id, Call("Analysis", task, {})), "token")
    ledger.submit(job_id, "token")
    return job_id


def status(stack: StackJobs, job_id: str) -> Status:
    job = stack.table.read(job_id)
    assert job is not None
    return job.status


def test_jobs_are_listed(run: Run, stack: StackJobs) -> None:
    ids = {submit(stack), submit(stack, "Project")}
    listed = json.loads(run("list", "--json").output)
    assert {each["id"] for each in listed} == ids
    assert {each["task"] for each in listed} == {"Buffer", "Project"}
    assert all(word in run("list").output for word in ids)
    assert json.loads(run("list", "--most", "1", "--json").output) == listed[:1]


def test_jobs_of_a_status_are_listed(run: Run, stack: StackJobs) -> None:
    cancelled, _ = submit(stack), submit(stack)
    run("cancel", cancelled)
    for word in ("cancelled", "esriJobCancelled"):
        listed = json.loads(run("list", "--status", word, "--json").output)
        assert [each["id"] for each in listed] == [cancelled]


def test_job_is_shown(run: Run, stack: StackJobs) -> None:
    job_id = submit(stack)
    shown = json.loads(run("show", job_id, "--json").output)
    assert (shown["id"], shown["service"], shown["status"]) == (job_id, "Analysis", "esriJobSubmitted")


def test_job_is_cancelled_and_then_deleted(run: Run, stack: StackJobs) -> None:
    job_id = submit(stack)
    assert run("delete", job_id).status == 2, "it is not over"
    assert run("cancel", job_id).output == f"{job_id} is esriJobCancelled now.\n"
    assert status(stack, job_id) is Status.CANCELLED
    assert run("delete", job_id).output == f"{job_id} is deleted.\n"
    assert run("list", "--json").output == "[]\n"


@pytest.mark.parametrize("command", ["show", "cancel", "delete"])
@pytest.mark.parametrize("job_id", ["j" + "0" * 32, "nonsense"])
def test_unknown_job_is_one_sentence_and_status_2(command: str, job_id: str, run: Run) -> None:
    outcome = run(command, job_id)
    assert (outcome.status, outcome.errors.count("\n")) == (2, 1)
    assert job_id in outcome.errors


def test_ended_job_is_not_cancelled_again(run: Run, stack: StackJobs) -> None:
    job_id = submit(stack)
    run("cancel", job_id)
    outcome = run("cancel", job_id)
    assert (outcome.status, "has ended" in outcome.errors) == (2, True)
