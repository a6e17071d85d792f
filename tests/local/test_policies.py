"""The embedded AWS holds every function to its policies, as AWS does."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError

from local.iam_middleware import read_iam_requests
from local.policies import IamRequest, is_allowed
from local.resources import make_client
from tests.local.stack import Running

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/jobs"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
KEY = {"pk": {"S": "1"}}
OBJECT = {"Bucket": "bucket", "Key": "jobs/1/in puts.json"}
PART = {**OBJECT, "UploadId": "x", "PartNumber": 1}
URL = {"QueueUrl": "http://127.0.0.1/123456789012/jobs"}
ENTRY = {"Source": "gpserverless", "DetailType": "x", "Detail": "{}"}

Call = tuple[str, str, dict[str, Any], str, str]

CALLS: list[Call] = [
    ("dynamodb", "get_item", {"TableName": "jobs", "Key": KEY}, "dynamodb:GetItem", TABLE),
    ("dynamodb", "put_item", {"TableName": "jobs", "Item": KEY}, "dynamodb:PutItem", TABLE),
    (
        "dynamodb",
        "query",
        {"TableName": "jobs", "IndexName": "open"},
        "dynamodb:Query",
        f"{TABLE}/index/open",
    ),
    (
        "dynamodb",
        "batch_get_item",
        {"RequestItems": {"jobs": {"Keys": [KEY]}}},
        "dynamodb:BatchGetItem",
        TABLE,
    ),
    (
        "cognito-idp",
        "admin_initiate_auth",
        {"UserPoolId": "us-east-1_a", "ClientId": "c", "AuthFlow": "ADMIN_USER_PASSWORD_AUTH"},
        "cognito-idp:AdminInitiateAuth",
        "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a",
    ),
    ("sqs", "send_message", {**URL, "MessageBody": "x"}, "sqs:SendMessage", QUEUE),
    ("sqs", "delete_message_batch", {**URL, "Entries": []}, "sqs:DeleteMessage", QUEUE),
    ("s3", "get_object", OBJECT, "s3:GetObject", "arn:aws:s3:::bucket/jobs/1/in puts.json"),
    ("s3", "head_object", OBJECT, "s3:GetObject", "arn:aws:s3:::bucket/jobs/1/in puts.json"),
    ("s3", "put_object", OBJECT, "s3:PutObject", "arn:aws:s3:::bucket/jobs/1/in puts.json"),
    ("s3", "create_multipart_upload", OBJECT, "s3:PutObject", "arn:aws:s3:::bucket/jobs/1/in puts.json"),
    ("s3", "upload_part", PART, "s3:PutObject", "arn:aws:s3:::bucket/jobs/1/in puts.json"),
    ("s3", "delete_object", OBJECT, "s3:DeleteObject", "arn:aws:s3:::bucket/jobs/1/in puts.json"),
    (
        "s3",
        "delete_object_tagging",
        OBJECT,
        "s3:DeleteObjectTagging",
        "arn:aws:s3:::bucket/jobs/1/in puts.json",
    ),
    (
        "s3",
        "list_objects_v2",
        {"Bucket": "bucket", "Prefix": "uploads/"},
        "s3:ListBucket",
        "arn:aws:s3:::bucket",
    ),
    (
        "events",
        "put_events",
        {"Entries": [ENTRY]},
        "events:PutEvents",
        "arn:aws:events:us-east-1:123456789012:event-bus/default",
    ),
]


class Seen(Exception):
    """A request was seen, and goes no further."""


def environ_of(request: AWSPreparedRequest) -> dict[str, Any]:
    """Return a request as a web server hands it on."""
    url, body = urlsplit(request.url), request.body or b""
    content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
    headers = {f"HTTP_{k.upper().replace('-', '_')}": str(_text(v)) for k, v in request.headers.items()}
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": url.path,
        "QUERY_STRING": url.query,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
        **headers,
    }


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def read_call(service: str, operation: str, arguments: dict[str, Any]) -> IamRequest:
    """Return the permission that a call needs."""

    def stop(request: AWSPreparedRequest, **_: Any) -> None:
        raise Seen(read_iam_requests(environ_of(request)))

    sending = make_client(service, "http://127.0.0.1", "TickFunction")
    sending.meta.events.register("before-send", stop)
    with pytest.raises(Seen) as caught:
        getattr(sending, operation)(**arguments)
    ((request,),) = caught.value.args
    assert isinstance(request, IamRequest)
    return request


@pytest.mark.parametrize(("service", "operation", "arguments", "action", "resource"), CALLS)
def test_iam_request_is_read_from_a_call(
    service: str, operation: str, arguments: dict[str, Any], action: str, resource: str
) -> None:
    request = read_call(service, operation, arguments)
    assert (request.action, request.resource) == (action, resource)


ROW_CALLS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("get_item", {"Key": KEY}, {"dynamodb:LeadingKeys": "1"}),
    ("put_item", {"Item": KEY}, {"dynamodb:LeadingKeys": "1"}),
    ("delete_item", {"Key": KEY}, {"dynamodb:LeadingKeys": "1"}),
    ("scan", {}, {}),
]


@pytest.mark.parametrize(("operation", "arguments", "context"), ROW_CALLS)
def test_key_of_a_row_is_a_condition_key(
    operation: str, arguments: dict[str, Any], context: dict[str, str]
) -> None:
    assert read_call("dynamodb", operation, {"TableName": "jobs", **arguments}).context == context


def test_copy_needs_the_right_to_read_its_source() -> None:
    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/bucket/uploads/1/all", "QUERY_STRING": "uploadId=x"}
    requests = read_iam_requests({**environ, "HTTP_X_AMZ_COPY_SOURCE": "bucket/uploads/1/a%20part"})
    assert [(each.action, each.resource) for each in requests] == [
        ("s3:PutObject", "arn:aws:s3:::bucket/uploads/1/all"),
        ("s3:GetObject", "arn:aws:s3:::bucket/uploads/1/a part"),
    ]


def test_transaction_needs_the_right_of_each_of_its_writes() -> None:
    writes = [{"Update": {"TableName": "jobs", "Key": KEY}}, {"Put": {"TableName": "items", "Item": KEY}}]
    body = json.dumps({"TransactItems": [*writes, {"Delete": {"TableName": "items", "Key": KEY}}]}).encode()
    target = {"HTTP_X_AMZ_TARGET": "DynamoDB_20120810.TransactWriteItems", "CONTENT_LENGTH": str(len(body))}
    requests = read_iam_requests({**target, "wsgi.input": io.BytesIO(body)})
    items = TABLE.replace("jobs", "items")
    assert [(each.action, each.resource) for each in requests] == [
        ("dynamodb:UpdateItem", TABLE),
        ("dynamodb:PutItem", items),
        ("dynamodb:DeleteItem", items),
    ]


def test_object_with_tags_needs_two_permissions() -> None:
    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/b/k", "HTTP_X_AMZ_TAGGING": "state=unfinished"}
    assert [each.action for each in read_iam_requests(environ)] == ["s3:PutObject", "s3:PutObjectTagging"]


OBJECTS = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b/jobs/*/inputs.json"}
LISTING = {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::b",
    "Condition": {"StringLike": {"s3:prefix": "uploads/*"}},
}
ROWS = {
    "Effect": "Allow",
    "Action": "dynamodb:GetItem",
    "Resource": TABLE,
    "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["KEYS", "USER#*"]}},
}
REQUESTS = [
    (ROWS, IamRequest("dynamodb:GetItem", TABLE, {"dynamodb:LeadingKeys": "USER#ana"}), True),
    (ROWS, IamRequest("dynamodb:GetItem", TABLE, {"dynamodb:LeadingKeys": "PASSWORD#ana"}), False),
    (ROWS, IamRequest("dynamodb:GetItem", TABLE, {}), True),  # for all of none: AWS allows it too
    (OBJECTS, IamRequest("s3:GetObject", "arn:aws:s3:::b/jobs/1/inputs.json", {}), True),
    (OBJECTS, IamRequest("s3:PutObject", "arn:aws:s3:::b/jobs/1/inputs.json", {}), False),
    (OBJECTS, IamRequest("s3:GetObject", "arn:aws:s3:::b/jobs/1/inputs.json.gz", {}), False),
    (OBJECTS, IamRequest("s3:GetObject", "arn:aws:s3:::c/jobs/1/inputs.json", {}), False),
    (LISTING, IamRequest("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "uploads/1"}), True),
    (LISTING, IamRequest("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "jobs/"}), False),
    (LISTING, IamRequest("s3:ListBucket", "arn:aws:s3:::b", {}), False),
    (
        {**OBJECTS, "Effect": "Deny"},
        IamRequest("s3:GetObject", "arn:aws:s3:::b/jobs/1/inputs.json", {}),
        False,
    ),
    (
        {**LISTING, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        IamRequest("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "uploads/1"}),
        False,
    ),
]


@pytest.mark.parametrize(("statement", "wanted", "allowed"), REQUESTS)
def test_statement_allows(statement: dict[str, Any], wanted: IamRequest, allowed: bool) -> None:
    assert is_allowed(wanted, [statement]) is allowed


def test_embedded_aws_refuses_calls_without_a_permission(running: Running) -> None:
    bucket = make_client("s3", running.cloud.endpoint).list_buckets()["Buckets"][0]["Name"]
    place = {"Bucket": bucket, "Key": "ticks/by-hand"}
    function, developer = (
        make_client("s3", running.cloud.endpoint, "TickFunction"),
        make_client("s3", running.cloud.endpoint),
    )
    function.put_object(**place)
    for refused in (
        lambda: function.get_object(**place),
        lambda: function.put_object(Bucket=bucket, Key="elsewhere"),
        lambda: make_client("sqs", running.cloud.endpoint, "TickFunction").list_queues(),
        lambda: make_client("dynamodb", running.cloud.endpoint, "EchoFunction").get_item(
            TableName="t", Key=KEY
        ),
    ):
        assert "AccessDenied" in code_of(refused)
    assert developer.get_object(**place)["ContentLength"] == 0


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def test_presigned_url_has_the_permissions_of_its_signer(running: Running) -> None:
    import urllib3

    bucket = make_client("s3", running.cloud.endpoint).list_buckets()["Buckets"][0]["Name"]
    make_client("s3", running.cloud.endpoint).put_object(Bucket=bucket, Key="ticks/signed")
    statuses = [
        urllib3.request(
            "GET",
            make_client("s3", running.cloud.endpoint, signer).generate_presigned_url(
                "get_object", Params={"Bucket": bucket, "Key": "ticks/signed"}
            ),
        ).status
        for signer in ("local", "TickFunction")
    ]
    assert statuses == [200, 403]
