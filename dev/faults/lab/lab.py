"""One run of a scenario: clients, the four functions of the jobs, their queue, and one kind of fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from dev.faults.lab.aws import BUCKET, make_job_table
from dev.faults.lab.functions import (
    API_MS,
    DEAD_LETTERS_MS,
    REAPER_MS,
    WORKER_MS,
    Clients,
    build_functions,
)
from dev.faults.lab.gateway import send_request
from dev.faults.lab.injection import Injection
from dev.faults.lab.scenarios import HOUR, Scenario
from dev.faults.lab.scheduler import START, Crash, Scheduler, SchedulerClock
from dev.faults.lab.simulated_queue import QueuedMessage, SimulatedQueue
from dev.faults.lab.tool import SimulatedTool
from dev.faults.lab.write_checks import WriteChecks
from gpserverless.jobs.rules import JobRules
from gpserverless.storage.attributes import encode
from gpserverless.storage.clients import dynamodb_client, s3_client
from gpserverless.storage.object_store import S3ObjectStore

RULES = JobRules(poll_ms=5_000)
SUBMITS_WITHIN_MS = 60_000
ENDS_MS = 4 * HOUR


@dataclass
class SubmittedJob:
    """One submit as its client knows it.

    Attributes:
        at: When it was sent, in milliseconds.
        answer: "accepted", "refused", or "" for no answer.
        job_id: The id of the job that it created; "" for none.
    """

    at: int
    answer: str = ""
    job_id: str = ""


class Lab:
    """One scenario with one seed; to be used once, inside `simulated_aws()`.

    Args:
        scenario: The fault.
        seed: The seed of all chance.
        submits: Number of jobs that are submitted.
        reaper: Whether there is a reaper.
        rules: The rules of the functions; the promises are those of `RULES`.

    Attributes:
        submitted: Every submit.
        checks: The checks of every write.
        injection: The faults.
    """

    def __init__(
        self, scenario: Scenario, seed: int, submits: int, *, reaper: bool = True, rules: JobRules = RULES
    ) -> None:
        self.scenario = scenario
        self.scheduler = Scheduler()
        self.injection = Injection(self.scheduler, scenario.chances, seed, scenario.outage)
        self.checks = WriteChecks(RULES, S3ObjectStore(s3_client(), BUCKET).get, lambda: self.scheduler.now)
        self.submitted: list[SubmittedJob] = []
        self._plain_dynamodb = dynamodb_client()
        self._table = f"jobs-{scenario.number}-{seed}-{id(self)}"
        make_job_table(self._table)
        self._queue = SimulatedQueue(
            self.scheduler, self.injection, scenario.visibility_ms, scenario.receives
        )
        self._busy = 0
        self._functions = build_functions(
            self._make_clients(),
            rules,
            SchedulerClock(self.scheduler),
            SchedulerClock(self.scheduler, self._skew),
            SimulatedTool(self.scheduler, self.injection, self.checks),
        )
        self._start_processes(submits, reaper)

    def run(self) -> None:
        """Run until every job has ended, or for four hours of virtual time."""
        self.scheduler.run(START + ENDS_MS, self._has_ended)
        self.scheduler.close()

    def request(self, method: str, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """Send a request of the task; see `gateway`."""
        return send_request(self._functions.jobs, method, path, fields)

    def has_row(self, job_id: str) -> bool:
        """Return whether a job's row is in the table."""
        return "Item" in self._plain_dynamodb.get_item(TableName=self._table, Key={"pk": encode(job_id)})

    def _make_clients(self) -> Clients:
        dynamodb, s3 = dynamodb_client(), s3_client()
        self.injection.hook_into(dynamodb, self.checks.check_write)
        self.injection.hook_into(s3, self.checks.check_write)
        return Clients(dynamodb, s3, self._queue, self._table)

    def _skew(self) -> int:
        jumped = self.scheduler.now >= START + SUBMITS_WITHIN_MS
        return self.scenario.skew_ms + (self.scenario.jump_ms if jumped else 0)

    def _start_processes(self, submits: int, reaper: bool) -> None:
        for _ in range(submits):
            after = self.injection.random.randint(0, SUBMITS_WITHIN_MS)
            self.submitted.append(submitted := SubmittedJob(START + after))
            self.scheduler.start("api", partial(self._submit, submitted), after, API_MS)
        for _ in range(self.scenario.pollers):
            self.scheduler.start("poller", self._poll)
        for _ in range(self.scenario.reapers if reaper else 0):
            self.scheduler.repeat("reaper", 60_000, self._sweep)
        self.scheduler.repeat("poller", 5_000, self._bury)

    def _submit(self, submitted: SubmittedJob) -> None:
        process = self.scheduler.current
        text = "x" * max(1, self.scenario.inputs_bytes)
        try:
            answer = self.request("POST", "/submitJob", {"In_GPString": text})
            submitted.answer = "accepted" if "jobId" in answer else "refused"
        finally:
            submitted.job_id = process.job_id if process else ""
        chance = self.injection.random
        if submitted.answer == "accepted" and chance.random() < self.scenario.cancels:
            cancel = partial(self._cancel, submitted.job_id)
            self.scheduler.start("api", cancel, chance.randint(*self.scenario.cancel_ms), API_MS)
        if self.scenario.strange_rows or chance.random() < self.scenario.rows_removed:
            change = partial(self._change_row, submitted.job_id)
            self.scheduler.start("operator", change, chance.randint(0, 30_000))

    def _cancel(self, job_id: str) -> None:
        answer = self.request("POST", f"/jobs/{job_id}/cancel", {})
        if answer.get("jobStatus") in ("esriJobCancelling", "esriJobCancelled"):
            self.checks.cancelled.add(job_id)

    def _change_row(self, job_id: str) -> None:
        """Change or remove a row by hand; this client has no faults."""
        key = {"pk": encode(job_id)}
        self.injection.fired += 1
        if self.scenario.strange_rows:
            self._plain_dynamodb.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="SET from_the_future = :x, messages[0].later = :x",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":x": encode({"a": [1]})},
            )
        else:
            self._plain_dynamodb.delete_item(TableName=self._table, Key=key)
            self.checks.open.discard(job_id)

    def _poll(self) -> None:
        while True:
            while self._busy < self.scenario.concurrency and (message := self._queue.receive()):
                self._busy += 1
                self.scheduler.start("worker", partial(self._deliver, message), lives_ms=WORKER_MS)
            self.scheduler.sleep(500)

    def _deliver(self, message: QueuedMessage) -> None:
        try:
            if self.injection.rolls("cold start fails"):
                raise Crash("import error")
            answer = self._functions.worker.handle(message.event, WORKER_MS)
            if not answer["batchItemFailures"]:
                self._queue.delete(message)
        finally:
            self._busy -= 1

    def _sweep(self) -> None:
        begins, ends = self.scenario.reaper_off
        if not begins <= self.scheduler.now - START < ends:
            self._functions.reaper.handle({}, REAPER_MS)

    def _bury(self) -> None:
        while self._queue.dead:
            message = self._queue.dead[0]
            bury = partial(self._bury_one, message)
            self.scheduler.start("dead letters", bury, lives_ms=DEAD_LETTERS_MS)
            del self._queue.dead[0]

    def _bury_one(self, message: QueuedMessage) -> None:
        if self._functions.dead_letters.handle(message.event)["batchItemFailures"]:
            self._queue.dead.append(message)

    def _has_ended(self) -> bool:
        begun = self.scheduler.now > START + SUBMITS_WITHIN_MS + API_MS
        return begun and not self.checks.open and not self._busy and self._queue.is_quiet
