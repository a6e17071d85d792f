"""Event source mappings from the streams of tables, whose records are delivered in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.environment import FunctionFailed
from local.functions import find_function
from local.queues import Invoke, read_failed_items
from local.resolver import Resolver
from local.resources import stream_arns
from local.template import Template, TemplateError

_PAUSE_SECONDS = 0.5  # Lambda looks four times a second
_LONGEST_PAUSE_SECONDS = 8.0

_PREFIX = "prefix"

Pattern = Mapping[str, Any]
Record = Mapping[str, Any]


@dataclass(frozen=True)
class StreamTrigger:
    """A stream and the function that takes its records.

    Args:
        name: Logical id of the trigger.
        function: Logical id of the function.
        stream_arn: The stream.
        patterns: Filters, of which a record must match one; none for every record.
        batch_size: Most records of one invocation.
        bisects: Whether a batch that fails is split in two.
        retries: How often a batch is tried again.
        destination: URL of the queue for batches that are given up; "" for none.
        reports_failures: Whether the function's answer says which records failed.
    """

    name: str
    function: str
    stream_arn: str
    patterns: tuple[Pattern, ...]
    batch_size: int
    bisects: bool
    retries: int
    destination: str
    reports_failures: bool


def read_stream_triggers(template: Template, resolver: Resolver) -> list[StreamTrigger]:
    """Read the event source mappings from the streams of tables.

    Raises:
        TemplateError: The local cloud does not support a filter.
    """
    streams = stream_arns(template, resolver)
    urls = {
        resolver.attribute(queue.name, "Arn"): resolver.ref(queue.name)
        for queue in template.of_type("AWS::SQS::Queue")
    }
    triggers = []
    for resource in template.of_type("AWS::Lambda::EventSourceMapping"):
        properties = resolver(resource.properties)
        if properties["EventSourceArn"] not in streams or not properties.get("Enabled", True):
            continue
        filters = properties.get("FilterCriteria", {}).get("Filters", [])
        destination = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        triggers.append(
            StreamTrigger(
                name=resource.name,
                function=find_function(properties["FunctionName"], template),
                stream_arn=properties["EventSourceArn"],
                patterns=tuple(_parse_pattern(each["Pattern"], resource.name) for each in filters),
                batch_size=int(properties.get("BatchSize", 100)),
                bisects=bool(properties.get("BisectBatchOnFunctionError", False)),
                retries=int(properties.get("MaximumRetryAttempts", 10_000)),
                destination=urls[destination] if destination else "",
                reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
            )
        )
    return triggers


class StreamPoller:
    """Delivers the records of one stream to one function, in order: a failed batch holds up all later ones.

    The emulator's streams have one shard.

    Args:
        trigger: The stream and the function.
        streams: A client of the streams.
        sqs: A client of the queues.
        invoke: Runs a function.
        positions: Sequence number of the last record of each stream, by trigger; kept up to date.
    """

    def __init__(
        self, trigger: StreamTrigger, streams: Any, sqs: Any, invoke: Invoke, positions: dict[str, str]
    ) -> None:
        self._trigger = trigger
        self._streams = streams
        self._sqs = sqs
        self._invoke = invoke
        self._positions = positions
        self._iterator = ""
        self._stopping = False

    async def run(self) -> None:
        """Poll until stopped; return when the delivery under way is over."""
        while not self._stopping:
            records = await self._read()
            if not records:
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            seen = (build_stream_record(record, self._trigger.stream_arn) for record in records)
            wanted = [record for record in seen if self._matches(record)]
            size = self._trigger.batch_size
            for start in range(0, len(wanted), size):
                if not await self._deliver(wanted[start : start + size]):
                    return
            self._positions[self._trigger.name] = records[-1]["dynamodb"]["SequenceNumber"]

    def stop(self) -> None:
        """Read nothing more, and try nothing again."""
        self._stopping = True

    async def _read(self) -> Sequence[Record]:
        try:
            self._iterator = self._iterator or await asyncio.to_thread(self._first_iterator)
            answer = await asyncio.to_thread(self._streams.get_records, ShardIterator=self._iterator)
        except (BotoCoreError, ClientError):  # asked again: it may be about to stop, or to start
            return ()
        self._iterator = answer["NextShardIterator"]
        records: Sequence[Record] = answer["Records"]
        return records

    def _first_iterator(self) -> str:
        stream = self._streams.describe_stream(StreamArn=self._trigger.stream_arn)["StreamDescription"]
        place = self._positions.get(self._trigger.name)
        answer = self._streams.get_shard_iterator(
            StreamArn=self._trigger.stream_arn,
            ShardId=stream["Shards"][0]["ShardId"],
            ShardIteratorType="AFTER_SEQUENCE_NUMBER" if place else "TRIM_HORIZON",
            **({"SequenceNumber": place} if place else {}),
        )
        return str(answer["ShardIterator"])

    def _matches(self, record: Record) -> bool:
        return not self._trigger.patterns or any(
            matches_pattern(each, record) for each in self._trigger.patterns
        )

    async def _deliver(self, records: Sequence[Record]) -> bool:
        """Return True when the records were taken or given up; False when stopped before."""
        for attempt in range(self._trigger.retries + 1):
            failed = await self._first_failed(records)
            if failed is None:
                return True
            if self._stopping:
                return False
            if failed == 0 and self._trigger.bisects and len(records) > 1:
                middle = len(records) // 2
                return await self._deliver(records[:middle]) and await self._deliver(records[middle:])
            records = records[failed:]
            await asyncio.sleep(min(_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS))
        await asyncio.to_thread(self._give_up, records)
        return True

    async def _first_failed(self, records: Sequence[Record]) -> int | None:
        """Return the index of the first record that failed; it and all after it are tried again."""
        try:
            answer = await self._invoke(self._trigger.function, json.dumps({"Records": records}).encode())
        except FunctionFailed:
            return 0
        if not self._trigger.reports_failures:
            return None
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        failed = read_failed_items(answer, frozenset(numbers))
        return min((numbers.index(number) for number in failed), default=None)

    def _give_up(self, records: Sequence[Record]) -> None:
        if not self._trigger.destination:
            return
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        lost = {
            "requestContext": {"functionArn": self._trigger.function, "condition": "RetryAttemptsExhausted"},
            "DDBStreamBatchInfo": {
                "streamArn": self._trigger.stream_arn,
                "startSequenceNumber": numbers[0],
                "endSequenceNumber": numbers[-1],
                "batchSize": len(numbers),
            },
        }
        self._sqs.send_message(QueueUrl=self._trigger.destination, MessageBody=json.dumps(lost))


def build_stream_record(record: Record, stream_arn: str) -> dict[str, Any]:
    """Build the record of an event from a record of a stream.

    Args:
        record: The record, as the API of streams has it.
        stream_arn: The stream.
    """
    changed = dict(record["dynamodb"])
    if isinstance(at := changed.get("ApproximateCreationDateTime"), datetime):
        changed["ApproximateCreationDateTime"] = int(at.timestamp())
    return {**record, "dynamodb": changed, "eventSourceARN": stream_arn}


def matches_pattern(pattern: Pattern, record: Record) -> bool:
    """Return whether a record matches the pattern of a filter.

    Args:
        pattern: The allowed values of a name, or a pattern of its members.
        record: A record, or a part of one.
    """
    return all(
        name in record
        and (
            any(_allows(each, record[name]) for each in wanted)
            if isinstance(wanted, list)
            else matches_pattern(wanted, record[name])
        )
        for name, wanted in pattern.items()
    )


def _allows(wanted: Any, value: Any) -> bool:
    """Return whether a value is one that is wanted, or begins as it must."""
    return value == wanted if not isinstance(wanted, dict) else str(value).startswith(wanted[_PREFIX])


def _parse_pattern(text: str, where: str) -> Pattern:
    pattern: Pattern = json.loads(text)
    if not _is_supported(pattern):
        raise TemplateError(f"{where}: the local cloud filters by equality and prefixes alone")
    return pattern


def _is_supported(pattern: Any) -> bool:
    if isinstance(pattern, list):
        return all(isinstance(value, str | int | None) or _is_prefix(value) for value in pattern)
    return isinstance(pattern, dict) and all(map(_is_supported, pattern.values()))


def _is_prefix(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {_PREFIX} and isinstance(value[_PREFIX], str)
