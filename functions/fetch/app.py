"""Fetches inputs from other servers."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.fetch import FetchFunction
from gpserverless.app.logs import log_request_ids

inputs = FetchFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one event of a function that runs tools."""
    return inputs.handle(event, context.get_remaining_time_in_millis())
