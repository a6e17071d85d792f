"""Records of a stream reach a function as on AWS: filtered, in order, until they are taken or given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import streams
from local.environment import FunctionFailed
from local.resolver import Resolver
from local.streams import StreamPoller, StreamTrigger, matches_pattern, read_stream_triggers
from local.template import Template, TemplateError
from tests.patience import LONG
from tests.template.conftest import PATH

TRIGGER = StreamTrigger(
    name="Trigger",
    function="Function",
    stream_arn="arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/1",
    patterns=({"eventName": ["MODIFY"]},),
    batch_size=10,
    bisects=True,
    retries=3,
    destination="https://lost",
    reports_failures=True,
)


def record(number: int, kind: str = "MODIFY") -> dict[str, Any]:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return {"eventName": kind, "dynamodb": {"SequenceNumber": str(number), "ApproximateCreationDateTime": at}}


class Stream:
    """A stream with one shard, which is away now and then."""

    def __init__(self, *pages: Sequence[Mapping[str, Any]] | ClientError) -> None:
        self.pages = list(pages)
        self.asked_from: list[tuple[str, str]] = []

    def describe_stream(self, **_: str) -> Any:
        return {"StreamDescription": {"Shards": [{"ShardId": "s"}]}}

    def get_shard_iterator(self, **asked: str) -> Any:
        self.asked_from.append((asked["ShardIteratorType"], asked.get("SequenceNumber", "")))
        return {"ShardIterator": "first"}

    def get_records(self, **_: str) -> Any:
        page = self.pages.pop(0) if self.pages else []
        if isinstance(page, ClientError):
            raise page
        return {"Records": page, "NextShardIterator": "next"}


class Queue:
    """The queue for batches that are given up."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send_message(self, **message: str) -> None:
        self.sent.append((message["QueueUrl"], json.loads(message["MessageBody"])["DDBStreamBatchInfo"]))


class Function:
    """A function that fails as it is told: for a batch, the number that fails, or "" for a crash."""

    def __init__(self, verdict: Callable[[list[str]], str | None]) -> None:
        self.batches: list[list[str]] = []
        self.events: list[Any] = []
        self._verdict = verdict

    async def __call__(self, function: str, payload: bytes) -> bytes:
        assert function == "Function"
        event = json.loads(payload)
        numbers = [each["dynamodb"]["SequenceNumber"] for each in event["Records"]]
        self.batches.append(numbers)
        self.events.append(event)
        failed = self._verdict(numbers)
        if failed == "":
            raise FunctionFailed(b"{}")
        failures = [{"itemIdentifier": failed}] if failed else []
        return json.dumps({"batchItemFailures": failures}).encode()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_PAUSE_SECONDS", 0.001)


def poll(
    stream: Stream,
    function: Function,
    until: Callable[[], bool],
    positions: dict[str, str] | None = None,
    trigger: StreamTrigger = TRIGGER,
) -> Queue:
    """Poll a stream until something is true."""
    queue = Queue()

    async def play_records() -> None:
        poller = StreamPoller(trigger, stream, queue, function, {} if positions is None else positions)
        running = asyncio.create_task(poller.run())
        async with asyncio.timeout(LONG):
            while not until():
                await asyncio.sleep(0.001)
            poller.stop()
            await running

    asyncio.run(play_records())
    return queue


def test_stream_poller_delivers_matching_records_in_order_and_in_batches() -> None:
    function, positions = Function(lambda numbers: None), {}
    page = [record(number, "INSERT" if number == 4 else "MODIFY") for number in range(14)]
    poll(Stream(page), function, lambda: len(function.batches) == 2, positions)
    wanted = [str(number) for number in range(14) if number != 4]
    assert function.batches == [wanted[:10], wanted[10:]]
    assert positions == {"Trigger": "13"}
    seen = function.events[0]["Records"][0]
    assert seen["eventSourceARN"] == TRIGGER.stream_arn
    assert seen["dynamodb"]["ApproximateCreationDateTime"] == 1767312000


def test_stream_poller_asks_again_after_an_error() -> None:
    function = Function(lambda numbers: None)
    away = ClientError({"Error": {"Code": "InternalServerError"}}, "GetRecords")
    poll(Stream(away, [], [record(1)]), function, lambda: bool(function.batches))
    assert function.batches == [["1"]]


def test_batch_is_repeated_from_its_first_failed_record() -> None:
    verdicts = iter(["2", None])
    function = Function(lambda numbers: next(verdicts))
    poll(Stream([record(n) for n in range(4)]), function, lambda: len(function.batches) == 2)
    assert function.batches == [["0", "1", "2", "3"], ["2", "3"]]


