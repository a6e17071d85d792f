"""Runs a tool while the caller waits."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.execute import ExecuteFunction
from gpserverless.app.logs import log_request_ids

execute = ExecuteFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return execute.handle(event, context.get_remaining_time_in_millis())
