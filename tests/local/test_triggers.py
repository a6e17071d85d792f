"""Queues and schedules invoke functions as on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.queues import read_failed_items
from local.schedules import read_schedules
from local.template import Template, TemplateError
from tests.local.stack import TEMPLATE, Running, aws, eventually

QUEUE, DEAD_LETTERS = "gpserverless-local-Queue", "gpserverless-local-DeadLetters"


def sqs(running: Running) -> Any:
    return aws("sqs", running.cloud.endpoint)


def send(running: Running, *bodies: str) -> None:
    queue = sqs(running).get_queue_url(QueueName=QUEUE)["QueueUrl"]
    entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
    sqs(running).send_message_batch(QueueUrl=queue, Entries=entries)


def counted(running: Running, counter: str) -> int:
    """Return the count of the function under this name."""
    item = aws("dynamodb", running.cloud.endpoint).get_item(
        TableName="gpserverless-local-Table", Key={"pk": {"S": counter}}
    )
    return int(item["Item"]["amount"]["N"]) if "Item" in item else 0


@pytest.fixture(autouse=True, scope="module")
def function_that_runs(running: Running) -> None:
    """Let the function start before its messages count: a message that waits for it is delivered again."""
    send(running, "first")
    eventually(lambda: counted(running, "first"))


def dead_letters(running: Running) -> list[str]:
    queue = sqs(running).get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
    messages = sqs(running).receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [message["Body"] for message in messages.get("Messages", [])]


def test_failed_message_becomes_a_dead_letter_and_the_rest_is_done_once(running: Running) -> None:
    send(running, "good 1", "bad", "good 2")
    assert eventually(lambda: dead_letters(running)) == ["bad"]
    assert [counted(running, body) for body in ("good 1", "bad", "good 2")] == [1, 2, 1]


def test_batch_returns_whole_when_its_function_raises(running: Running) -> None:
    send(running, "raise")
    assert eventually(lambda: dead_letters(running)) == ["raise"]
    assert counted(running, "raise") == 2


def test_queue_trigger_keeps_its_concurrency(running: Running) -> None:
    bodies = [f"slow {number}" for number in range(10)]
    send(running, *bodies)
    eventually(lambda: all(counted(running, body) for body in bodies))
    assert counted(running, "running-2") > 0, "two run at a time"
    assert counted(running, "running-3") == 0, "three do not"


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (b"null", ""),
        (b"{}", ""),
        (b'{"batchItemFailures": []}', ""),
        (b'{"batchItemFailures": null}', ""),
        (b'{"batchItemFailures": [{"itemIdentifier": "a"}]}', "a"),
        (b'{"batchItemFailures": [{"itemIdentifier": "unknown"}]}', "ab"),
        (b'{"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": ""}]}', "ab"),
        (b'{"batchItemFailures": [{"itemIdentifier": null}]}', "ab"),
        (b'{"batchItemFailures": [{"id": "a"}]}', "ab"),
        (b'{"batchItemFailures": "a"}', "ab"),
        (b"[1]", "ab"),
        (b"no json", "ab"),
    ],
)
def test_failed_items_are_read_from_the_answer(answer: bytes, failed: str) -> None:
    assert read_failed_items(answer, frozenset("ab")) == frozenset(failed)


def test_schedule_fires_again_and_again(running: Running) -> None:
    s3 = aws("s3", running.cloud.endpoint)
    bucket = "gpserverless-local-bucket"

    def ticks() -> list[str]:
        return [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]

    eventually(lambda: len(ticks()) > 1)
    event = json.loads(s3.get_object(Bucket=bucket, Key=ticks()[0])["Body"].read())
    assert (event["source"], event["detail-type"]) == ("aws.scheduler", "Scheduled Event")
    assert event["resources"][0].endswith(":schedule/default/gpserverless-local-TickFunctionOften")


@pytest.mark.parametrize(
    ("expression", "minutes"), [("rate(1 minute)", 1), ("rate(5 minutes)", 5), ("rate(2 hours)", 120)]
)
def test_rates_are_read(expression: str, minutes: int) -> None:
    assert [each.minutes for each in schedules(expression)] == [minutes]


def test_schedule_other_than_a_rate_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"cron\("):
        schedules("cron(0 12 * * ? *)")


def schedules(expression: str) -> list[Any]:
    template = Template.read(TEMPLATE)
    event = template.resources["TickFunction"].properties["Events"]["Often"]
    event["Properties"]["ScheduleExpression"] = expression
    return read_schedules(template, lambda given: given)  # type: ignore[arg-type]


def test_tables_and_buckets_are_made_as_the_template_has_them(running: Running) -> None:
    dynamodb, s3 = (aws(name, running.cloud.endpoint) for name in ("dynamodb", "s3"))
    lifetime = dynamodb.describe_time_to_live(TableName="gpserverless-local-Table")
    assert lifetime["TimeToLiveDescription"]["AttributeName"] == "ttl_at"
    bucket = "gpserverless-local-bucket"
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["MaxAgeSeconds"] == 60
    rule = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]
    assert (rule["Filter"]["Prefix"], rule["Expiration"]["Days"]) == ("jobs/", 3)
