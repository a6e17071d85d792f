"""Event source mappings from the streams of tables: read, filter, invoke, and go on only when all is done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.environment import FunctionFailed
from local.functions import function_named
from local.queues import Invoke, failed_items
from local.resolver import Resolver
from local.resources import stream_arns
from local.template import Template, TemplateError

_PAUSE_SECONDS = 0.5  # Lambda looks four times a second
_LONGEST_PAUSE_SECONDS = 8.0

Pattern = Mapping[str, Any]
Record = Mapping[str, Any]


@dataclass(frozen=True)
class StreamTrigger:
    """A stream whose records a function takes.

    Args:
        name: Logical id of the mapping.
        function: Logical id of the function.
        stream_arn: The stream.
        patterns: What is wanted, if not everything: records that match one of them.
        batch_size: Most records of one invocation.
        halves: Whether a batch that fails is tried again in halves.
        retries: How often a batch is tried again.
        destination: URL of the queue that is told of what is given up, "" for none.
        reports_failures: Whether the function's answer says which records failed.
    """

    name: str
    function: str
    stream_arn: str
    patterns: tuple[Pattern, ...]
    batch_size: int
    halves: bool
    retries: int
    destination: str
    reports_failures: bool


def read_stream_mappings(template: Template, resolver: Resolver) -> list[StreamTrigger]:
    """Return the event source mappings that lead from streams of tables.

    Raises:
        TemplateError: A filter wants something that is not understood here.
    """
    streams = stream_arns(template, resolver)
    urls = {
        resolver.attribute(queue.name, "Arn"): resolver.ref(queue.name)
        for queue in template.of_type("AWS::SQS::Queue")
    }
    mappings = []
    for resource in template.of_type("AWS::Lambda::EventSourceMapping"):
        properties = resolver(resource.properties)
        if properties["EventSourceArn"] not in streams:
            continue
        filters = properties.get("FilterCriteria", {}).get("Filters", [])
        destination = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        mappings.append(
            StreamTrigger(
                name=resource.name,
                function=function_named(properties["FunctionName"], template),
                stream_arn=properties["EventSourceArn"],
                patterns=tuple(_pattern(each["Pattern"], resource.name) for each in filters),
                batch_size=int(properties.get("BatchSize", 100)),
                halves=bool(properties.get("BisectBatchOnFunctionError", False)),
                retries=int(properties.get("MaximumRetryAttempts", 10_000)),
                destination=urls[destination] if destination else "",
                reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
            )
        )
    return mappings


class StreamPoller:
    """Feeds one function from one stream, in order: a batch that fails holds up those that come after it.

    The emulator's streams have one shard.

    Args:
        mapped: The stream and the function.
        streams: A client of the streams.
        sqs: A client of the queues.
        invoke: Runs a function.
        places: How far each stream has been read, by the name of its mapping; kept up to date.
    """

    def __init__(
        self, mapped: StreamTrigger, streams: Any, sqs: Any, invoke: Invoke, places: dict[str, str]
    ) -> None:
        self._mapped = mapped
        self._streams = streams
        self._sqs = sqs
        self._invoke = invoke
        self._places = places
        self._iterator = ""
        self._stopping = False

    async def run(self) -> None:
        """Poll until stopped; return when the delivery under way is over."""
        while not self._stopping:
            records = await self._read()
            if not records:
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            seen = (event_record(record, self._mapped.stream_arn) for record in records)
            wanted = [record for record in seen if self._matches(record)]
            size = self._mapped.batch_size
            for start in range(0, len(wanted), size):
                if not await self._deliver(wanted[start : start + size]):
                    return
            self._places[self._mapped.name] = records[-1]["dynamodb"]["SequenceNumber"]

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
        stream = self._streams.describe_stream(StreamArn=self._mapped.stream_arn)["StreamDescription"]
        place = self._places.get(self._mapped.name)
        answer = self._streams.get_shard_iterator(
            StreamArn=self._mapped.stream_arn,
            ShardId=stream["Shards"][0]["ShardId"],
            ShardIteratorType="AFTER_SEQUENCE_NUMBER" if place else "TRIM_HORIZON",
            **({"SequenceNumber": place} if place else {}),
        )
        return str(answer["ShardIterator"])

    def _matches(self, record: Record) -> bool:
        return not self._mapped.patterns or any(matches(each, record) for each in self._mapped.patterns)

    async def _deliver(self, records: Sequence[Record]) -> bool:
        """Return whether the function has taken the records, or never will; not if stopped before that."""
        for attempt in range(self._mapped.retries + 1):
            failed = await self._first_failed(records)
            if failed is None:
                return True
            if self._stopping:
                return False
            if failed == 0 and self._mapped.halves and len(records) > 1:
                middle = len(records) // 2
                return await self._deliver(records[:middle]) and await self._deliver(records[middle:])
            records = records[failed:]
            await asyncio.sleep(min(_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS))
        await asyncio.to_thread(self._give_up, records)
        return True

    async def _first_failed(self, records: Sequence[Record]) -> int | None:
        """Return the place of the first record that failed: it and all after it are tried again."""
        try:
            answer = await self._invoke(self._mapped.function, json.dumps({"Records": records}).encode())
        except FunctionFailed:
            return 0
        if not self._mapped.reports_failures:
            return None
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        failed = failed_items(answer, frozenset(numbers))
        return min((numbers.index(number) for number in failed), default=None)

    def _give_up(self, records: Sequence[Record]) -> None:
        if not self._mapped.destination:
            return
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        lost = {
            "requestContext": {"functionArn": self._mapped.function, "condition": "RetryAttemptsExhausted"},
            "DDBStreamBatchInfo": {
                "streamArn": self._mapped.stream_arn,
                "startSequenceNumber": numbers[0],
                "endSequenceNumber": numbers[-1],
                "batchSize": len(numbers),
            },
        }
        self._sqs.send_message(QueueUrl=self._mapped.destination, MessageBody=json.dumps(lost))


def event_record(record: Record, stream_arn: str) -> dict[str, Any]:
    """Return a record of a stream as a function sees it."""
    changed = dict(record["dynamodb"])
    if isinstance(at := changed.get("ApproximateCreationDateTime"), datetime):
        changed["ApproximateCreationDateTime"] = int(at.timestamp())
    return {**record, "dynamodb": changed, "eventSourceARN": stream_arn}


def matches(pattern: Pattern, record: Record) -> bool:
    """Return whether a record is what a filter's pattern wants.

    Args:
        pattern: For every name that matters the values that it may have, or the pattern of what is below it.
        record: A record, or a part of one.
    """
    return all(
        name in record
        and (record[name] in wanted if isinstance(wanted, list) else matches(wanted, record[name]))
        for name, wanted in pattern.items()
    )


def _pattern(text: str, where: str) -> Pattern:
    pattern: Pattern = json.loads(text)
    if not _understood(pattern):
        raise TemplateError(f"{where}: the local cloud filters by equality alone")
    return pattern


def _understood(pattern: Any) -> bool:
    if isinstance(pattern, list):
        return all(isinstance(value, str | int | None) for value in pattern)
    return isinstance(pattern, dict) and all(map(_understood, pattern.values()))
