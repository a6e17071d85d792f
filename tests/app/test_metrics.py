"""What is measured: which numbers, for whom, and each of them once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gpserverless.app import metrics
from gpserverless.app.dead_letters import DeadLettersFunction
from gpserverless.app.job_metrics import ENDED, record_job_end
from gpserverless.app.logs import log_ids
from gpserverless.app.metrics import STOPPED, UNITS, count_stopped_tool, measure_execute
from gpserverless.app.reaper import ReaperFunction
from gpserverless.app.worker import WorkerFunction
from gpserverless.errors import (
    Cancelled,
    DeadlinePassed,
    InvalidValue,
    OutOfMemory,
    StorageError,
    ToolCrashed,
    ToolError,
)
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.job import NewJob
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.move import Writer
from gpserverless.jobs.status import FINAL
from gpserverless.jobs.transitions import MOVES
from gpserverless.storage.job_queue import write_job_message
from gpserverless.testing import FaultInjection, InMemoryJobQueue, InMemoryObjectStore
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.run import RunResult, Watcher, attach_peak
from tests.jobs.rig import submit

ID = "j" + "7" * 32
CALL = Call("Samples", "Buffer", {"points": "{}"})
EVENT = {"Records": [{"messageId": "m1", "receiptHandle": "r1", "body": write_job_message(ID)}]}
TIMES = {"Job queue wait", "Job run time", "Job dollars", "Job peak memory", "Job bytes in"}


class Meters:
    """Everything that has been measured since somebody looked."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def lines(self) -> list[dict[str, Any]]:
        written = self._capsys.readouterr().out.splitlines()
        return [line for line in map(json.loads, written) if "_aws" in line]

    def values(self) -> list[dict[str, float]]:
        return [{name: line[name][0] for name in UNITS if name in line} for line in self.lines()]

    def counts(self) -> list[dict[str, float]]:
        return [{n: v for n, v in values.items() if n not in TIMES} for values in self.values()]


@pytest.fixture
def meters(capsys: pytest.CaptureFixture[str]) -> Meters:
    return Meters(capsys)


def test_everything_that_the_reaper_counts_has_a_metric() -> None:
    counted = {"stuck", "unreachable", "unreadable"} | {m.name for m in MOVES if m.writer is Writer.REAPER}
    assert {f"Jobs {name}" for name in counted} <= UNITS.keys()
    assert ENDED.keys() == set(FINAL)


class Site:
    """A submitted job, its worker and the others, who all count."""

    def __init__(self, ledger: Ledger, faults: FaultInjection) -> None:
        self.ledger = replace(ledger, on_end=record_job_end)
        self.objects, self.queue = InMemoryObjectStore(), InMemoryJobQueue()
        self.error: BaseException | None = None
        submit(ID, CALL, ledger=self.ledger, objects=self.objects, queue=self.queue)

    def tool(self, call: Call, watcher: Watcher, seconds: float) -> RunResult:
        self.ledger.clock.sleep(2)
        if self.error is not None:
            attach_peak(self.error, 50_000_000)
            raise self.error
        return RunResult((Output("zones", "GPString", b'"12345678"'),), 50_000_000)

    def work(self, error: BaseException | None = None) -> None:
        self.error = error
        WorkerFunction(self.ledger, self.objects, self.queue, self.tool).handle(EVENT, 900_000)


@pytest.fixture
def site(memory_ledger: Ledger, faults: FaultInjection) -> Site:
    return Site(memory_ledger, faults)


def test_job_that_succeeded(site: Site, meters: Meters) -> None:
    site.ledger.clock.sleep(3)
    with log_ids(function_request_id="r1"):
        site.work()
    (line,) = meters.lines()
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "GPServerless"
    assert directive["Dimensions"] == [["service"], ["service", "toolbox", "task"]]
    assert (line["toolbox"], line["task"]) == ("Samples", "Buffer")
    assert (line["job"], line["function_request_id"]) == (ID, "r1")
    measured = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    assert measured == {name: UNITS[name].value for name in measured}
    assert {name: line[name] for name in measured} == {
        "Jobs succeeded": [1.0],
        "Job attempts": [1.0],
        "Job queue wait": [3_000.0],
        "Job run time": [2_000.0],
        "Job peak memory": [50_000_000.0],
        "Job bytes in": [float(len(json.dumps(CALL.to_json())))],
        "Job bytes out": [10.0],
        "Job dollars": line["Job dollars"],
    }
    assert 0 < line["Job dollars"][0] < 0.0001


def test_job_with_a_wrong_value_is_counted_as_failed_without_an_attempt(
    memory_ledger: Ledger, meters: Meters
) -> None:
    new = NewJob("j" + "8" * 32, CALL, problem="Parameter 'points': it is wrong.")
    replace(memory_ledger, on_end=record_job_end).reject(new, "a secret", 10)
    (values,) = meters.values()
    assert values.pop("Job dollars") > 0
    assert values == {"Jobs failed": 1.0, "Job attempts": 0.0, "Job queue wait": 0.0, "Job bytes in": 10.0}


