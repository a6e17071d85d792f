"""Requests that another function of the site answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from gpserverless.errors import StorageError
from gpserverless.storage.failures import storage_errors


class RemoteFunction:
    """Hands events of the gateway to another function behind it.

    Args:
        client: Client of Lambda.
        function: Name of the function.
    """

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the gateway's payload of the other function.

        Args:
            event: A Lambda event of an HTTP request.

        Raises:
            StorageError: The function failed, or cannot be reached.
        """
        with storage_errors("call another function"):
            told = self._client.invoke(FunctionName=self._function, Payload=orjson.dumps(event))
            payload = orjson.loads(told["Payload"].read())
        if "FunctionError" in told or not isinstance(payload, dict):
            kind = payload.get("errorType") if isinstance(payload, dict) else type(payload).__name__
            raise StorageError(f"could not call another function: {kind}")
        return payload
