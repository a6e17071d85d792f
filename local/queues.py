"""Event source mappings from SQS."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.environment import FunctionFailed
from local.functions import find_function
from local.pool import MOST_ENVIRONMENTS
from local.resolver import REGION, Resolver
from local.resources import stream_arns
from local.template import Template, TemplateError

_WAIT_SECONDS = 1
_MOST_MESSAGES = 10  # of one ReceiveMessage

Invoke = Callable[[str, bytes], Awaitable[bytes]]


@dataclass(frozen=True)
class QueueTrigger:
    """A queue and the function that takes its messages.

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


def read_queue_triggers(template: Template, resolver: Resolver) -> list[QueueTrigger]:
    """Read the event source mappings from queues.

    Raises:
        TemplateError: The source of one is neither a queue nor a stream of the template.
    """
    streams = stream_arns(template, resolver)
    urls = {
        resolver.attribute(queue.name, "Arn"): queue.name for queue in template.of_type("AWS::SQS::Queue")
    }
    triggers = []
    for resource in template.of_type("AWS::Lambda::EventSourceMapping"):
        properties = resolver(resource.properties)
        arn = properties["EventSourceArn"]
        if arn in streams:
            continue
        if arn not in urls:
            raise TemplateError(f"{resource.name}: the local cloud maps queues and streams only")
        most = properties.get("ScalingConfig", {}).get("MaximumConcurrency", MOST_ENVIRONMENTS)
        triggers.append(
            QueueTrigger(
                function=find_function(properties["FunctionName"], template),
                queue_url=resolver.ref(urls[arn]),
                queue_arn=arn,
                batch_size=int(properties.get("BatchSize", 10)),
                concurrency=min(int(most), MOST_ENVIRONMENTS),
                reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
            )
        )
    return triggers


class QueuePoller:
    """Delivers the messages of one queue to one function.

    A message that fails stays in the queue. It returns after the visibility timeout, and becomes a dead
    letter after the most receives.

    Args:
        trigger: The queue and the function.
        sqs: An AWS client.
        invoke: Runs a function.
    """

    def __init__(self, trigger: QueueTrigger, sqs: Any, invoke: Invoke) -> None:
        self._trigger = trigger
        self._sqs = sqs
        self._invoke = invoke
        self._deliveries: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self) -> None:
        """Poll until stopped; return when every delivery is over."""
        while not self._stopping:
            free = self._trigger.concurrency - len(self._deliveries)
            if not free:
                await asyncio.wait(self._deliveries, return_when=asyncio.FIRST_COMPLETED)
                continue
            size = self._trigger.batch_size
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
                QueueUrl=self._trigger.queue_url,
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
        event = build_sqs_event(messages, self._trigger.queue_arn)
        try:
            answer = await self._invoke(self._trigger.function, json.dumps(event).encode())
        except FunctionFailed:
            return
        batch = frozenset(message["MessageId"] for message in messages)
        failed = read_failed_items(answer, batch) if self._trigger.reports_failures else frozenset()
        done = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if message["MessageId"] not in failed
        ]
        # A message that is not deleted is delivered again, as on AWS; the queue may be gone at the end.
        with suppress(BotoCoreError, ClientError):
            if done:
                await asyncio.to_thread(
                    self._sqs.delete_message_batch, QueueUrl=self._trigger.queue_url, Entries=done
                )


def build_sqs_event(messages: Sequence[Mapping[str, Any]], queue_arn: str) -> dict[str, Any]:
    """Build the event of one batch.

    Args:
        messages: The messages, as ReceiveMessage returns them.
        queue_arn: Their queue.
    """
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


def read_failed_items(answer: bytes, batch: frozenset[str]) -> frozenset[str]:
    """Read the ids of the failed items from a function's answer.

    All items have failed if the answer is no JSON, or names an item that is not in the batch
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
