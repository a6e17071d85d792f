"""A task of the project in this process: breakpoints work, and nothing is forked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import orjson

from gpserverless.cli.local_site import LocalSite
from gpserverless.cli.run_outputs import RunOutput
from gpserverless.cli.run_places import TaskCall, copy_file
from gpserverless.cli.run_report import RunReport
from gpserverless.cli.site_client import Describing
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import CommandError, InvalidParameter, ToolCrashed, ToolError
from gpserverless.testing.runner import InProcessRunner
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.mistakes import format_trace
from gpserverless.toolkit.run import Message

_FOREVER = 1e9


class _TerminalWatcher:
    """Shows the reports of a run; Ctrl-C ends it."""

    def __init__(self, report: RunReport) -> None:
        self._report = report

    def message(self, message: Message) -> None:
        """Show a message."""
        self._report.say(message.kind, message.text)

    def progress(self, text: str, percent: int | None) -> None:
        """Show the progress."""
        self._report.progress(text, percent)

    def check_cancelled(self) -> None:
        """Raise nothing."""


class LocalPlace:
    """This process.

    Args:
        site: The toolboxes of the project.
    """

    def __init__(self, site: Describing) -> None:
        self._runner = InProcessRunner(cast("LocalSite", site).toolboxes)
        self._files: Mapping[str, Path] = {}

    def send_file(self, path: Path, service: str) -> Any:
        """Return the file itself."""
        return LocalFile(path)

    def run(self, call: TaskCall) -> list[RunOutput]:
        """Run the tool."""
        logging.getLogger("gpserverless").handlers = [logging.NullHandler()]  # the trace is printed below
        values = {
            name: value if isinstance(value, (str, LocalFile)) else _write_list(name, value)
            for name, value in call.values.items()
        }
        with RunReport() as report, report.giving_way():
            try:
                done = self._runner(Call(call.service, call.task, values), _TerminalWatcher(report), _FOREVER)
            except InvalidParameter as error:
                raise CommandError(" ".join(error.details) or str(error)) from None
            except ToolCrashed as error:
                trace = format_trace(error.__cause__ or error)
                raise ToolError(f"the tool failed because of an error in it:\n{trace}") from None
        self._files = {name: path for output in done.outputs for name, path in output.files.items()}
        return [_read_output(output) for output in done.outputs]

    def take_file(self, output: RunOutput, path: Path) -> None:
        """Copy the file."""
        url = output.value.get("url") if isinstance(output.value, dict) else None
        source = next((each for name, each in self._files.items() if str(url).endswith(name)), None)
        if source is None:
            raise CommandError(f"the output '{output.name}' is no file")
        copy_file(source, path)


def _write_list(name: str, value: Any) -> Any:
    if isinstance(value, list) and any(isinstance(each, LocalFile) for each in value):
        return value  # a fetched value may stand in a list
    return orjson.dumps(value).decode()


def _read_output(output: Output) -> RunOutput:
    body = output.body if isinstance(output.body, bytes) else output.body.read_bytes()
    return RunOutput.from_json(orjson.loads(body))
