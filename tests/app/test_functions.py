"""The worker, the reaper and the dead letters as Lambda calls them: events in, failed messages out."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gpserverless import settings
from gpserverless.access.quotas import Quotas
from gpserverless.app.dead_letters import DeadLettersFunction, DeadLettersSettings
from gpserverless.app.job_stores import JobsSettings
from gpserverless.app.reaper import ReaperFunction, ReaperSettings
from gpserverless.app.worker import WorkerFunction, WorkerSettings
from gpserverless.clock import SystemClock
from gpserverless.errors import InvalidParameter, SettingsError, ToolError
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.storage import clients
from gpserverless.storage.job_queue import write_job_message
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.testing import FaultInjection, InMemoryJobQueue, InMemoryObjectStore, VirtualClock
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import RunResult, Watcher
from gpserverless.toolkit.toolboxes import discover
from tests.items.rig import create_items_table
from tests.jobs.rig import submit
from tests.patience import SOON

ID = "j" + "0" * 32
CALL = Call("Samples", "Buffer", {})
HANG = "Conformance/Async", {"Kind": "native hang"}
FAILED = {"batchItemFailures": [{"itemIdentifier": "m1"}]}
DONE: dict[str, list[Any]] = {"batchItemFailures": []}


def event(body: str = write_job_message(ID)) -> dict[str, Any]:
    return {"Records": [{"messageId": "m1", "receiptHandle": "r1", "body": body}]}


def tool(call: Call, watcher: Watcher, seconds: float) -> RunResult:
    return RunResult((Output("zones", "GPString", b"{}"),))


@pytest.fixture
def submitted(memory_ledger: Ledger, objects: InMemoryObjectStore, faults: FaultInjection) -> Ledger:
    submit(ID, CALL, ledger=memory_ledger, objects=objects, queue=InMemoryJobQueue())
    return memory_ledger


def status(ledger: Ledger) -> Status:
    job = ledger.read(ID)
    assert job is not None
    return job.status


class TestWorker:
    def test_job_inside_one_call_of_native_code_ends_with_its_time(
        self, memory_ledger: Ledger, objects: InMemoryObjectStore, queue: InMemoryJobQueue
    ) -> None:
        ledger = Ledger(memory_ledger.table, JobRules.of(run_seconds=0.4), SystemClock())
        submit(ID, Call(HANG[0], "Fail", HANG[1]), ledger=ledger, objects=objects, queue=queue)
        runner = Runner(box for box in discover() if box.spec.name == HANG[0])
        began = time.monotonic()
        try:
            assert WorkerFunction(ledger, objects, queue, runner).handle(event(), 900_000) == DONE
        finally:
            runner.close()
        assert time.monotonic() - began < SOON
        assert status(ledger) is Status.TIMED_OUT

    def test_job_that_was_worked_on(
        self, submitted: Ledger, objects: InMemoryObjectStore, queue: InMemoryJobQueue
    ) -> None:
        assert WorkerFunction(submitted, objects, queue, tool).handle(event(), 900_000) == DONE
        assert status(submitted) is Status.SUCCEEDED

    def test_job_for_later(
        self, submitted: Ledger, objects: InMemoryObjectStore, queue: InMemoryJobQueue, faults: FaultInjection
    ) -> None:
        faults.schedule("claim", "down")
        assert WorkerFunction(submitted, objects, queue, tool).handle(event(), 900_000) == FAILED
        assert queue.handed_back == [("r1", 5)]

    def test_worker_that_can_run_nothing_any_more_leaves_its_job_to_another(
        self,
        submitted: Ledger,
        objects: InMemoryObjectStore,
        queue: InMemoryJobQueue,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def broken(call: Call, watcher: Watcher, seconds: float) -> RunResult:
            raise ZygoteGone("gone")

        monkeypatch.setattr(os, "_exit", sys.exit)
        with pytest.raises(SystemExit, match="1"):
            WorkerFunction(submitted, objects, queue, broken).handle(event(), 900_000)
        assert status(submitted) is Status.WAITING
        assert queue.handed_back == [("r1", 5)]

    def test_message_that_is_none_of_ours(
        self, submitted: Ledger, objects: InMemoryObjectStore, queue: InMemoryJobQueue
    ) -> None:
        assert WorkerFunction(submitted, objects, queue, tool).handle(event("?"), 900_000) == FAILED
        assert queue.handed_back == []

    @pytest.mark.parametrize(
        ("error", "level", "told"),
        [
            (ToolError("There are no points."), "INFO", False),
            (InvalidParameter("distance", "'secret' is not a number"), "INFO", False),
            (ValueError("a fault of ours"), "ERROR", True),
        ],
    )
    def test_what_the_log_tells_of_a_failure(
        self,
        submitted: Ledger,
        objects: InMemoryObjectStore,
        queue: InMemoryJobQueue,
        caplog: pytest.LogCaptureFixture,
        error: Exception,
        level: str,
        told: bool,
    ) -> None:
        def failing(call: Call, watcher: Watcher, seconds: float) -> RunResult:
            raise error

        WorkerFunction(submitted, objects, queue, failing).handle(event(), 900_000)
        began, ended = caplog.records
        assert (began.message, ended.message) == ("attempt started", "attempt ended")
        assert (ended.levelname, vars(ended)["outcome"]) == (level, "esriJobFailed")
        assert (str(error) in caplog.text) == told


def test_reaper_counts_what_it_did(
    submitted: Ledger,
    objects: InMemoryObjectStore,
    queue: InMemoryJobQueue,
    capsys: pytest.CaptureFixture[str],
) -> None:
    submitted.clock.sleep(700)
    reaper = ReaperFunction(submitted, {"core": queue}, objects)
    assert reaper.handle({}, 50_000) == {"stuck": 1, "resend": 1}
    assert reaper.handle({}, 50_000) == {}
    measured = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    metrics = [line for line in measured if "_aws" in line]
    assert [line["Jobs stuck"] for line in metrics] == [[1.0], [0.0]]
    assert metrics[0]["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "GPServerless"


class TestDeadLetters:
    def test_job_of_a_dead_letter_is_ended(self, submitted: Ledger) -> None:
        assert DeadLettersFunction(submitted).handle(event()) == DONE
        assert status(submitted) is Status.FAILED

    def test_letter_comes_again_when_the_table_is_away(
        self, submitted: Ledger, faults: FaultInjection
    ) -> None:
        faults.schedule("read", "down")
        assert DeadLettersFunction(submitted).handle(event()) == FAILED

    def test_letter_that_nobody_understands_is_done_with(self, submitted: Ledger) -> None:
        assert DeadLettersFunction(submitted).handle(event("?")) == DONE


QUEUES = {"core": "https://q", "vector": "https://v", "raster": "https://r"}
ENVIRONMENT = {"JOBS_TABLE": "jobs", "ITEMS_TABLE": "items", "BUCKET": "b", "FETCH_FUNCTION": "fetch"} | {
    settings.QUEUES[w]: url for w, url in QUEUES.items()
}


def test_settings() -> None:
    given = ENVIRONMENT | {"RUN_SECONDS": "60", "RETENTION_HOURS": "1", "PUBLISH_CONFORMANCE": "true"}
    assert WorkerSettings.read(given) == WorkerSettings(
        "core",
        frozenset({"PUBLISH_CONFORMANCE"}),
        False,
        "b",
        "jobs",
        "items",
        0,
        "https://q",
        60,
        1,
        60,
        "fetch",
        "",
        "",
        None,
        0,
    )
    on_lambda = WorkerSettings.read(given | {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3538"})
    assert (on_lambda.megabytes, on_lambda.memory) == (3538, 3138 * 2**20)
    assert WorkerSettings.read(given | {"WORKER": "raster"}).worker == "raster"
    assert ReaperSettings.read(ENVIRONMENT) == ReaperSettings("b", "jobs", "items", QUEUES, 24, 60)
    assert DeadLettersSettings.read(ENVIRONMENT) == DeadLettersSettings("jobs", 24)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (WorkerSettings, "BUCKET"),
        (WorkerSettings, "JOBS_TABLE"),
        (WorkerSettings, "ITEMS_TABLE"),
        (WorkerSettings, "JOBS_QUEUE_URL"),
        (WorkerSettings, "FETCH_FUNCTION"),
        (ReaperSettings, "JOBS_TABLE"),
        (ReaperSettings, "JOBS_QUEUE_URL"),
        (ReaperSettings, "VECTOR_QUEUE_URL"),
        (DeadLettersSettings, "JOBS_TABLE"),
    ],
)
def test_missing_setting_is_named(kind: Any, name: str) -> None:
    environment: Mapping[str, str] = {key: value for key, value in ENVIRONMENT.items() if key != name}
    with pytest.raises(SettingsError, match=name):
        kind.read(environment)


@pytest.mark.parametrize(("value", "secured"), [("true", True), ("TRUE", True), ("no", False), ("", False)])
def test_site_is_secured_by_a_setting(value: str, secured: bool) -> None:
    assert WorkerSettings.read(ENVIRONMENT | {"SECURED": value}).secured is secured


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "1e3", "\u0661"])
def test_quota_that_is_no_whole_number_is_named(value: str) -> None:
    given = ENVIRONMENT | {"ACCESS_TABLE": "a", "QUOTA_OPEN_JOBS": value}
    with pytest.raises(SettingsError, match=f"QUOTA_OPEN_JOBS must be a whole number, not '{value}'"):
        JobsSettings.read(given)
    assert not JobsSettings.read(given | {"QUOTA_OPEN_JOBS": "0"}).quotas.are_set
    assert JobsSettings.read(given | {"QUOTA_OPEN_JOBS": "7"}).quotas == Quotas(open_jobs=7)


def test_worker_that_nobody_knows() -> None:
    with pytest.raises(SettingsError, match="WORKER must be one of core, vector, raster"):
        WorkerSettings.read(ENVIRONMENT | {"WORKER": "cobol"})


def test_on_aws_from_submit_to_result(
    dynamodb: DynamoJobTable, bucket: str, queue_url: str, clock: VirtualClock, tmp_path: Path
) -> None:
    """The same trip on DynamoDB, S3 and SQS, with everything put together from the environment."""
    from gpserverless.jobs.find import find_result, get_job
    from gpserverless.jobs.read import read_result
    from gpserverless.jobs.rules import JobRules
    from gpserverless.outputs.store import Inline
    from gpserverless.storage.job_queue import SqsJobQueue

    environment = ENVIRONMENT | {"JOBS_QUEUE_URL": queue_url, "BUCKET": bucket}
    create_items_table(clients.dynamodb_client())
    ledger = Ledger(dynamodb, JobRules(), clock)
    store, queue = S3ObjectStore(clients.s3_client(), bucket), SqsJobQueue(clients.sqs_client(), queue_url)
    submit(ID, CALL, ledger=ledger, objects=store, queue=queue)
    (message,) = clients.sqs_client().receive_message(QueueUrl=queue_url)["Messages"]

    assert WorkerFunction(ledger, store, queue, tool).handle(event(message["Body"]), 900_000) == DONE
    job = get_job(ledger, ID, "Samples", "Buffer")
    assert read_result(ledger, store, job, find_result(job, "zones")[1]) == Inline(b"{}")
    assert ReaperFunction.build(environment).handle({}, 50_000) == {}
    assert DeadLettersFunction.build(environment).handle(event()) == DONE
    assert status(ledger) is Status.SUCCEEDED
