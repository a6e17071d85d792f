"""Looks after jobs that nobody works on, every minute."""

from __future__ import annotations

import os
from typing import Any

from gpserverless.app.logs import identified
from gpserverless.app.reaper import Reaper

reaper = Reaper.build(os.environ)


@identified
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Answer the schedule."""
    return reaper.handle(context.get_remaining_time_in_millis())
