"""Faults of calls to AWS, injected into botocore by its own hooks.

The kinds are those of `dev.faults.fault_kinds`. A fault is named by its call and its kind: "claim lost",
"send down".
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from dev.faults.fault_kinds import FaultKind
from dev.faults.lab.scheduler import Crash, Process, Scheduler
from gpserverless.jobs.transitions import MOVES

_NOWHERE = "https://aws.test"
_CALLS = {"GetItem": "read", "Query": "due", "PutObject": "put", "GetObject": "get"}
_LATE_MS = 30_000

OnApplied = Callable[[Process, str, Mapping[str, Any]], None]
"""Called with the process, the name of its call and AWS's answer."""


class Injection:
    """Faults by chance, from one seed.

    Args:
        scheduler: Runs the processes that make the calls.
        chances: Probability of each fault by its name.
        seed: The seed of all chance.
        outage: When AWS does not answer: milliseconds from the start.

    Attributes:
        fired: Number of faults so far.
        random: The chance of the whole run.
    """

    def __init__(
        self, scheduler: Scheduler, chances: Mapping[str, float], seed: int, outage: tuple[int, int] = (0, 0)
    ) -> None:
        self.fired = 0
        self.random = random.Random(seed)
        self._scheduler = scheduler
        self._chances = chances
        self._outage = (scheduler.now + outage[0], scheduler.now + outage[1])
        self._on_applied: OnApplied = lambda process, call, answer: None

    def rolls(self, fault: str) -> bool:
        """Return whether a fault happens now, and count it."""
        happens = self.random.random() < self._chances.get(fault, 0)
        self.fired += happens
        return happens

    @contextmanager
    def call(self, call: str) -> Iterator[None]:
        """Inject faults around a call that does not go through botocore."""
        self._inject_before(call)
        yield
        self._inject_after(call)

    def hook_into(self, client: Any, on_applied: OnApplied) -> None:
        """Inject faults around every call of a client.

        Args:
            client: A client of botocore.
            on_applied: Called after every call that was applied, before its caller has the answer.
        """
        self._on_applied = on_applied
        client.meta.events.register("before-parameter-build", self._name_call)
        client.meta.events.register("before-call", self._before_call)
        client.meta.events.register_first("before-send", self._before_send)
        client.meta.events.register_last("before-send", self._after_send)
        client.meta.events.register_first("needs-retry", self._retry_at_once)
        client.meta.events.register("after-call", self._after_call)

    def _rolls(self, call: str, kind: FaultKind) -> bool:
        return self.rolls(f"{call} {kind}")

    def _name_call(self, params: Mapping[str, Any], model: Any, **more: Any) -> None:
        process = self._scheduler.current
        if process is None:
            return
        if model.name == "PutItem" and not params["Item"]["pk"]["S"].startswith("j"):
            process.call = "reserve"
        elif model.name == "PutItem":
            process.call, process.job_id = "create", params["Item"]["pk"]["S"]
        elif model.name == "UpdateItem":
            process.call = _find_move(process.role, params["ExpressionAttributeValues"])
            process.job_id = params["Key"]["pk"]["S"]
        else:
            process.call = f"{process.role} {_CALLS[model.name]}"

    def _before_call(self, **more: Any) -> None:
        if (process := self._scheduler.current) is not None:
            self._inject_before(process.call)
            process.resend, process.resent = self._rolls(process.call, FaultKind.AGAIN), False

    def _inject_before(self, call: str) -> None:
        self._scheduler.sleep(self.random.randint(2, 20))
        if self._outage[0] <= self._scheduler.now < self._outage[1]:
            self.fired += 1
            raise EndpointConnectionError(endpoint_url=_NOWHERE)
        if self._rolls(call, FaultKind.DIES_BEFORE):
            raise Crash(call)
        if self._rolls(call, FaultKind.LATE):
            self._scheduler.sleep(_LATE_MS)
        if self._rolls(call, FaultKind.DOWN):
            raise EndpointConnectionError(endpoint_url=_NOWHERE)
        if self._rolls(call, FaultKind.REFUSED):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "KMS"}}, call)

    def _before_send(self, **more: Any) -> None:
        process = self._scheduler.current
        if process is not None and self._rolls(process.call, FaultKind.STALE):
            raise ConnectionClosedError(endpoint_url=_NOWHERE)

    def _after_send(self, **more: Any) -> None:
        process = self._scheduler.current
        if process is not None and process.resend:
            process.resend, process.resent = False, True
            raise ConnectionClosedError(endpoint_url=_NOWHERE)

    def _retry_at_once(self, caught_exception: Exception | None = None, **more: Any) -> int | None:
        return 0 if isinstance(caught_exception, ConnectionClosedError) else None

    def _after_call(self, http_response: Any, parsed: Mapping[str, Any], **more: Any) -> None:
        process = self._scheduler.current
        if process is None:
            return
        if "Item" in parsed and http_response.status_code >= 300 and process.resent:
            parsed = {"Attributes": parsed["Item"]}  # written by the first of the two calls
        elif http_response.status_code >= 300:
            return
        self._on_applied(process, process.call, parsed)
        if "Items" in parsed:
            parsed["Items"][:] = [item for item in parsed["Items"] if not self.rolls("due behind")]
        self._inject_after(process.call)

    def _inject_after(self, call: str) -> None:
        self._scheduler.sleep(self.random.randint(1, 10))
        if self._rolls(call, FaultKind.DIES_AFTER):
            raise Crash(call)
        if self._rolls(call, FaultKind.LOST):
            raise ConnectionClosedError(endpoint_url=_NOWHERE)


def _find_move(role: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """Return the name of the move that an update makes, by its writer, its target and its sources."""
    target = values.get(":status", {}).get("S")
    sources = {value["S"] for name, value in values.items() if name.startswith(":source")}
    fitting = [move for move in MOVES if move.writer == role and move.target == target]
    exact = [move for move in fitting if sources == set(move.sources)]
    return (exact or fitting)[0].name
