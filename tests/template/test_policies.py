"""Every function has the permissions that its code needs, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from gpserverless.access.keys import READ_BY_ALL
from gpserverless.storage.event_bus import SOURCE
from gpserverless.storage.use_rows import PREFIX
from local.functions import function_arn
from local.policies import IamRequest, is_allowed
from local.resolver import Resolver
from local.template import FUNCTION, Template
from tests.template.conftest import PATH

Properties = Mapping[str, Mapping[str, Any]]

ROWS = "arn:JobsTable"
CALLERS = ("dynamodb:GetItem", "arn:AccessTable")
ACCOUNTS = "arn:AccessTable"
HOSTED = "arn:ItemsTable"
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
        ("s3:GetObject", f"{OBJECTS}/hosted/*"),
        ("s3:AbortMultipartUpload", f"{OBJECTS}/jobs/*"),
        ("s3:PutObject", f"{OBJECTS}/jobs/*"),
        ("s3:AbortMultipartUpload", f"{OBJECTS}/hosted/*"),
        ("s3:PutObject", f"{OBJECTS}/hosted/*"),
        ("dynamodb:DeleteItem", HOSTED),
        ("dynamodb:GetItem", HOSTED),
        ("dynamodb:PutItem", HOSTED),
        ("dynamodb:Query", f"{HOSTED}/index/ids"),
        *FETCH,
    }


RIGHTS = {
    "DirectoryFunction": {CALLERS},
    "ExecuteFunction": {
        ("s3:AbortMultipartUpload", f"{OBJECTS}/executes/*"),
        ("s3:GetObject", f"{OBJECTS}/executes/*"),
        ("s3:PutObject", f"{OBJECTS}/executes/*"),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("s3:GetObject", f"{OBJECTS}/uploads/*"),
        ("s3:GetObject", f"{OBJECTS}/hosted/*"),
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:GetItem", HOSTED),
        *FETCH,
        ("dynamodb:UpdateItem", ROWS),
        ("s3:PutObject", f"{OBJECTS}/uploads/*"),
        CALLERS,
    },
    "FetchFunction": {
        ("s3:AbortMultipartUpload", f"{OBJECTS}/fetch/*/content"),
        ("s3:PutObject", f"{OBJECTS}/fetch/*/content"),
        ("s3:GetObject", f"{OBJECTS}/fetch/*/stop"),
    },
    "JobsFunction": {
        CALLERS,
        ("dynamodb:BatchGetItem", ROWS),
        ("dynamodb:Query", f"{ROWS}/index/owned"),
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:PutItem", ROWS),
        ("dynamodb:UpdateItem", ROWS),
        *SEND,
        ("s3:PutObject", f"{OBJECTS}/jobs/*/inputs.json"),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("s3:GetObject", f"{OBJECTS}/executes/*"),
        ("s3:GetObject", f"{OBJECTS}/pictures/*"),
        ("lambda:InvokeFunction", function_arn("LayersFunction")),
        ("lambda:InvokeFunction", function_arn("RasterMapsFunction")),
        ("dynamodb:GetItem", HOSTED),
        ("dynamodb:Query", f"{HOSTED}/index/ids"),
    },
    "LayersFunction": {
        CALLERS,
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:DeleteItem", HOSTED),
        ("dynamodb:GetItem", HOSTED),
        ("dynamodb:PutItem", HOSTED),
        ("dynamodb:Query", f"{HOSTED}/index/names"),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("s3:GetObject", f"{OBJECTS}/hosted/*"),
        ("s3:GetObject", f"{OBJECTS}/answers/*"),
        ("s3:PutObject", f"{OBJECTS}/answers/*"),
        ("s3:PutObject", f"{OBJECTS}/pictures/*"),
    },
    "RasterMapsFunction": {
        CALLERS,
        ("dynamodb:GetItem", ROWS),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("s3:PutObject", f"{OBJECTS}/pictures/*"),
    },
    "SoapFunction": {
        CALLERS,
        ("dynamodb:GetItem", ROWS),
        ("dynamodb:PutItem", ROWS),
        ("dynamodb:UpdateItem", ROWS),
        *SEND,
        ("s3:PutObject", f"{OBJECTS}/jobs/*/inputs.json"),
        ("s3:PutObject", f"{OBJECTS}/uploads/*"),
        ("s3:GetObject", f"{OBJECTS}/jobs/*"),
        ("lambda:InvokeFunction", function_arn("ExecuteFunction")),
        ("dynamodb:GetItem", HOSTED),
        ("dynamodb:Query", f"{HOSTED}/index/ids"),
    },
    "WorkerFunction": worker(QUEUE),
    "VectorWorkerFunction": worker(VECTOR_QUEUE),
    "RasterWorkerFunction": worker(RASTER_QUEUE),
    "UploadsFunction": {
        ("s3:AbortMultipartUpload", f"{OBJECTS}/uploads/*"),
        CALLERS,
        ("dynamodb:UpdateItem", ROWS),
        ("s3:DeleteObject", f"{OBJECTS}/uploads/*"),
        ("s3:DeleteObjectTagging", f"{OBJECTS}/uploads/*"),
        ("s3:PutObjectTagging", f"{OBJECTS}/uploads/*"),
        ("s3:GetObject", f"{OBJECTS}/uploads/*"),
        ("s3:PutObject", f"{OBJECTS}/uploads/*"),
        ("s3:ListBucket", OBJECTS),
    },
    "SignInFunction": {
        ("dynamodb:DeleteItem", ACCOUNTS),
        ("dynamodb:GetItem", ACCOUNTS),
        ("dynamodb:PutItem", ACCOUNTS),
        ("dynamodb:UpdateItem", ACCOUNTS),
    },
    "ReaperFunction": {
        ("s3:DeleteObject", f"{OBJECTS}/jobs/*"),
        ("s3:DeleteObject", f"{OBJECTS}/hosted/*"),
        ("dynamodb:DeleteItem", HOSTED),
        ("dynamodb:GetItem", HOSTED),
        ("dynamodb:PutItem", HOSTED),
        ("dynamodb:Query", f"{HOSTED}/index/due"),
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
    "RegistrationFunction": {
        ("dynamodb:DescribeStream", f"{HOSTED}/stream"),
        ("dynamodb:GetRecords", f"{HOSTED}/stream"),
        ("dynamodb:GetShardIterator", f"{HOSTED}/stream"),
        ("dynamodb:ListStreams", f"{HOSTED}/stream"),
        ("dynamodb:DeleteItem", HOSTED),
        ("dynamodb:GetItem", HOSTED),
        ("dynamodb:PutItem", HOSTED),
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


SIGN_IN = "SignInFunction"
TELL_CALLERS = [name for name, rights in RIGHTS.items() if CALLERS in rights and name != SIGN_IN]


@pytest.mark.parametrize("name", TELL_CALLERS)
def test_passwords_are_read_by_no_function_that_only_tells_callers(name: str, properties: Properties) -> None:
    (reading,) = (s for s in statements(properties[name]) if s["Resource"] == "arn:AccessTable")
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(READ_BY_ALL)}}
    assert reading["Condition"] == condition
    told = {"dynamodb:LeadingKeys": "USER#ana"}
    assert is_allowed(IamRequest("dynamodb:GetItem", "arn:AccessTable", told), [reading])
    for key in ("PASSWORD#ana", "CODE#1", "COUNT#1#2", "KEYS#2", "xUSER#ana"):
        hidden = IamRequest("dynamodb:GetItem", "arn:AccessTable", {"dynamodb:LeadingKeys": key})
        assert not is_allowed(hidden, [reading])


@pytest.mark.parametrize("name", ["ExecuteFunction", "UploadsFunction"])
def test_functions_that_count_the_use_of_callers_cannot_change_a_job(
    name: str, properties: Properties
) -> None:
    (counting,) = (s for s in statements(properties[name]) if s["Action"] == "dynamodb:UpdateItem")
    for key, allowed in ((f"{PREFIX}a#2026-12-01", True), (f"j{'0' * 32}", False), ("IDEMP#a", False)):
        asked = IamRequest("dynamodb:UpdateItem", "arn:JobsTable", {"dynamodb:LeadingKeys": key})
        assert is_allowed(asked, [counting]) is allowed


@pytest.mark.parametrize(
    ("action", "keys"),
    [
        ("GetItem", {"KEYS", "USER#", "APIKEY#", "DENY#", "PASSWORD#", "CODE#", "COUNT#"}),
        ("PutItem", {"KEYS", "CODE#", "DENY#"}),
        ("UpdateItem", {"PASSWORD#", "COUNT#"}),
        ("DeleteItem", {"CODE#"}),
    ],
)
def test_sign_in_makes_no_user_and_gives_nobody_a_role(
    action: str, keys: set[str], properties: Properties
) -> None:
    every = {"KEYS", "USER#", "APIKEY#", "DENY#", "PASSWORD#", "CODE#", "COUNT#"}
    allowed = {
        key
        for key in every
        if is_allowed(
            IamRequest(f"dynamodb:{action}", "arn:AccessTable", {"dynamodb:LeadingKeys": key}),
            statements(properties[SIGN_IN]),
        )
    }
    assert allowed == keys


def test_user_pool_gives_the_sign_in_two_more_rights(template: Template) -> None:
    """Without one it may not: a user of the pool gets a row at the first sign-in, and nobody else does."""
    rights = {}
    for pool in ("", "us-east-1_a"):
        resolver = Resolver(template, {"UserPoolId": pool})
        for name in template.resources:
            resolver.add(name, name, Arn=f"arn:{name}")
        given = statements(resolver(template.resources[SIGN_IN].properties))
        rights[pool] = [
            is_allowed(IamRequest(action, resource, {"dynamodb:LeadingKeys": "USER#ana"}), given)
            for action, resource in (
                ("dynamodb:PutItem", "arn:AccessTable"),
                ("dynamodb:UpdateItem", "arn:AccessTable"),
                (
                    "cognito-idp:AdminInitiateAuth",
                    "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a",
                ),
                (
                    "cognito-idp:AdminInitiateAuth",
                    "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_b",
                ),
            )
        ]
    assert rights == {"": [False] * 4, "us-east-1_a": [True, True, True, False]}


def test_events_are_published_under_our_own_source_alone(properties: Properties) -> None:
    (publishing,) = (
        s for s in statements(properties["AnnounceFunction"]) if s["Action"] == "events:PutEvents"
    )
    assert publishing["Condition"] == {"StringEquals": {"events:source": SOURCE}}


@pytest.mark.parametrize(
    ("secret", "reader"),
    [
        ("WebhookSecret", "WebhookFunction"),
        ("OidcClientSecret", "SignInFunction"),
        ("PortalPassword", "RegistrationFunction"),
        ("PortalToken", "RegistrationFunction"),
    ],
)
def test_secret_is_shown_to_nobody(secret: str, reader: str, template: Template) -> None:
    declared = re.search(rf"\n  {secret}:\n((?: {{4}}.+\n)+)", PATH.read_text("utf-8"))
    assert declared is not None
    assert "    NoEcho: true\n" in declared[1]
    readers = [f.name for f in template.of_type(FUNCTION) if secret in str(f.properties)]
    assert readers == [reader]


def test_no_trigger_is_a_sam_event_with_permissions_of_its_own(template: Template) -> None:
    kinds = {
        event["Type"]
        for function in template.of_type(FUNCTION)
        for event in function.properties.get("Events", {}).values()
    }
    assert kinds == {"ScheduleV2"}, "SQS events give a role every queue of the account"
