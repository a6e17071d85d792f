"""`execute` answers before the gateway gives up, whatever takes the time."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from gpserverless.app.callers import Callers
from gpserverless.app.execute import ExecuteFunction, ExecuteSettings
from gpserverless.app.fetching import InputPreparation
from gpserverless.calls.request_deadline import GATEWAY_MS, MARGIN_MS, RESERVE_MS, RequestDeadline
from gpserverless.clock import SystemClock
from gpserverless.errors import DeadlinePassed
from gpserverless.http.response import MAX_HANDED_OVER
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.sandbox.runner import Runner
from gpserverless.sandbox.zygote import ZygoteGone
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.catalogue import Catalogue, find_catalogue_file, parse_catalogue
from gpserverless.toolkit.run import RunResult, Watcher
from gpserverless.toolkit.toolboxes import discover
from tests.patience import LONG, SOON

NOW = 1_800_000_000_000
FUNCTION_MS = 29_000
WARM = FUNCTION_MS - MARGIN_MS
ROOT = Path(__file__).parents[2]
EVENT = orjson.loads((ROOT / "events/execute-get.json").read_bytes())
SETTINGS = ExecuteSettings.read(
    {"BUCKET": "b", "JOBS_TABLE": "t", "ITEMS_TABLE": "i", "FETCH_FUNCTION": "f", "ACCESS_TABLE": "a"}
)
ADVICE = re.compile(
    r"The task was stopped after [0-9.]+ s, since nobody can wait for longer than that\. "
    r"Submit it as a job, which needs an asynchronous service\."
)

nothing_is_fetched = InputPreparation(lambda: pytest.fail("nothing is referred to"))

ARRIVALS: list[tuple[str, Any, int, int]] = [
    ("taken this moment", {"timeEpoch": NOW}, FUNCTION_MS, WARM),
    ("after a cold start", {"timeEpoch": NOW - 3_000}, FUNCTION_MS, GATEWAY_MS - 3_000 - MARGIN_MS),
    ("payload 1.0", {"requestTimeEpoch": NOW - 3_000}, FUNCTION_MS, GATEWAY_MS - 3_000 - MARGIN_MS),
    ("when nobody listens any more", {"timeEpoch": NOW - 40_000}, FUNCTION_MS, -10_000 - MARGIN_MS),
    ("recorded long ago", EVENT["requestContext"], FUNCTION_MS, WARM),
    ("by a clock that is fast", {"timeEpoch": NOW + 200}, FUNCTION_MS, WARM),
    ("by a clock that is very fast", {"timeEpoch": NOW * 2}, FUNCTION_MS, WARM),
    ("no number", {"timeEpoch": "yesterday"}, FUNCTION_MS, WARM),
    ("no time", {}, FUNCTION_MS, WARM),
    ("no context", None, FUNCTION_MS, WARM),
    ("by a function that ends sooner", {"timeEpoch": NOW}, 10_000, 10_000 - MARGIN_MS),
    ("by a function that ends now", {"timeEpoch": NOW}, 0, -MARGIN_MS),
    ("by a function that has ended", {"timeEpoch": NOW}, -5, -5 - MARGIN_MS),
]


@pytest.mark.parametrize(
    ("context", "remaining_ms", "left"), [a[1:] for a in ARRIVALS], ids=[a[0] for a in ARRIVALS]
)
def test_deadline_counts_from_the_arrival_at_the_gateway(
    context: Mapping[str, Any] | None, remaining_ms: int, left: int
) -> None:
    deadline = RequestDeadline.of({"requestContext": context}, remaining_ms, lambda: NOW)
    assert deadline.end - NOW == left
    if left > 0:
        deadline.check()
    else:
        with pytest.raises(DeadlinePassed, match=ADVICE):
            deadline.check()


@pytest.mark.parametrize(
    ("left_ms", "most", "seconds"),
    [(27_500, 25, 25), (20_000, 25, 20 - RESERVE_MS / 1000), (20_000, 3, 3), (RESERVE_MS + 1, 25, 0.001)],
)
def test_tool_has_the_time_that_storing_leaves(left_ms: int, most: float, seconds: float) -> None:
    assert RequestDeadline(NOW, NOW + left_ms, lambda: NOW).seconds_for_tool(most) == seconds


@pytest.mark.parametrize("left_ms", [RESERVE_MS, 0, -1])
def test_tool_without_time_is_not_started(left_ms: int) -> None:
    with pytest.raises(DeadlinePassed, match=ADVICE):
        RequestDeadline(NOW, NOW + left_ms, lambda: NOW).seconds_for_tool(25)


class World:
    """A clock, a runner and a store that the test sets.

    Attributes:
        time: The time in milliseconds.
        run_ms: The duration of a run.
        late_ms: The delay of the runner after the end of a run.
        outputs: The outputs of a run.
        runs: The time in seconds that each run was given.
        stored: The keys of the stored objects.
        store_is_stuck: Whether the store is silent until `freed` is set.
        freed: Lets a silent store answer.
        left: Set when the thread that stores a file notices that nobody waits for it.
    """

    def __init__(self) -> None:
        self.time = NOW
        self.run_ms = 10
        self.late_ms = 0
        self.outputs: tuple[Output, ...] = (Output("zones", "GPString", b'{"paramName":"zones"}', {}),)
        self.runs: list[float] = []
        self.stored: list[str] = []
        self.store_is_stuck = False
        self.freed = threading.Event()
        self.left = threading.Event()

    def run(self, call: Call, watcher: Watcher, seconds: float, *_: object) -> RunResult:
        self.runs.append(seconds)
        self.time += min(self.run_ms, int(seconds * 1000))
        watcher.check_cancelled()
        if self.run_ms > seconds * 1000:
            raise DeadlinePassed("The tool ran out of time.")
        self.time += self.late_ms
        return RunResult(self.outputs)

    def put(self, key: str, body: bytes, content_type: str, encoding: str = "") -> None:
        self.stored.append(key)
        if self.store_is_stuck:
            self.time += GATEWAY_MS
            self.freed.wait(LONG)

    def put_file(
        self, key: str, path: Path, content_type: str, check_cancelled: Callable[[], None], encoding: str = ""
    ) -> None:
        try:
            check_cancelled()
        except BaseException:
            self.left.set()
            raise
        self.put(key, b"", content_type)

    def presign_url(self, key: str, seconds: int, content_type: str, filename: str) -> str:
        return f"https://store.example.org/{key}"

    def answer(self, waited_ms: int = 0, remaining_ms: int = FUNCTION_MS) -> dict[str, Any]:
        """Return the gateway's payload for a request that has waited for some milliseconds."""
        execute = ExecuteFunction(
            SETTINGS,
            Catalogue.select(parse_catalogue(find_catalogue_file().read_bytes())),
            cast("Runner", self.run),
            lambda: cast("ObjectStore", self),
            nothing_is_fetched,
            Callers.of(SETTINGS),
            lambda: self.time,
        )
        context = {**EVENT["requestContext"], "timeEpoch": self.time - waited_ms}
        return execute.handle({**EVENT, "requestContext": context}, remaining_ms)


