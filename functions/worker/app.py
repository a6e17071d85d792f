"""Works on the jobs that the queue names."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.worker import WorkerFunction

worker = WorkerFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one event of the queue."""
    return worker.handle(event, context.get_remaining_time_in_millis())
