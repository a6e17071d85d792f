"""IAM of the embedded AWS: it refuses the requests that a function's policies do not allow.

A function of the local cloud signs with its own name as access key, so that every request and every presigned
URL names its signer. Other signers may do everything: the developer, and the local cloud itself.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from xml.sax.saxutils import escape, unescape

from local.policies import IamRequest, Policies, is_allowed
from local.resolver import ACCOUNT, REGION

_SIGNER = re.compile(r"(?:Credential|AWSAccessKeyId)=([^/%&\s]+)")
_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSEvents": "events",
    "AmazonSQS": "sqs",
    "DynamoDB_20120810": "dynamodb",
}
_VERBS = {"GET": "Get", "HEAD": "Get", "PUT": "Put", "POST": "Put", "DELETE": "Delete"}
_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)


class IamMiddleware:
    """A WSGI application in front of moto's.

    Args:
        application: Answers the requests that are allowed.

    Attributes:
        policies: Statements of the functions' policies, by logical id.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self.policies: Policies = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, or refuse it as AWS does."""
        signer = read_signer(environ)
        statements = self.policies.get(signer)
        if statements is None:
            return self._application(environ, start_response)
        requests = read_iam_requests(environ)
        if requests and all(is_allowed(each, statements) for each in requests):
            return self._application(environ, start_response)
        wanted = ", ".join(f"{each.action} on {each.resource}" for each in requests) or "an unknown action"
        return _refuse(f"{signer} is not authorized to perform: {wanted}", environ, start_response)


def read_signer(environ: WSGIEnvironment) -> str:
    """Read the access key that a request or a presigned URL is signed with, "" for none."""
    signer = _SIGNER.search(environ.get("HTTP_AUTHORIZATION", "") or environ.get("QUERY_STRING", ""))
    return signer[1] if signer else ""


def read_iam_requests(environ: WSGIEnvironment) -> list[IamRequest]:
    """Read the permissions that a request needs, one for each resource; none for an unknown call."""
    prefix, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
    if not operation:
        return _read_s3_request(environ)
    service = _TARGETS.get(prefix, "")
    body = json.loads(_read_body(environ) or b"{}")
    match service:
        case "dynamodb":
            return _read_dynamodb_requests(operation, body)
        case "cognito-idp":
            pool = _build_arn("cognito-idp", f"userpool/{body.get('UserPoolId', '')}")
            return [IamRequest(f"cognito-idp:{operation}", pool, {})]
        case "sqs":
            action = f"sqs:{operation.removesuffix('Batch')}"
            return [IamRequest(action, _build_arn("sqs", body.get("QueueUrl", "").rpartition("/")[2]), {})]
        case "events":
            entries = body.get("Entries") or [{}]
            bus = str(entries[0].get("EventBusName", "default")).rpartition("/")[2]
            sources = {str(entry.get("Source")) for entry in entries}
            context = {"events:source": sources.pop()} if len(sources) == 1 else {}
            return [IamRequest(f"events:{operation}", _build_arn("events", f"event-bus/{bus}"), context)]
    return []


def _read_dynamodb_requests(operation: str, body: Mapping[str, Any]) -> list[IamRequest]:
    """Return a request for the table or the index of a call, for each table of a batch, or for each write.

    A transaction needs the rights of its writes, and none of its own
    (docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html).
    """
    if operation == "TransactWriteItems":
        writes = [pair for item in body["TransactItems"] for pair in item.items()]
        return [each for kind, write in writes for each in _read_dynamodb_requests(f"{kind}Item", write)]
    index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
    tables = body.get("RequestItems") or [f"{body.get('TableName', '')}{index}"]
    action, key = f"dynamodb:{operation}", _read_key(body)
    return [IamRequest(action, _build_arn("dynamodb", f"table/{name}"), key) for name in tables]


def _read_key(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the condition key with the partition key of the one row that a call is about."""
    key = (body.get("Key") or body.get("Item") or {}).get("pk", {})
    return {"dynamodb:LeadingKeys": key["S"]} if "S" in key else {}


def _read_s3_request(environ: WSGIEnvironment) -> list[IamRequest]:
    bucket, _, key = unquote(environ.get("PATH_INFO", "")).lstrip("/").partition("/")
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    method = environ["REQUEST_METHOD"]
    if not key:
        return _read_bucket_requests(f"arn:aws:s3:::{bucket}", query, environ)
    verb = _VERBS.get(method, "Unknown")
    if "uploadId" in query and method in ("GET", "DELETE"):
        actions = ["s3:ListMultipartUploadParts" if method == "GET" else "s3:AbortMultipartUpload"]
    elif "tagging" in query:
        actions = [f"s3:{verb}ObjectTagging"]
    else:
        tagging = ["s3:PutObjectTagging"] if "HTTP_X_AMZ_TAGGING" in environ else []
        actions = [f"s3:{verb}Object", *tagging]
    source = unquote(environ.get("HTTP_X_AMZ_COPY_SOURCE", "")).lstrip("/")
    copied = [IamRequest("s3:GetObject", f"arn:aws:s3:::{source}", {})] if source else []
    return [*(IamRequest(action, f"arn:aws:s3:::{bucket}/{key}", {}) for action in actions), *copied]


def _read_bucket_requests(bucket: str, query: dict[str, str], environ: WSGIEnvironment) -> list[IamRequest]:
    if environ["REQUEST_METHOD"] == "POST" and "delete" in query:
        keys = _KEY.findall(_read_body(environ).decode())
        return [IamRequest("s3:DeleteObject", f"{bucket}/{unescape(key)}", {}) for key in keys]
    if environ["REQUEST_METHOD"] != "GET":
        return []
    action = "s3:ListBucketMultipartUploads" if "uploads" in query else "s3:ListBucket"
    return [IamRequest(action, bucket, {"s3:prefix": query["prefix"]} if "prefix" in query else {})]


def _read_body(environ: WSGIEnvironment) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _build_arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def _refuse(message: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ.get("HTTP_X_AMZ_TARGET"):
        status, kind = "400 Bad Request", "application/x-amz-json-1.0"
        body = json.dumps({"__type": "AccessDeniedException", "message": message}).encode()
    else:
        status, kind = "403 Forbidden", "application/xml"
        body = f"<Error><Code>AccessDenied</Code><Message>{escape(message)}</Message></Error>".encode()
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
