"""Ends the jobs whose messages the queue has given up on."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.dead_letters import DeadLettersFunction
from gpserverless.app.logs import log_request_ids

dead_letters = DeadLettersFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event of the queue."""
    return dead_letters.handle(event)
