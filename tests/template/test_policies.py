"""Every function has the permissions that its code needs, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from gpserverless.storage.event_bus import SOURCE
from local.functions import function_arn
from local.template import FUNCTION, Template
from tests.template.conftest import PATH

Properties = Mapping[str, Mapping[str, Any]]

ROWS = "arn:JobsTable"
QUEUE, VECTOR_QUEUE, RASTER_QUEUE = "arn:JobsQueue", "arn:VectorQueue", "arn:RasterQueue"
DEAD_LETTERS = "arn:DeadLettersQueue"
WEBHOOKS, UNDELIVERED = "arn:WebhooksQueue", "arn:UndeliveredQueue"
OBJECTS = "arn:Bucket"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"

SEND = {("sqs:SendMessage", queue) for queue in (QUEUE, VECTOR_QUEUE, RASTER_QUEUE)}


FETCH = {
    ("lambda:InvokeFunction", function_arn("FetchFunction")),
    ("s3:GetObject", f"{OBJECTS}/fetch/*/content"),
    ("s3:DeleteObject", f"{OBJECTS}/fetch/*/content"),
    ("s3:PutObject", f"{OBJECTS}/fetch/*/stop"),
}


def worker(queue: str) -> set[tuple[str, str]]:
    """Return the rights of a worker: alike, but for the queue it listens to."""
    return {
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:UpdateItem", ROWS),
        ("sqs:ChangeMessageVisibility", queue),
        ("sqs:DeleteMessage", queue),
        ("sqs:GetQueueAttributes", queue),
        ("sqs:ReceiveMessage", queue),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("s3:GetObject", f"{OBJECTS}/executes/*"),
        ("s3:GetObject", f"{OBJECTS}/uploads/*"),
        ("s3:AbortMultipartUpload", f"{OBJECTS}/jobs/*"),
        ("s3:PutObject", f"{OBJECTS}/jobs/*"),
        *FETCH,
    }


RIGHTS = {
    "DirectoryFunction": set(),
    "ExecuteFunction": {
        ("s3:AbortMultipartUpload", f"{OBJECTS}/executes/*"),
        ("s3:GetObject", f"{OBJECTS}/executes/*"),
        ("s3:PutObject", f"{OBJECTS}/executes/*"),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("s3:GetObject", f"{OBJECTS}/uploads/*"),
        ("dynamodb:GetItem", ROWS),
        *FETCH,
    },
    "FetchFunction": {
        ("s3:AbortMultipartUpload", f"{OBJECTS}/fetch/*/content"),
        ("s3:PutObject", f"{OBJECTS}/fetch/*/content"),
        ("s3:GetObject", f"{OBJECTS}/fetch/*/stop"),
    },
    "JobsFunction": {
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:PutItem", ROWS),
        ("dynamodb:UpdateItem", ROWS),
        *SEND,
        ("s3:PutObject", f"{OBJECTS}/jobs/*/inputs.json"),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("s3:GetObject", f"{OBJECTS}/executes/*"),
    },
    "WorkerFunction": worker(QUEUE),
    "VectorWorkerFunction": worker(VECTOR_QUEUE),
    "RasterWorkerFunction": worker(RASTER_QUEUE),
    "UploadsFunction": {
        ("s3:AbortMultipartUpload", f"{OBJECTS}/uploads/*"),
        ("s3:DeleteObject", f"{OBJECTS}/uploads/*"),
        ("s3:DeleteObjectTagging", f"{OBJECTS}/uploads/*"),
        ("s3:PutObjectTagging", f"{OBJECTS}/uploads/*"),
        ("s3:GetObject", f"{OBJECTS}/uploads/*"),
        ("s3:PutObject", f"{OBJECTS}/uploads/*"),
        ("s3:ListBucket", OBJECTS),
    },
    "ReaperFunction": {
        ("s3:DeleteObject", f"{OBJECTS}/jobs/*"),
        ("s3:ListBucket", OBJECTS),
        ("dynamodb:DeleteItem", ROWS),
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:UpdateItem", ROWS),
        ("dynamodb:Query", f"{ROWS}/index/open"),
        *SEND,
    },
    "DeadLettersFunction": {
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:UpdateItem", ROWS),
        ("sqs:DeleteMessage", DEAD_LETTERS),
        ("sqs:GetQueueAttributes", DEAD_LETTERS),
        ("sqs:ReceiveMessage", DEAD_LETTERS),
    },
    "AnnounceFunction": {
        ("dynamodb:DescribeStream", f"{ROWS}/stream"),
        ("dynamodb:GetRecords", f"{ROWS}/stream"),
        ("dynamodb:GetShardIterator", f"{ROWS}/stream"),
        ("dynamodb:ListStreams", f"{ROWS}/stream"),
        ("events:PutEvents", BUS),
        ("sqs:SendMessage", WEBHOOKS),
        ("sqs:SendMessage", UNDELIVERED),
    },
    "WebhookFunction": {
        ("sqs:ChangeMessageVisibility", WEBHOOKS),
        ("sqs:DeleteMessage", WEBHOOKS),
        ("sqs:GetQueueAttributes", WEBHOOKS),
        ("sqs:ReceiveMessage", WEBHOOKS),
    },
}


def statements(function: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the statements of a function's own policies."""
    own = (policy for policy in function["Policies"] if not isinstance(policy, str))
    return [statement for policy in own for statement in policy["Statement"]]


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_table_names_every_function(template: Template) -> None:
    assert {function.name for function in template.of_type(FUNCTION)} == RIGHTS.keys()