def file_output(tmp_path: Path, *names: str) -> RunResult:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    return (Output("zones", "GPDataFile", b'{"paramName":"zones"}', dict.fromkeys(names, path)),)


def assert_out_of_time(payload: dict[str, Any]) -> None:
    """Expect an envelope with HTTP 200: clients repeat a request that ends with a 5xx."""
    assert payload["statusCode"] == 200
    error = orjson.loads(payload["body"])["error"]
    assert error["code"] == 400
    assert ADVICE.fullmatch(*error["details"])


def test_answer_in_time_has_the_results() -> None:
    world = World()
    assert orjson.loads(world.answer(waited_ms=3_000)["body"])["results"] == [{"paramName": "zones"}]
    assert world.runs == [(GATEWAY_MS - 3_000 - MARGIN_MS - RESERVE_MS) / 1000]


@pytest.mark.parametrize(("waited_ms", "remaining_ms"), [(29_000, FUNCTION_MS), (0, 3_000), (0, 0), (0, -1)])
def test_late_request_is_not_run(waited_ms: int, remaining_ms: int) -> None:
    world = World()
    assert_out_of_time(world.answer(waited_ms, remaining_ms))
    assert world.runs == []


def test_slow_tool_is_stopped_with_the_advice_to_submit_a_job() -> None:
    world = World()
    world.run_ms = 60_000
    assert_out_of_time(world.answer())
    assert world.runs == [25]


def test_late_run_stores_nothing(tmp_path: Path) -> None:
    world = World()
    world.outputs = file_output(tmp_path, "a.csv")
    world.late_ms = GATEWAY_MS
    assert_out_of_time(world.answer())
    assert world.stored == []


def test_silent_store_of_files_is_abandoned(tmp_path: Path) -> None:
    world = World()
    world.outputs = file_output(tmp_path, "a.csv", "b.csv")
    world.store_is_stuck = True
    assert_out_of_time(world.answer())
    world.freed.set()
    assert world.left.wait(SOON)
    assert [key.rpartition("/")[2] for key in world.stored] == ["a.csv"]


def test_silent_store_of_a_large_answer_is_abandoned() -> None:
    world = World()
    world.outputs = (Output("zones", "GPString", b'{"value":"%s"}' % (b"x" * MAX_HANDED_OVER), {}),)
    world.store_is_stuck = True
    assert_out_of_time(world.answer())
    world.freed.set()
    assert len(world.stored) == 1


def test_function_without_zygote_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> RunResult:
        raise ZygoteGone("gone")

    world = World()
    monkeypatch.setattr(world, "run", gone)
    monkeypatch.setattr(os, "_exit", sys.exit)
    with pytest.raises(SystemExit, match="1"):
        world.answer()


def test_call_of_native_code_is_stopped() -> None:
    toolboxes = [box for box in discover() if box.spec.name == "Conformance/Sync"]
    runner = Runner(toolboxes)
    execute = ExecuteFunction(
        replace(SETTINGS, execute_seconds=0.4),
        Catalogue.select((box.spec for box in toolboxes), ["PUBLISH_CONFORMANCE"]),
        runner,
        lambda: cast("ObjectStore", World()),
        nothing_is_fetched,
        Callers.of(SETTINGS),
        SystemClock().now,
    )
    path = "/arcgis/rest/services/Conformance/Sync/GPServer/Fail/execute"
    began = time.monotonic()
    try:
        payload = execute.handle(
            {**EVENT, "rawPath": path, "rawQueryString": "Kind=native+hang&f=json"}, FUNCTION_MS
        )
    finally:
        runner.close()
    assert_out_of_time(payload)
    assert time.monotonic() - began < SOON
