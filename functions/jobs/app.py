"""Takes jobs in, and answers for them until they expire."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.jobs import JobsFunction
from gpserverless.app.logs import log_request_ids

jobs = JobsFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the gateway."""
    return jobs.handle(event, context.get_remaining_time_in_millis())
