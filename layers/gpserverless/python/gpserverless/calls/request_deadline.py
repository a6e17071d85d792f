"""The deadline of a request: the gateway gives up, and then nobody receives the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.cancellation import Deadline
from gpserverless.errors import DeadlinePassed

GATEWAY_MS = 30_000
"""Timeout of an HTTP API, which is fixed
(docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)."""

MARGIN_MS = 1_500
"""Time for stopping the run, and for the way of the answer."""

RESERVE_MS = 2_000
"""Time behind a tool's for storing its outputs."""

_BELIEVED_MS = 60_000  # an older time is not of this request


@dataclass(frozen=True)
class RequestDeadline:
    """The time of one answer: cold start, inputs, tool and storing together.

    Attributes:
        began: Arrival of the request at the gateway, in milliseconds since 1970-01-01 UTC.
        end: Latest departure of the answer, likewise.
        now: The time, likewise.
    """

    began: int
    end: int
    now: Callable[[], int]

    @classmethod
    def of(cls, event: Mapping[str, Any], remaining_ms: int, now: Callable[[], int]) -> RequestDeadline:
        """Return the deadline of a request.

        Args:
            event: The gateway's event. A time that it does not give, or that lies ahead or more than a minute
                back, counts as now: it is a recorded event, or another clock.
            remaining_ms: Time that is left to the function; 0 or less counts as over.
            now: The time in milliseconds since 1970-01-01 UTC.
        """
        arrived = now()
        context = event.get("requestContext") or {}
        taken = context.get("timeEpoch") or context.get("requestTimeEpoch")  # payload 2.0 or 1.0
        began = taken if isinstance(taken, int) and 0 <= arrived - taken <= _BELIEVED_MS else arrived
        return cls(began, min(began + GATEWAY_MS, arrived + remaining_ms) - MARGIN_MS, now)

    def check(self) -> None:
        """Raise unless there is time left.

        Raises:
            DeadlinePassed: There is none.
        """
        if self.now() >= self.end:
            raise self.timeout_error()

    def seconds_for_tool(self, most: float) -> float:
        """Return the longest run of a tool in seconds, so that there is time left for storing its outputs.

        Args:
            most: Its longest run in any case, in seconds.

        Raises:
            DeadlinePassed: There is no time for it.
        """
        left = self.end - RESERVE_MS - self.now()
        if left <= 0:
            raise self.timeout_error()
        return min(most, left / 1000)

    @property
    def seconds_left(self) -> float:
        """Seconds until the answer has to depart, 0 or more."""
        return max(0.0, (self.end - self.now()) / 1000)

    @property
    def deadline(self) -> Deadline:
        """The same end, for work that looks from time to time whether it may go on."""
        return Deadline(lambda: None).at_most(self.seconds_left)

    def timeout_error(self) -> DeadlinePassed:
        """Return the error of a passed deadline; it advises a job."""
        seconds = max(0, self.now() - self.began) / 1000
        return DeadlinePassed(
            f"The task was stopped after {seconds:.1f} s, since nobody can wait for longer than that. "
            "Submit it as a job, which needs an asynchronous service."
        )
