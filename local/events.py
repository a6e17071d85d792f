"""The events that API Gateway builds from requests, and the responses that it makes of answers.

Payload format 2.0 of an HTTP API
(docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
Two facts are seen on AWS alone: the path arrives decoded and ends at a decoded `?`, and forms arrive in
base64.
"""

from __future__ import annotations

import binascii
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
import pybase64

from local.resolver import ACCOUNT
from local.routes import RouteMatch

_TEXT_TYPES = (
    "text/",
    "application/json",
    "application/javascript",
    "application/xml",
    "application/vnd.api+json",
)
_OWN_HEADERS = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came over the wire.

    Args:
        method: Upper-case method.
        path: The path, still encoded.
        query: The query string, still encoded.
        headers: Lower-case names and values, in order.
        body: The body.
        source_ip: The caller's address.
        host: `host:port` of this server; never the caller's header `Host`.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str
    host: str

    @property
    def decoded_path(self) -> str:
        """The path as routes and functions see it."""
        return unquote(self.path).split("?", 1)[0]


@dataclass(frozen=True)
class HttpResponse:
    """An answer as it goes over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def build_http_event(
    request: HttpRequest, match: RouteMatch, *, request_id: str = "", at: float | None = None
) -> dict[str, Any]:
    """Build the event of a request in payload format 2.0.

    Args:
        request: The request.
        match: Its route.
        request_id: Its id; a new one if empty.
        at: Its time in seconds since 1970; now if not given.
    """
    headers = _join_values(request.headers)
    cookies = [pair for pair in headers.pop("cookie", "").split("; ") if pair]
    event = {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": request.decoded_path,
        "rawQueryString": request.query,
        "cookies": cookies,
        "headers": headers,
        "queryStringParameters": _join_values(parse_qsl(request.query, keep_blank_values=True)),
        "requestContext": _build_context(
            request,
            match,
            headers.get("user-agent", ""),
            request_id or uuid.uuid4().hex,
            time.time() if at is None else at,
        ),
        "pathParameters": match.variables,
        "isBase64Encoded": False,
    }
    for optional in ("cookies", "queryStringParameters", "pathParameters"):
        if not event[optional]:
            del event[optional]
    if request.body:
        event.update(_encode_body(request.body, headers.get("content-type", "")))
    return event


def _build_context(
    request: HttpRequest, match: RouteMatch, user_agent: str, request_id: str, at: float
) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": request.host,
        "domainPrefix": request.host.split(".", 1)[0],
        "http": {
            "method": request.method,
            "path": request.decoded_path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": user_agent,
        },
        "requestId": request_id,
        "routeKey": match.route.key,
        "stage": "$default",
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(at)),
        "timeEpoch": int(at * 1000),
    }


def parse_http_response(payload: bytes) -> HttpResponse:
    """Parse a function's answer into a response.

    An answer without `statusCode` is the body of a response with status 200.

    Args:
        payload: The answer in JSON.

    Raises:
        ValueError: The answer is no JSON, or one of its parts has the wrong type.
    """
    answer = orjson.loads(payload)
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = answer.encode() if isinstance(answer, str) else payload
        return HttpResponse(200, (("content-type", "application/json"),), body)
    headers = answer.get("headers") or {}
    content = answer.get("body") or ""
    if not isinstance(headers, dict) or not isinstance(content, str):
        raise ValueError("headers must be an object and body a string")
    try:
        body = (
            pybase64.b64decode(content, validate=True) if answer.get("isBase64Encoded") else content.encode()
        )
    except binascii.Error as error:
        raise ValueError(f"body: {error}") from error
    given = {name.lower(): _format_value(value) for name, value in headers.items()}
    if wrong := [name for name, value in given.items() if not (value.isascii() and value.isprintable())]:
        raise ValueError(f"header {wrong[0]} must be printable ASCII")
    kept = [(name, value) for name, value in given.items() if name not in _OWN_HEADERS]
    if "content-type" not in given and body:
        kept.append(("content-type", "text/plain;charset=UTF-8"))
    kept += [("set-cookie", cookie) for cookie in answer.get("cookies") or ()]
    return HttpResponse(int(answer["statusCode"]), tuple(kept), body)


def _join_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Join the values of one name by commas."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _encode_body(body: bytes, content_type: str) -> dict[str, Any]:
    if content_type.lower().startswith(_TEXT_TYPES):
        with suppress(UnicodeDecodeError):  # no text in spite of its type: passed on as bytes
            return {"body": body.decode(), "isBase64Encoded": False}
    return {"body": pybase64.b64encode(body).decode(), "isBase64Encoded": True}


def _format_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