@pytest.mark.parametrize("name", RIGHTS)
def test_function_has_these_permissions(name: str, properties: Properties) -> None:
    rights = {
        (action, resource)
        for statement in statements(properties[name])
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }
    assert rights == RIGHTS[name]


@pytest.mark.parametrize("name", RIGHTS)
def test_no_permission_is_a_wildcard(name: str, properties: Properties) -> None:
    for statement in statements(properties[name]):
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        assert not [resource for resource in listed(statement["Resource"]) if not resource.startswith("arn:")]
        assert statement.keys().isdisjoint({"NotAction", "NotResource"})


@pytest.mark.parametrize("name", RIGHTS)
def test_function_writes_into_the_log_of_the_stack_alone(name: str, properties: Properties) -> None:
    shared = [policy for policy in properties[name]["Policies"] if isinstance(policy, str)]
    assert shared == ["OwnLogPolicy"]
    (statement,) = properties["OwnLogPolicy"]["PolicyDocument"]["Statement"]
    assert statement == {
        "Sid": "OtherLogs",
        "Effect": "Deny",
        "Action": "logs:*",
        "NotResource": "arn:FunctionsLog",
    }


def test_only_uploads_are_listed(properties: Properties) -> None:
    (listing,) = (s for s in statements(properties["UploadsFunction"]) if s["Action"] == "s3:ListBucket")
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "uploads/*"}}


def test_events_are_published_under_our_own_source_alone(properties: Properties) -> None:
    (publishing,) = (
        s for s in statements(properties["AnnounceFunction"]) if s["Action"] == "events:PutEvents"
    )
    assert publishing["Condition"] == {"StringEquals": {"events:source": SOURCE}}


def test_secret_is_shown_to_nobody(template: Template) -> None:
    declared = re.search(r"\n  WebhookSecret:\n((?: {4}.+\n)+)", PATH.read_text("utf-8"))
    assert declared is not None
    assert "    NoEcho: true\n" in declared[1]
    readers = [f.name for f in template.of_type(FUNCTION) if "WebhookSecret" in str(f.properties)]
    assert readers == ["WebhookFunction"]


def test_no_trigger_is_a_sam_event_with_permissions_of_its_own(template: Template) -> None:
    kinds = {
        event["Type"]
        for function in template.of_type(FUNCTION)
        for event in function.properties.get("Events", {}).values()
    }
    assert kinds == {"ScheduleV2"}, "SQS events give a role every queue of the account"
