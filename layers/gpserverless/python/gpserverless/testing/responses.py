"""The answers of a test site."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

from gpserverless.toolkit.run import Message, MessageKind

_KIND_PREFIX = "esriJobMessageType"


@dataclass(frozen=True)
class SiteResponse:
    """One HTTP response.

    Attributes:
        status: HTTP status.
        headers: Headers by name in lower case.
        body: The bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> SiteResponse:
        """Read the answer of a function to the gateway.

        Args:
            payload: The payload for the gateway.
        """
        body = payload["body"].encode()
        if payload["isBase64Encoded"]:
            body = base64.b64decode(body)
        headers = {name.lower(): value for name, value in payload["headers"].items()}
        return cls(payload["statusCode"], headers, body)

    def json(self) -> Any:
        """Return the body read as JSON.

        Raises:
            ErrorAnswer: The body is an error envelope.
        """
        document = orjson.loads(self.body)
        if isinstance(document, dict) and "error" in document:
            error = document["error"]
            raise ErrorAnswer(error["code"], error["message"], tuple(error["details"]))
        return document


class ErrorAnswer(Exception):
    """The site answered with an error envelope.

    Args:
        code: Code of the error.
        message: Message of the error.
        details: Details of the error.
    """

    def __init__(self, code: int, message: str, details: tuple[str, ...]) -> None:
        super().__init__(" ".join((f"{code}: {message}", *details)))
        self.code = code
        self.message = message
        self.details = details


@dataclass(frozen=True)
class ExecuteAnswer:
    """The answer of `execute`.

    Attributes:
        values: Values of the outputs by parameter name, as JSON.
        messages: Messages of the run, oldest first.
    """

    values: Mapping[str, Any]
    messages: tuple[Message, ...]

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> ExecuteAnswer:
        """Read the answer of `execute`.

        Args:
            document: JSON of the answer.
        """
        values = {result["paramName"]: result["value"] for result in document["results"]}
        return cls(values, tuple(map(_read_message, document["messages"])))


def _read_message(document: Mapping[str, str]) -> Message:
    kind = document["type"].removeprefix(_KIND_PREFIX).lower()
    return Message(cast("MessageKind", kind), document["description"])
