"""Looks after jobs that nobody works on, every minute, and deletes jobs for operators."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import log_request_ids
from gpserverless.app.reaper import ReaperFunction

reaper = ReaperFunction.build(os.environ)


@log_request_ids
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the schedule, or an operator."""
    return reaper.handle(event, context.get_remaining_time_in_millis())
