"""Event source mappings from SQS: receive, invoke, delete what succeeded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.environment import FunctionFailed
from local.functions import function_named
from local.pool import MOST_ENVIRONMENTS
from local.resolver import REGION, Resolver
from local.resources import stream_arns
from local.template import Template, TemplateError

_WAIT_SECONDS = 1
_MOST_MESSAGES = 10  # of one ReceiveMessage

Invoke = Callable[[str, bytes], Awaitable[bytes]]


@dataclass(frozen=True)
class QueueTrigger:
    """A queue whose messages a function takes.

    Args:
        function: Logical id of the function.
        queue_url: The queue.
        queue_arn: The same queue, as events name it.
        batch_size: Most messages of one invocation.
        concurrency: Most invocations at a time.
        reports_failures: Whether the function's answer says which messages failed.
    """

    function: str
    queue_url: str
    queue_arn: str
    batch_size: int = 10
    concurrency: int = MOST_ENVIRONMENTS
    reports_failures: bool = False


def read_mappings(template: Template, resolver: Resolver) -> list[QueueTrigger]:
    """Return the event source mappings that lead from queues.

    Raises:
        TemplateError: One leads from something else than a queue or a stream of the template.
    """
    streams = stream_arns(template, resolver)
    urls = {
        resolver.attribute(queue.name, "Arn"): queue.name for queue in template.of_type("AWS::SQS::Queue")
    }
    mappings = []
    for resource in template.of_type("AWS::Lambda::EventSourceMapping"):
        properties = resolver(resource.properties)
        arn = properties["EventSourceArn"]
        if arn in streams:
            continue
        if arn not in urls:
            raise TemplateError(f"{resource.name}: the local cloud maps queues and streams only")
        most = properties.get("ScalingConfig", {}).get("MaximumConcurrency", MOST_ENVIRONMENTS)
        mappings.append(
            QueueTrigger(
                function=function_named(properties["FunctionName"], template),
                queue_url=resolver.ref(urls[arn]),
                queue_arn=arn,
                batch_size=int(properties.get("BatchSize", 10)),
                concurrency=min(int(most), MOST_ENVIRONMENTS),
                reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
            )
        )
    return mappings


class Poller:
    """Feeds one function from one queue.

    A message that fails is left alone: it returns when the queue's visibility timeout is over, and
    goes to the dead letters when the queue has had enough of it.

    Args:
        mapped: The queue and the function.
        sqs: An AWS client.
        invoke: Runs a function.
    """

    def __init__(self, mapped: QueueTrigger, sqs: Any, invoke: Invoke) -> None:
        self._mapped = mapped
        self._sqs = sqs
        self._invoke = invoke
        self._deliveries: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self) -> None:
        """Poll until stopped; return when every delivery is over."""
        while not self._stopping:
            free = self._mapped.concurrency - len(self._deliveries)
            if not free:
                await asyncio.wait(self._deliveries, return_when=asyncio.FIRST_COMPLETED)
                continue
            size = self._mapped.batch_size
            messages = await self._receive(min(_MOST_MESSAGES, free * size))
            for start in range(0, len(messages), size):
                delivery = asyncio.create_task(self._deliver(messages[start : start + size]))
                self._deliveries.add(delivery)
                delivery.add_done_callback(self._deliveries.discard)
        await asyncio.gather(*self._deliveries)

    def stop(self) -> None:
        """Receive nothing more."""
        self._stopping = True

    async def _receive(self, most: int) -> Sequence[Mapping[str, Any]]:
        try:
            answer = await asyncio.to_thread(
                self._sqs.receive_message,
                QueueUrl=self._mapped.queue_url,
                MaxNumberOfMessages=most,
                WaitTimeSeconds=_WAIT_SECONDS,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        except (BotoCoreError, ClientError):
            await asyncio.sleep(0 if self._stopping else _WAIT_SECONDS)
            return ()
        messages: Sequence[Mapping[str, Any]] = answer.get("Messages", ())
        return messages

    async def _deliver(self, messages: Sequence[Mapping[str, Any]]) -> None:
        event = sqs_event(messages, self._mapped.queue_arn)
        try:
            answer = await self._invoke(self._mapped.function, json.dumps(event).encode())
        except FunctionFailed:
            return
        batch = frozenset(message["MessageId"] for message in messages)
        failed = failed_items(answer, batch) if self._mapped.reports_failures else frozenset()
        done = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if message["MessageId"] not in failed
        ]
        # What cannot be deleted is delivered again, as on AWS; the queue may be gone when all is stopped.
        with suppress(BotoCoreError, ClientError):
            if done:
                await asyncio.to_thread(
                    self._sqs.delete_message_batch, QueueUrl=self._mapped.queue_url, Entries=done
                )


def sqs_event(messages: Sequence[Mapping[str, Any]], queue_arn: str) -> dict[str, Any]:
    """Return the event of one batch of received messages."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": {
                    name: {f"{key[0].lower()}{key[1:]}": value for key, value in attribute.items()}
                    for name, attribute in message.get("MessageAttributes", {}).items()
                },
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn,
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def failed_items(answer: bytes, batch: frozenset[str]) -> frozenset[str]:
    """Return the ids of the members of a batch that failed, by the function's own word.

    All of them did if the word is no sense: it is no JSON, or names what is not in the batch
    (docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
    """
    try:
        report = json.loads(answer)
        if not report or not report.get("batchItemFailures"):
            return frozenset()
        failed = frozenset(item["itemIdentifier"] for item in report["batchItemFailures"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return batch
    return failed if failed <= batch else batch
