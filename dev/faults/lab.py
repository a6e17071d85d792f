"""One piece on the stage: clients, the four functions of the jobs, their queue, and one kind of bad luck."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from moto import mock_aws

from dev.faults.injection import Injection
from dev.faults.mailbox import Letter, Mailbox
from dev.faults.scenarios import HOUR, Scenario
from dev.faults.stage import START, Crash, Stage, StageClock
from dev.faults.tool import StandIn
from dev.faults.watch import Watch
from gpserverless.app.dead_letters import DeadLettersFunction
from gpserverless.app.jobs import JobsFunction, JobsSettings
from gpserverless.app.load_catalogue import load_catalogue
from gpserverless.app.reaper import ReaperFunction
from gpserverless.app.worker import WorkerFunction
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.storage.attributes import encode
from gpserverless.storage.clients import dynamodb_client, s3_client
from gpserverless.storage.job_queue import SqsJobQueue
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.storage.submit_keys import DynamoSubmitKeys
from local.events import HttpRequest, http_event, http_response
from local.options import ROOT
from local.routes import Match, Route
from local.template import Template

TASK = "/arcgis/rest/services/Conformance/Async/GPServer/Echo"
BUCKET = "lab"
RULES = JobRules(poll_ms=5_000)
API_MS, WORKER_MS, REAPER_MS, DEAD_LETTERS_MS = 28_000, 900_000, 50_000, 30_000
"""The timeouts of the functions in template.yaml."""

SUBMITS_WITHIN_MS = 60_000
ENDS_MS = 4 * HOUR
_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "LOG_LEVEL": "CRITICAL",
    "BUCKET": BUCKET,
    "JOBS_TABLE": "lab",
    "PUBLIC_URL": "https://lab.test/arcgis",
    "PUBLISH_CONFORMANCE": "true",
    **{f"{worker}_QUEUE_URL": "https://queue.test" for worker in ("JOBS", "VECTOR", "RASTER")},
}


@contextmanager
def cloud() -> Iterator[None]:
    """Have moto's DynamoDB and S3 instead of AWS's, and a bucket."""
    quiet = patch("gpserverless.app.metrics.emit")
    with patch.dict(os.environ, _ENVIRONMENT), quiet, mock_aws():
        place: Any = {"LocationConstraint": _ENVIRONMENT["AWS_DEFAULT_REGION"]}
        s3_client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield


@dataclass
class Asked:
    """One submit as its client knows it: when, what came of it ("accepted", "refused" or ""), which job."""

    at: int
    heard: str = ""
    job_id: str = ""


class Lab:
    """One scenario with one seed; to be used once, inside `cloud()`.

    Args:
        scenario: What goes wrong.
        seed: Of all chance.
        submits: How many jobs are submitted.
        reaper: Whether there is one.
        rules: The numbers that the functions go by; what is promised stays the same.

    Attributes:
        asked: Every submit.
        watch: What was seen of every job.
        injection: What went wrong.
    """

    def __init__(
        self, scenario: Scenario, seed: int, submits: int, *, reaper: bool = True, rules: JobRules = RULES
    ) -> None:
        self.scenario = scenario
        self._rules = rules
        self.stage = Stage()
        self.injection = Injection(self.stage, scenario.chances, seed, scenario.outage)
        self.watch = Watch(RULES, S3ObjectStore(s3_client(), BUCKET).get, lambda: self.stage.now)
        self.asked: list[Asked] = []
        self._plain = dynamodb_client()
        self._table = f"jobs-{scenario.number}-{seed}-{id(self)}"
        self._make_table()
        self._mailbox = Mailbox(self.stage, self.injection, scenario.visibility_ms, scenario.receives)
        self._busy = 0
        self._build()
        self._cast(submits, reaper)

    def play(self) -> None:
        """Let everything happen that happens."""
        self.stage.run(START + ENDS_MS, self._nothing_left)
        self.stage.close()

    def ask(self, method: str, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """Ask the function behind the gateway, and return its answer."""
        form = urlencode({**fields, "f": "json"})
        headers = (("content-type", "application/x-www-form-urlencoded"),) if method == "POST" else ()
        query, body = ("", form.encode()) if method == "POST" else (form, b"")
        request = HttpRequest(method, TASK + path, query, headers, body, "192.0.2.1", "lab.test")
        answer = self._jobs.handle(http_event(request, Match(Route("ANY", "JobsFunction"), {})), API_MS)
        found: dict[str, Any] = json.loads(http_response(json.dumps(answer).encode()).body or "{}")
        return found

    def row_is_there(self, job_id: str) -> bool:
        """Return whether a job's row is in the table."""
        return "Item" in self._plain.get_item(TableName=self._table, Key={"pk": encode(job_id)})

    def _make_table(self) -> None:
        known = Template.read(ROOT / "template.yaml").resources["JobsTable"].properties
        kept = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
        self._plain.create_table(TableName=self._table, **{name: known[name] for name in kept})

    def _build(self) -> None:
        dynamodb, s3 = dynamodb_client(), s3_client()
        self.injection.hook_into(dynamodb, self.watch.applied)
        self.injection.hook_into(s3, self.watch.applied)
        table, objects = DynamoJobTable(dynamodb, self._table), S3ObjectStore(s3, BUCKET)
        mailbox: Any = self._mailbox
        queue = SqsJobQueue(mailbox, "https://queue.test")
        queues = {"core": queue}
        ledger = Ledger(table, self._rules, StageClock(self.stage))
        working = Ledger(table, self._rules, StageClock(self.stage, self._skew))
        settings, keys = JobsSettings.read(os.environ), DynamoSubmitKeys(dynamodb, self._table)
        self._jobs = JobsFunction(
            settings, load_catalogue(settings.switched_on), ledger, objects, queues, keys
        )
        self._worker = WorkerFunction(
            working, objects, queue, StandIn(self.stage, self.injection, self.watch)
        )
        self._reaper = ReaperFunction(ledger, queues, objects)
        self._dead_letters = DeadLettersFunction(ledger)

    def _skew(self) -> int:
        jumped = self.stage.now >= START + SUBMITS_WITHIN_MS
        return self.scenario.skew_ms + (self.scenario.jump_ms if jumped else 0)

    def _cast(self, submits: int, reaper: bool) -> None:
        for _ in range(submits):
            after = self.injection.random.randint(0, SUBMITS_WITHIN_MS)
            self.asked.append(asked := Asked(START + after))
            self.stage.enter("api", partial(self._submit, asked), after, API_MS)
        for _ in range(self.scenario.pollers):
            self.stage.enter("poller", self._poll)
        for _ in range(self.scenario.reapers if reaper else 0):
            self.stage.every("reaper", 60_000, self._sweep)
        self.stage.every("poller", 5_000, self._bury)

    def _submit(self, asked: Asked) -> None:
        actor = self.stage.current
        text = "x" * max(1, self.scenario.inputs_bytes)
        try:
            answer = self.ask("POST", "/submitJob", {"In_GPString": text})
            asked.heard = "accepted" if "jobId" in answer else "refused"
        finally:
            asked.job_id = actor.job_id if actor else ""
        chance = self.injection.random
        if asked.heard == "accepted" and chance.random() < self.scenario.cancels:
            cancel = partial(self._cancel, asked.job_id)
            self.stage.enter("api", cancel, chance.randint(*self.scenario.cancel_ms), API_MS)
        if self.scenario.strange_rows or chance.random() < self.scenario.rows_removed:
            self.stage.enter("operator", partial(self._meddle, asked.job_id), chance.randint(0, 30_000))

    def _cancel(self, job_id: str) -> None:
        answer = self.ask("POST", f"/jobs/{job_id}/cancel", {})
        if answer.get("jobStatus") in ("esriJobCancelling", "esriJobCancelled"):
            self.watch.cancelled.add(job_id)

    def _meddle(self, job_id: str) -> None:
        """Change a row behind the back of the code; the client is not one with faults."""
        key = {"pk": encode(job_id)}
        self.injection.fired += 1
        if self.scenario.strange_rows:
            self._plain.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="SET from_the_future = :x, messages[0].later = :x",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":x": encode({"a": [1]})},
            )
        else:
            self._plain.delete_item(TableName=self._table, Key=key)
            self.watch.open.discard(job_id)

    def _poll(self) -> None:
        while True:
            while self._busy < self.scenario.concurrency and (letter := self._mailbox.receive()):
                self._busy += 1
                lives = WORKER_MS
                self.stage.enter("worker", partial(self._deliver, letter), lives_ms=lives)
            self.stage.sleep(500)

    def _deliver(self, letter: Letter) -> None:
        try:
            if self.injection.rolls("cold start fails"):
                raise Crash("import error")
            answer = self._worker.handle(letter.event, WORKER_MS)
            if not answer["batchItemFailures"]:
                self._mailbox.delete(letter)
        finally:
            self._busy -= 1

    def _sweep(self) -> None:
        begins, ends = self.scenario.reaper_off
        if not begins <= self.stage.now - START < ends:
            self._reaper.handle({}, REAPER_MS)

    def _bury(self) -> None:
        while self._mailbox.dead:
            letter = self._mailbox.dead[0]
            self.stage.enter("dead letters", partial(self._bury_one, letter), lives_ms=DEAD_LETTERS_MS)
            del self._mailbox.dead[0]

    def _bury_one(self, letter: Letter) -> None:
        if self._dead_letters.handle(letter.event)["batchItemFailures"]:
            self._mailbox.dead.append(letter)

    def _nothing_left(self) -> bool:
        begun = self.stage.now > START + SUBMITS_WITHIN_MS + API_MS
        return begun and not self.watch.open and not self._busy and self._mailbox.is_quiet
