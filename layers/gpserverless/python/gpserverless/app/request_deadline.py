"""How long a caller who waits may be kept waiting: the gateway gives up, and then nobody hears the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import DeadlinePassed

GATEWAY_MS = 30_000
"""How long an HTTP API waits, and cannot be told otherwise
(docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)."""

MARGIN_MS = 1_500
"""Kept for stopping what runs, and for the way of the answer."""

RESERVE_MS = 2_000
"""Kept behind a tool's time for storing what it made."""

_BELIEVED_MS = 60_000


@dataclass(frozen=True)
class RequestDeadline:
    """The time of one answer: cold start, inputs, tool and storing together.

    Attributes:
        began: When the gateway took the request, in milliseconds since 1970-01-01 UTC.
        end: When the answer must be on its way, likewise.
        now: The time, likewise.
    """

    began: int
    end: int
    now: Callable[[], int]

    @classmethod
    def of(cls, event: Mapping[str, Any], remaining_ms: int, now: Callable[[], int]) -> RequestDeadline:
        """Return the allowance of a request.

        Args:
            event: The gateway's event. A time that it does not give, or that lies ahead or more than a minute
                back, counts as now: it is a recorded event, or another clock.
            remaining_ms: How long the function may still take; 0 or less counts as over.
            now: The time in milliseconds since 1970-01-01 UTC.
        """
        arrived = now()
        context = event.get("requestContext") or {}
        taken = context.get("timeEpoch") or context.get("requestTimeEpoch")  # payload 2.0 or 1.0
        began = taken if isinstance(taken, int) and 0 <= arrived - taken <= _BELIEVED_MS else arrived
        return cls(began, min(began + GATEWAY_MS, arrived + remaining_ms) - MARGIN_MS, now)

    def check(self) -> None:
        """Return if there is time left.

        Raises:
            DeadlinePassed: There is none.
        """
        if self.now() >= self.end:
            raise self.passed()

    def seconds_for_tool(self, most: float) -> float:
        """Return how long a tool may run, so that there is time left for storing what it makes.

        Args:
            most: How long it may run at most, in seconds.

        Raises:
            DeadlinePassed: There is no time for it.
        """
        left = self.end - RESERVE_MS - self.now()
        if left <= 0:
            raise self.passed()
        return min(most, left / 1000)

    def passed(self) -> DeadlinePassed:
        """Return the error that tells a caller what to do instead."""
        seconds = (self.now() - self.began) / 1000
        return DeadlinePassed(
            f"The task was stopped after {seconds:.1f} s, since nobody can wait for longer than that. "
            "Submit it as a job, which needs an asynchronous service."
        )