def test_poisonous_record_is_found_by_bisection_and_given_up() -> None:
    function = Function(lambda numbers: "" if "2" in numbers else None)
    stream = Stream([record(n) for n in range(4)], [record(4)])
    queue = poll(stream, function, lambda: ["4"] in function.batches)
    tried = [batch for batch in function.batches if "2" in batch]
    assert tried == [["0", "1", "2", "3"], ["2", "3"], ["2"], ["2"], ["2"], ["2"]]
    assert [batch for batch in function.batches if "2" not in batch] == [["0", "1"], ["3"], ["4"]]
    place = {"streamArn": TRIGGER.stream_arn, "startSequenceNumber": "2", "endSequenceNumber": "2"}
    assert queue.sent == [("https://lost", {**place, "batchSize": 1})]


def test_batch_without_bisection_is_given_up_as_a_whole_without_a_message() -> None:
    function = Function(lambda numbers: "")
    stream, trigger = (
        Stream([record(1), record(2)], [record(3)]),
        replace(TRIGGER, bisects=False, destination=""),
    )
    queue = poll(stream, function, lambda: ["3"] in function.batches, trigger=trigger)
    assert function.batches[:4] == [["1", "2"]] * 4
    assert queue.sent == []


def test_batch_is_taken_whole_by_a_function_that_reports_nothing() -> None:
    function = Function(lambda numbers: "1")
    trigger = replace(TRIGGER, reports_failures=False)
    poll(Stream([record(1)], [record(2)]), function, lambda: ["2"] in function.batches, trigger=trigger)
    assert function.batches == [["1"], ["2"]]


def test_next_stream_poller_continues_at_the_position_of_the_last() -> None:
    stopped = Function(lambda numbers: "")
    positions = {"Trigger": "7"}
    first = Stream([record(8)])
    poll(first, stopped, lambda: bool(stopped.batches), positions, replace(TRIGGER, retries=10_000))
    assert first.asked_from == [("AFTER_SEQUENCE_NUMBER", "7")]
    assert positions == {"Trigger": "7"}, "what was not taken is delivered again"
    again, function = Stream([record(8)]), Function(lambda numbers: None)
    poll(again, function, lambda: positions == {"Trigger": "8"}, positions)
    assert again.asked_from == [("AFTER_SEQUENCE_NUMBER", "7")]
    new = Stream()
    poll(new, function, lambda: bool(new.asked_from))
    assert new.asked_from == [("TRIM_HORIZON", "")]


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ({}, True),
        ({"eventName": ["MODIFY", "INSERT"]}, True),
        ({"eventName": ["REMOVE"]}, False),
        ({"dynamodb": {"SequenceNumber": ["1"]}}, True),
        ({"eventName": ["MODIFY"], "dynamodb": {"SequenceNumber": ["2"]}}, False),
        ({"dynamodb": {"NewImage": {"status": {"S": ["x"]}}}}, False),
    ],
)
def test_pattern_matches_in_every_part(pattern: dict[str, Any], wanted: bool) -> None:
    assert matches_pattern(pattern, record(1)) is wanted


def test_pattern_of_a_prefix_matches_what_begins_with_it() -> None:
    pattern = {"eventName": [{"prefix": "MOD"}, "REMOVE"]}
    assert matches_pattern(pattern, record(1, "MODIFY"))
    assert matches_pattern(pattern, record(1, "REMOVE"))
    assert not matches_pattern(pattern, record(1, "INSERT"))


def test_trigger_that_is_off_is_none() -> None:
    def change(properties: dict[str, Any]) -> None:
        properties["Enabled"] = False

    assert mapping(change) == []


def mapping(change: Callable[[dict[str, Any]], None]) -> list[StreamTrigger]:
    """Read the stream triggers of the template after a change."""
    template = Template.read(PATH)
    properties: Any = template.resources["AnnounceTrigger"].properties
    change(properties)
    resolver = Resolver(template, {})
    for name in template.resources:
        resolver.add(name, name, Arn=f"arn:{name}", StreamArn=f"arn:{name}/stream")
    return read_stream_triggers(template, resolver)


def test_stream_trigger_is_read() -> None:
    (read,) = mapping(lambda properties: None)
    assert (read.name, read.function) == ("AnnounceTrigger", "AnnounceFunction")
    assert (read.stream_arn, read.destination) == ("arn:JobsTable/stream", "UndeliveredQueue")
    assert (read.batch_size, read.bisects, read.retries, read.reports_failures) == (10, True, 100, True)
    assert [pattern["eventName"] for pattern in read.patterns] == [["MODIFY"], ["INSERT"], ["REMOVE"]]


@pytest.mark.parametrize(
    "pattern", ['{"eventName": [{"suffix": "MOD"}]}', '{"eventName": "MODIFY"}', '[["a"]]']
)
def test_unsupported_filter_is_refused(pattern: str) -> None:
    def change(properties: dict[str, Any]) -> None:
        properties["FilterCriteria"] = {"Filters": [{"Pattern": pattern}]}

    sentence = "AnnounceTrigger: the local cloud filters by equality and prefixes alone"
    with pytest.raises(TemplateError, match=sentence):
        mapping(change)
