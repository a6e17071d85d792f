"""Asks before the embedded AWS answers: may this function do that?

A function of the local cloud signs with its own name as access key, so each request says who sends it, and a
presigned URL says who signed it. Whoever is not a function may do everything: the developer, and the local
cloud itself.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from xml.sax.saxutils import escape, unescape

from local.policies import Asked, Policies, is_allowed
from local.resolver import ACCOUNT, REGION

_SIGNER = re.compile(r"(?:Credential|AWSAccessKeyId)=([^/%&\s]+)")
_TARGETS = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs", "AWSEvents": "events"}
_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)


class IamMiddleware:
    """A WSGI application in front of moto's.

    Args:
        application: What answers those who may ask.

    Attributes:
        policies: What each function may do, by its logical id.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self.policies: Policies = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, or refuse it as AWS does."""
        signer = _SIGNER.search(environ.get("HTTP_AUTHORIZATION", "") or environ.get("QUERY_STRING", ""))
        statements = self.policies.get(signer[1]) if signer else None
        if statements is None:
            return self._application(environ, start_response)
        asked = what_is_asked(environ)
        if asked and all(is_allowed(one, statements) for one in asked):
            return self._application(environ, start_response)
        wanted = ", ".join(f"{one.action} on {one.resource}" for one in asked) or "what nobody here knows"
        name = signer[1] if signer else ""
        return _refuse(f"{name} is not authorized to perform: {wanted}", environ, start_response)


def what_is_asked(environ: WSGIEnvironment) -> list[Asked]:
    """Return what a request wants, for each thing it is about; nothing if it is no call known here."""
    prefix, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
    if not operation:
        return _asked_of_s3(environ)
    service = _TARGETS.get(prefix, "")
    body = json.loads(_body(environ) or b"{}")
    match service:
        case "dynamodb":
            index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
            table = f"table/{body.get('TableName', '')}{index}"
            return [Asked(f"dynamodb:{operation}", _arn("dynamodb", table), {})]
        case "sqs":
            action = f"sqs:{operation.removesuffix('Batch')}"
            return [Asked(action, _arn("sqs", body.get("QueueUrl", "").rpartition("/")[2]), {})]
        case "events":
            entries = body.get("Entries") or [{}]
            bus = str(entries[0].get("EventBusName", "default")).rpartition("/")[2]
            sources = {str(entry.get("Source")) for entry in entries}
            context = {"events:source": sources.pop()} if len(sources) == 1 else {}
            return [Asked(f"events:{operation}", _arn("events", f"event-bus/{bus}"), context)]
    return []


def _asked_of_s3(environ: WSGIEnvironment) -> list[Asked]:
    bucket, _, key = unquote(environ.get("PATH_INFO", "")).lstrip("/").partition("/")
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    method = environ["REQUEST_METHOD"]
    if not key:
        return _asked_of_bucket(f"arn:aws:s3:::{bucket}", query, environ)
    if "uploadId" in query and method in ("GET", "DELETE"):
        action = "s3:ListMultipartUploadParts" if method == "GET" else "s3:AbortMultipartUpload"
    else:
        actions = {"GET": "Get", "HEAD": "Get", "PUT": "Put", "POST": "Put", "DELETE": "Delete"}
        action = f"s3:{actions.get(method, 'Unknown')}Object"
    return [Asked(action, f"arn:aws:s3:::{bucket}/{key}", {})]


def _asked_of_bucket(bucket: str, query: dict[str, str], environ: WSGIEnvironment) -> list[Asked]:
    if environ["REQUEST_METHOD"] == "POST" and "delete" in query:
        keys = _KEY.findall(_body(environ).decode())
        return [Asked("s3:DeleteObject", f"{bucket}/{unescape(key)}", {}) for key in keys]
    if environ["REQUEST_METHOD"] != "GET":
        return []
    action = "s3:ListBucketMultipartUploads" if "uploads" in query else "s3:ListBucket"
    return [Asked(action, bucket, {"s3:prefix": query["prefix"]} if "prefix" in query else {})]


def _body(environ: WSGIEnvironment) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _arn(service: str, rest: str) -> str:
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
