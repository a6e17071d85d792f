"""Answers for result services: features of hosted services, and maps of jobs."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.layers import LayersFunction
from gpserverless.app.logs import log_request_ids

layers = LayersFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return layers.handle(event, context.get_remaining_time_in_millis())
