"""Announces the ends of jobs."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.announce import AnnounceFunction
from gpserverless.app.logs import log_request_ids

announcer = AnnounceFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event of the stream of the table of jobs."""
    return announcer.handle(event)
