"""The rig of the sandbox's tests: a runner for one tool, and a watcher that remembers."""

from __future__ import annotations

import json
from typing import Any

from gpserverless.errors import Cancelled
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Message, NullWatcher
from gpserverless.toolkit.spec import ServiceSpec
from gpserverless.toolkit.tool import Tool
from gpserverless.toolkit.toolboxes import Toolbox
from tests.patience import LONG


class Listener(NullWatcher):
    """Keeps the reports of a run, and cancels it after so many of them.

    Args:
        cancel_at: After how many; None for never.
    """

    def __init__(self, cancel_at: int | None = None) -> None:
        self.messages: list[Message] = []
        self.percents: list[int | None] = []
        self.cancel_at = cancel_at

    def message(self, message: Message) -> None:
        self.messages.append(message)

    def progress(self, text: str, percent: int | None) -> None:
        self.percents.append(percent)

    def check_cancelled(self) -> None:
        reports = len(self.percents) + len(self.messages)
        if self.cancel_at is not None and reports >= self.cancel_at:
            raise Cancelled


def runner_of(**tools: Tool[..., Any]) -> Runner:
    """Return a runner for a service Test whose tasks have the given names."""
    spec = ServiceSpec("Test", "", "sync", Limits.sync(), tuple(tool.spec for tool in tools.values()))
    return Runner([Toolbox(spec, tools)])


def value_of(runner: Runner, task: str, listener: Listener | None = None, **values: str | list[str]) -> Any:
    """Run a task that has one output, and return its value."""
    (output,) = runner(Call("Test", task, values), listener or Listener(), LONG).outputs
    assert isinstance(output.body, bytes)
    return json.loads(output.body)["value"]
