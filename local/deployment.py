"""One reading of the template, running: its functions, routes, queues, streams and schedules."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import orjson

from local.crashes import CrashReader
from local.environment import FunctionFailed
from local.functions import Function
from local.options import ServeOptions
from local.pool import Pool
from local.queues import QueuePoller
from local.resources import make_client
from local.routes import RouteMatch, RouteTable
from local.schedules import run_schedule
from local.stack import make_stack
from local.streams import StreamPoller
from local.template import Template

_IDLE_SECONDS = 300.0


class Deployment:
    """The stack of a template on this machine.

    Making it makes its resources; nothing runs before `start`.

    Args:
        template: The template.
        parameters: Values of its parameters.
        endpoint: URL of the AWS.
        options: The options of serving it.
        positions: Sequence number of the last record of each stream, by trigger; kept up to date.

    Attributes:
        variables: The environment variables of all functions together.
        policies: Statements of the functions' policies, by logical id.
        mistake: A mistake in the toolboxes that has been shown already; functions that fail for it are not.

    Raises:
        TemplateError: The template cannot be served.
    """

    def __init__(
        self,
        template: Template,
        parameters: Mapping[str, str],
        endpoint: str,
        options: ServeOptions,
        positions: dict[str, str],
    ) -> None:
        stack = make_stack(template, parameters, endpoint, options.variables)
        functions = stack.functions
        self.variables = {key: value for each in functions.values() for key, value in each.variables.items()}
        self.policies = stack.policies
        self.mistake = ""
        self._terminal = options.terminal
        self._routes = RouteTable(stack.routes)
        self._schedules = stack.schedules
        self._pools = {name: Pool(each, options.logs, self._report) for name, each in functions.items()}
        self._crashes = {name: CrashReader(options.logs / f"{name}.log") for name in functions}
        sqs: Any = make_client("sqs", endpoint)
        streams: Any = make_client("dynamodbstreams", endpoint)
        self._pollers: list[QueuePoller | StreamPoller] = [
            *(QueuePoller(trigger, sqs, self.invoke) for trigger in stack.queue_triggers),
            *(
                StreamPoller(trigger, streams, sqs, self.invoke, positions)
                for trigger in stack.stream_triggers
            ),
        ]
        self._polling: list[asyncio.Task[None]] = []
        self._turning: list[asyncio.Task[None]] = []

    @property
    def functions(self) -> frozenset[str]:
        """Names of all functions."""
        return frozenset(self._pools)

    @property
    def used(self) -> frozenset[str]:
        """Names of the functions that have been invoked."""
        return frozenset(name for name, pool in self._pools.items() if pool.is_used)

    def start(self, *, warm: Collection[str], minute: float) -> None:
        """Poll the queues and streams, and turn the schedules.

        Args:
            warm: Names of the functions of which one environment is started at once.
            minute: The length of a schedule's minute in seconds.
        """
        self._polling = [asyncio.create_task(poller.run()) for poller in self._pollers]
        self._turning = [
            asyncio.create_task(run_schedule(schedule, self.invoke, minute)) for schedule in self._schedules
        ]
        self._turning.append(asyncio.create_task(self._reap()))
        for name in self.functions.intersection(warm):
            self._pools[name].warm()

    def match(self, method: str, path: str) -> RouteMatch | None:
        """Return the route for a request, if there is one."""
        return self._routes.match(method, path)

    async def invoke(self, function: str, payload: bytes) -> bytes:
        """Run a function.

        Raises:
            FunctionFailed: It gave no answer; this has been reported.
        """
        try:
            return await self._pools[function].invoke(payload)
        finally:
            for crash in self._crashes[function].read():
                self._terminal.write_crash(crash)

    async def retire(self) -> None:
        """Take nothing new, and end after the last invocation."""
        self._stop_triggers()
        await asyncio.gather(*self._polling)
        await asyncio.gather(*(pool.retire() for pool in self._pools.values()))

    async def kill(self) -> None:
        """End everything now."""
        self._stop_triggers()
        await asyncio.gather(*(pool.kill() for pool in self._pools.values()))
        for task in self._polling:
            task.cancel()
        await asyncio.gather(*self._polling, *self._turning, return_exceptions=True)

    def _stop_triggers(self) -> None:
        for poller in self._pollers:
            poller.stop()
        for task in self._turning:
            task.cancel()

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(_IDLE_SECONDS / 10)
            for pool in self._pools.values():
                await pool.reap(_IDLE_SECONDS)

    def _report(self, function: Function, error: FunctionFailed) -> None:
        try:
            told = orjson.loads(error.payload)
            text = f"{told['errorType']}: {told['errorMessage']}"
        except (KeyError, TypeError, ValueError):
            text = error.payload.decode(errors="replace")
        line = " ".join(text.split())
        if not self.mistake or " ".join(self.mistake.split()) not in line:
            self._terminal.write_failure(function.name, line)
