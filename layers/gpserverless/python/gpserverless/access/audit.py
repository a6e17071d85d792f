"""The audit log: who has done what, to which job or item, with which outcome, size and duration.

A line holds no value of a parameter, no name of a file, no message, no token and no address. The ids of the
request in it lead to the gateway's access log, which has the address.
"""

from __future__ import annotations

import logging

MESSAGE = "audit"
"""The message of every line of it."""

logger = logging.getLogger(__name__)


def audit(action: str, caller: str, **facts: str | float) -> None:
    """Write a line of the audit log. The log adds the service, the task and the job of the request.

    Args:
        action: Key of the route, or "end" of a job.
        caller: Name of the user, "" for anybody.
        **facts: `status`, `job`, `item`, `bytes_in`, `bytes_out`, `seconds`: those that are known.
    """
    logger.info(MESSAGE, extra={"action": action, "caller": caller, **facts})
