"""Run a tool as the services do, from raw values to wire form, in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from gpserverless.datatypes.references import LocalFile
from gpserverless.toolkit.call import Call, CallOptions
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Message, Run
from gpserverless.toolkit.toolboxes import Toolbox, discover

DATA = Path(__file__).parents[1] / "data"


class Listener:
    """A watcher that keeps the messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def message(self, message: Message) -> None:
        self.messages.append(message)

    def progress(self, text: str, percent: int | None) -> None:
        assert text

    def check_cancelled(self) -> None:
        return


@dataclass(frozen=True)
class ToolRun:
    """The outputs of one run of a tool, by name, its messages, and the files it made, by name."""

    values: dict[str, Any]
    messages: tuple[Message, ...] = field(default=())
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The texts of the warnings."""
        return [m.text for m in self.messages if m.kind == "warning"]


@cache
def toolbox(service: str) -> Toolbox:
    """Return a toolbox by the name of its service."""
    return next(box for box in discover() if box.spec.name == service)


def run_tool(
    service: str, task: str, values: Mapping[str, Any], options: CallOptions | None = None
) -> ToolRun:
    """Run a task; values that are neither text nor fetched are sent as JSON."""
    box, listener = toolbox(service), Listener()
    sent = (str, LocalFile)
    raw = {name: value if isinstance(value, sent) else json.dumps(value) for name, value in values.items()}
    call = Call(service, task, raw, options or CallOptions(), files_url="https://site/scratch/")
    with TemporaryDirectory() as folder:
        outputs = list(perform(box.tools[task], call, box.spec.limits, Run(listener), Path(folder)))
        found = {output.name: _value(output.body) for output in outputs}
        made = {name: path.read_bytes() for output in outputs for name, path in output.files.items()}
    return ToolRun(found, tuple(listener.messages), made)


def _value(body: bytes | Path) -> Any:
    """Return the value of an output; a large one is in a file."""
    return orjson.loads(body if isinstance(body, bytes) else body.read_bytes())["value"]


def data(name: str) -> str:
    """Return one of the files of real data."""
    return (DATA / f"{name}.json").read_text(encoding="utf-8")
