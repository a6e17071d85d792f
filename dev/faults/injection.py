"""What goes wrong with calls to AWS, put into the client library itself by its own hooks.

A call can be refused before it is sent ("down"), applied without an answer ("lost"), sent twice by the
library because the first answer was lost ("again"), refused by a stale connection and sent again ("stale"),
or its caller can die before it ("dies before") or when it was applied ("dies after").
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from dev.faults.stage import Actor, Crash, Stage
from gpserverless.jobs.transitions import MOVES

_NOWHERE = "https://aws.test"
_POINTS = {"GetItem": "read", "Query": "due", "PutObject": "put", "GetObject": "get"}

Applied = Callable[[Actor, str, Mapping[str, Any]], None]


class Injection:
    """Faults by chance, from one seed.

    Args:
        stage: Where the calls are made.
        chances: Probability of each fault, by point and kind: "claim lost", "send down".
        seed: Of the chance.
        outage: Between which times, in milliseconds from the start, nothing answers.

    Attributes:
        fired: How many faults there were.
    """

    def __init__(
        self, stage: Stage, chances: Mapping[str, float], seed: int, outage: tuple[int, int] = (0, 0)
    ) -> None:
        self.fired = 0
        self.random = random.Random(seed)
        self._stage = stage
        self._chances = chances
        self._outage = (stage.now + outage[0], stage.now + outage[1])
        self._applied: Applied = lambda actor, point, parsed: None

    def rolls(self, fault: str) -> bool:
        """Return whether a fault happens now."""
        happens = self.random.random() < self._chances.get(fault, 0)
        self.fired += happens
        return happens

    @contextmanager
    def call(self, point: str) -> Iterator[None]:
        """Stand around a call that does not go through botocore."""
        self._before(point)
        yield
        self._after(point)

    def hook_into(self, client: Any, applied: Applied) -> None:
        """Stand around every call of a client.

        Args:
            client: A client of botocore.
            applied: Told of every call that was applied, before its caller is.
        """
        self._applied = applied
        client.meta.events.register("before-parameter-build", self._name_call)
        client.meta.events.register("before-call", self._before_call)
        client.meta.events.register_first("before-send", self._before_send)
        client.meta.events.register_last("before-send", self._after_send)
        client.meta.events.register_first("needs-retry", self._retry_at_once)
        client.meta.events.register("after-call", self._after_call)

    def _name_call(self, params: Mapping[str, Any], model: Any, **more: Any) -> None:
        actor = self._stage.current
        if actor is None:
            return
        if model.name == "PutItem" and not params["Item"]["pk"]["S"].startswith("j"):
            actor.point = "reserve"
        elif model.name == "PutItem":
            actor.point, actor.job_id = "create", params["Item"]["pk"]["S"]
        elif model.name == "UpdateItem":
            actor.point = _move_of(actor.role, params["ExpressionAttributeValues"])
            actor.job_id = params["Key"]["pk"]["S"]
        else:
            actor.point = f"{actor.role} {_POINTS[model.name]}"

    def _before_call(self, **more: Any) -> None:
        if (actor := self._stage.current) is not None:
            self._before(actor.point)
            actor.resend, actor.resent = self.rolls(f"{actor.point} again"), False

    def _before(self, point: str) -> None:
        self._stage.sleep(self.random.randint(2, 20))
        if self._outage[0] <= self._stage.now < self._outage[1]:
            self.fired += 1
            raise EndpointConnectionError(endpoint_url=_NOWHERE)
        if self.rolls(f"{point} dies before"):
            raise Crash(point)
        if self.rolls(f"{point} slow"):
            self._stage.sleep(30_000)
        if self.rolls(f"{point} down"):
            raise EndpointConnectionError(endpoint_url=_NOWHERE)
        if self.rolls(f"{point} denied"):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "KMS"}}, point)

    def _before_send(self, **more: Any) -> None:
        actor = self._stage.current
        if actor is not None and self.rolls(f"{actor.point} stale"):
            raise ConnectionClosedError(endpoint_url=_NOWHERE)

    def _after_send(self, **more: Any) -> None:
        actor = self._stage.current
        if actor is not None and actor.resend:
            actor.resend, actor.resent = False, True
            raise ConnectionClosedError(endpoint_url=_NOWHERE)

    def _retry_at_once(self, caught_exception: Exception | None = None, **more: Any) -> int | None:
        return 0 if isinstance(caught_exception, ConnectionClosedError) else None

    def _after_call(self, http_response: Any, parsed: Mapping[str, Any], **more: Any) -> None:
        actor = self._stage.current
        if actor is None:
            return
        if "Item" in parsed and http_response.status_code >= 300 and actor.resent:
            parsed = {"Attributes": parsed["Item"]}  # what the first of the two wrote
        elif http_response.status_code >= 300:
            return
        self._applied(actor, actor.point, parsed)
        if "Items" in parsed:
            kept = [item for item in parsed["Items"] if not self.rolls("due behind")]
            parsed["Items"][:] = kept
        self._after(actor.point)

    def _after(self, point: str) -> None:
        self._stage.sleep(self.random.randint(1, 10))
        if self.rolls(f"{point} dies after"):
            raise Crash(point)
        if self.rolls(f"{point} lost"):
            raise ConnectionClosedError(endpoint_url=_NOWHERE)


def _move_of(role: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """Return the name of the move that an update makes, by who makes it and where it leads."""
    target = values.get(":status", {}).get("S")
    sources = {value["S"] for name, value in values.items() if name.startswith(":source")}
    fitting = [move for move in MOVES if move.writer == role and move.target == target]
    exact = [move for move in fitting if sources == set(move.sources)]
    return (exact or fitting)[0].name
