"""Lambda's API for functions that invoke others: one call of it, Invoke, as an ASGI application.

docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. A function signs with its own name as access key, as it
does for the embedded AWS, and needs the permission; any other signer is the developer, who may do everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from local.environment import FunctionFailed
from local.functions import function_arn
from local.http_server import BodyTooLarge, ClientGone, Receive, Scope, Send, read_body
from local.policies import IamRequest, Policies, is_allowed
from local.resolver import STACK

MOST_PAYLOAD_BYTES = 6 * 2**20
"""Bytes of a payload, either way (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

_PATH = re.compile(rf"/2015-03-31/functions/{STACK}-(\w+)/invocations", re.ASCII)
_SIGNER = re.compile(rb"Credential=([^/,\s]+)")


class Functions(Protocol):
    """The functions that can be invoked."""

    @property
    def policies(self) -> Policies:
        """Statements of the functions' policies, by logical id."""

    async def invoke(self, function: str, payload: bytes) -> bytes:
        """Run a function."""


class InvokeError(Exception):
    """An answer of Lambda itself.

    Args:
        status: The HTTP status.
        kind: The name of the error.
        message: Its text.
    """

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


class InvokeApi:
    """Lambda's API in front of the local functions.

    Args:
        functions: The functions.
    """

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        try:
            name = self._find_function(scope)
            status, headers, body = await self._invoke(name, await _read_payload(receive))
        except ClientGone:
            return
        except InvokeError as error:
            status, headers = error.status, {"x-amzn-errortype": error.kind}
            body = orjson.dumps({"Type": "User", "Message": str(error)})
        await _send(send, status, headers, body)

    def _find_function(self, scope: Scope) -> str:
        """Return the function that a call is for; raise unless its signer may invoke it."""
        policies = self._functions.policies
        signer, name = read_invocation(scope)
        if name not in policies:
            raise InvokeError(404, "ResourceNotFoundException", f"Function not found: {scope['path']}")
        statements = policies.get(signer)
        if statements is not None and not is_allowed(invoke_request(name), statements):
            raise InvokeError(403, "AccessDeniedException", f"{signer} is not authorized to invoke {name}")
        return name

    async def _invoke(self, name: str, payload: bytes) -> tuple[int, dict[str, str], bytes]:
        try:
            answer = await self._functions.invoke(name, payload or b"null")
        except FunctionFailed as error:
            return 200, {"x-amz-function-error": "Unhandled"}, error.payload
        if len(answer) > MOST_PAYLOAD_BYTES:
            told = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": "over 6 MB"}
            return 200, {"x-amz-function-error": "Unhandled"}, orjson.dumps(told)
        return 200, {}, answer


def read_invocation(scope: Scope) -> tuple[str, str]:
    """Read who signs a call, and which function it is for; "" for what is not there.

    Args:
        scope: The call.
    """
    found = _PATH.fullmatch(scope["path"]) if scope["method"] == "POST" else None
    signer = _SIGNER.search(dict(scope["headers"]).get(b"authorization", b""))
    return signer[1].decode("latin-1") if signer else "", found[1] if found else ""


def invoke_request(function: str) -> IamRequest:
    """Return the permission that an invocation needs.

    Args:
        function: Logical id of the function.
    """
    return IamRequest("lambda:InvokeFunction", function_arn(function), {})


async def _read_payload(receive: Receive) -> bytes:
    try:
        return await read_body(receive, MOST_PAYLOAD_BYTES)
    except BodyTooLarge:
        raise InvokeError(413, "RequestTooLargeException", f"over {MOST_PAYLOAD_BYTES:,} bytes") from None


async def _send(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    every = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    start: dict[str, Any] = {"type": "http.response.start", "status": status}
    start["headers"] = [(name.encode(), value.encode()) for name, value in every.items()]
    await send(start)
    await send({"type": "http.response.body", "body": body})
