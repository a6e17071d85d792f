"""Tasks run as the worker runs them: each in a child with the memory of a deployment."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import RequestError, RunError
from gpserverless.sandbox.runner import Runner
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.toolboxes import discover
from gpserverless.uploads.item import UploadRules
from tests.tools.tool_run import Listener

DATA = Path(__file__).parent / "data"
MEMORY = (3008 - 400) * 2**20
"""Bytes for a tool in a worker of the template's size."""


@dataclass(frozen=True)
class Outcome:
    """What a task answered: the outputs of a success or the sentence of a failure, and its warnings."""

    outputs: dict[str, Any]
    failure: str
    warnings: list[str]

    @property
    def features(self) -> dict[str, Any]:
        """The first output that holds features, as Esri JSON."""
        return next(v for v in self.outputs.values() if isinstance(v, dict) and "features" in v)


class FieldSite:
    """The tools, and the files that callers have uploaded and downloaded.

    Args:
        folder: An empty folder for these files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runner = Runner(discover(), MEMORY)

    def perform(self, case: Mapping[str, Any]) -> Outcome:
        """Run a case, and those that follow; return the last outcome, or the first failure."""
        outcome = self._run(case, Outcome({}, "", []))
        for following in case.get("then", ()):
            if not outcome.failure:
                outcome = self._run(following, outcome)
        return outcome

    def close(self) -> None:
        self._runner.close()

    def _run(self, step: Mapping[str, Any], before: Outcome) -> Outcome:
        service, _, task = step["task"].rpartition("/")
        listener = Listener()
        try:
            values = {name: self._send(value, before) for name, value in step["inputs"].items()}
            call = Call(service, task, values, files_url="https://site.test/files/")
            found = self._runner(call, listener, 100)
            outputs = {output.name: self._receive(output) for output in found.outputs}
            failure = ""
        except (RequestError, RunError) as error:
            outputs, failure = {}, str(error)
        return Outcome(outputs, failure, [m.text for m in listener.messages if m.kind == "warning"])

    def _send(self, value: Any, before: Outcome) -> Any:
        match value:
            case {"$file": name}:
                return self._upload(DATA / name)
            case {"$again": output}:
                return self._upload(self._folder / before.outputs[output]["url"].rpartition("/")[2])
            case {"$out": output}:
                return json.dumps(before.outputs[output])
            case {"$json": given}:
                return json.dumps(given)
        return value if isinstance(value, str) else json.dumps(value)

    def _upload(self, path: Path) -> LocalFile:
        name = UploadRules().check_name(path.name, "file")
        item = self._folder / f"upload-{len(list(self._folder.iterdir()))}" / name
        item.parent.mkdir()
        return LocalFile(Path(shutil.copy(path, item)))

    def _receive(self, output: Output) -> Any:
        for name, path in output.files.items():
            shutil.copy(path, self._folder / name)
        return orjson.loads(output.body if isinstance(output.body, bytes) else output.body.read_bytes())[
            "value"
        ]