FAILED = {"Jobs failed": 1.0, "Job attempts": 1.0}
ENDINGS: list[tuple[BaseException, list[dict[str, float]]]] = [
    (ToolError("x"), [FAILED]),
    (ValueError("x"), [FAILED]),
    (OutOfMemory("x"), [{"Tools out of memory": 1.0}, FAILED]),
    (ToolCrashed("x"), [{"Tools crashed": 1.0}, FAILED]),
    (DeadlinePassed("x"), [{"Tools stopped by deadline": 1.0}, {**FAILED, "Jobs timed out": 1.0}]),
]
del ENDINGS[-1][1][1]["Jobs failed"]


@pytest.mark.parametrize(("error", "counts"), ENDINGS, ids=[type(error).__name__ for error, _ in ENDINGS])
def test_job_whose_tool_ended_otherwise(
    site: Site, meters: Meters, error: BaseException, counts: list[dict[str, float]]
) -> None:
    site.work(error)
    assert meters.counts() == counts


def test_job_that_was_cancelled_while_it_ran(site: Site, meters: Meters) -> None:
    def tool(call: Call, watcher: Watcher, seconds: float) -> RunResult:
        job = site.ledger.read(ID)
        assert job is not None
        cancel(site.ledger, job)
        raise Cancelled(ID)

    WorkerFunction(site.ledger, site.objects, site.queue, tool).handle(EVENT, 900_000)
    assert meters.counts() == [{"Tools stopped by cancel": 1.0}, {"Jobs cancelled": 1.0, "Job attempts": 1.0}]


def test_attempts_are_told_with_the_end_and_the_end_is_told_once(
    site: Site, meters: Meters, faults: FaultInjection
) -> None:
    site.work(StorageError("the disk"))
    assert meters.counts() == []
    faults.schedule("succeed", "lost")
    site.work()
    site.work()  # the message comes again
    assert meters.counts() == [{"Jobs succeeded": 1.0, "Job attempts": 2.0, "Job bytes out": 10.0}]


def test_whoever_ends_a_job_counts_it(site: Site, meters: Meters) -> None:
    job = site.ledger.read(ID)
    assert job is not None
    cancel(site.ledger, job)
    assert meters.counts() == [{"Jobs cancelled": 1.0, "Job attempts": 0.0}]
    DeadLettersFunction(site.ledger).handle(EVENT)
    assert meters.counts() == []


def test_dead_letter_counts_as_a_failure(site: Site, meters: Meters) -> None:
    DeadLettersFunction(site.ledger).handle(EVENT)
    assert meters.counts() == [{"Jobs failed": 1.0, "Job attempts": 0.0}]


def test_reaper_tells_how_long_jobs_wait(site: Site, meters: Meters) -> None:
    reaper = ReaperFunction(site.ledger, {"core": site.queue}, InMemoryObjectStore())
    site.ledger.clock.sleep(200)
    reaper.handle({}, 50_000)
    assert meters.values() == [{"Jobs stuck": 0.0, "Queue age": 0.0}]
    site.ledger.clock.sleep(500)
    reaper.handle({}, 50_000)
    assert meters.values() == [{"Jobs stuck": 1.0, "Jobs resend": 1.0, "Queue age": 700_000.0}]
    site.ledger.clock.sleep(3_600)
    reaper.handle({}, 50_000)
    ended, swept = meters.counts()
    assert ended == {"Jobs timed out": 1.0, "Job attempts": 0.0}
    assert swept == {"Jobs stuck": 1.0, "Jobs expire": 1.0, "Queue age": 4_300_000.0}


def test_execute(meters: Meters) -> None:
    with measure_execute(CALL) as execution:
        execution.bytes_out = 7
    (values,) = meters.values()
    assert values.pop("Execute time") >= 0
    assert values == {"Executes succeeded": 1.0, "Execute bytes in": 2.0, "Execute bytes out": 7.0}


@pytest.mark.parametrize(
    ("error", "stopped"),
    [(InvalidValue("x"), {}), (OutOfMemory("x"), {"Tools out of memory": 1.0})],
)
def test_execute_that_failed(meters: Meters, error: Exception, stopped: dict[str, float]) -> None:
    with pytest.raises(type(error)), measure_execute(CALL):
        raise error
    (values,) = meters.values()
    del values["Execute time"]
    failed = {"Executes failed": 1.0, "Execute bytes in": 2.0, "Execute bytes out": 0.0}
    assert values == failed | stopped


def test_what_ends_by_itself_is_not_stopped(meters: Meters) -> None:
    for problem in (None, ToolError("x"), StorageError("x")):
        count_stopped_tool(problem, "Samples", "Buffer")
    assert meters.lines() == []


def test_every_ending_and_every_stop_has_a_name_and_a_unit() -> None:
    assert set(ENDED) == set(FINAL)
    assert {*ENDED.values(), *STOPPED.values()} <= set(UNITS)
    with pytest.raises(KeyError):
        metrics.emit({"Jobs found": 1})
