"""`perform`: run one tool on one call. The same code serves `execute` and the jobs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from gpserverless.datatypes.base import Writing
from gpserverless.errors import InvalidValue, ToolCrashed, ToolError
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Run
from gpserverless.toolkit.spec import Parameter
from gpserverless.toolkit.tool import Tool
from gpserverless.toolkit.values import load_values


def perform(tool: Tool[..., Any], call: Call, limits: Limits, run: Run) -> Iterator[Output]:
    """Read a call's values, run the tool, and yield its outputs in their final wire form.

    Args:
        tool: The tool.
        call: What the caller asked for.
        limits: What the run may take.
        run: Where the tool's messages go.

    Raises:
        InvalidParameter: A value cannot be read as its type.
        ToolError: The tool ended with a message for the caller, or a value did not suit what it did with it.
        ToolCrashed: The tool returned something that is not of its declared type.
    """
    with _no_garbage_collection():
        values = load_values(tool.spec, call, limits)
        arguments = {python: values[p.name] for python, p in tool.signature.inputs}
        if tool.signature.takes_run:
            arguments["run"] = run
        answer = _answer(tool, arguments)
        del values, arguments
        for parameter, value in zip(tool.spec.outputs, tool.outputs_of(answer), strict=True):
            yield _output(parameter, value, call, limits)


def _answer(tool: Tool[..., Any], arguments: dict[str, Any]) -> Any:
    try:
        return tool.function(**arguments)
    except InvalidValue as error:  # such as an angle as the distance of a buffer in the plane
        problem = error.problem[:1].upper() + error.problem[1:]
        accepted = f" Accepted: {error.accepted}." if error.accepted else ""
        raise ToolError(f"{problem}.{accepted}") from None


def _output(parameter: Parameter, value: Any, call: Call, limits: Limits) -> Output:
    files: dict[str, Path] = {}

    def keep_file(path: Path) -> str:
        files[path.name] = path
        return call.files_url + quote(path.name)

    options = call.options
    writing = Writing(options.out_sr, options.return_z, options.return_m, limits.max_records, keep_file)
    try:
        wire = parameter.data_type.dump(value, writing)
    except InvalidValue as error:
        raise ToolCrashed(f"The tool's output '{parameter.name}' is wrong: {error.problem}.") from None
    document = {"paramName": parameter.name, "dataType": parameter.data_type.name, "value": wire}
    has_z = options.return_z and bool(getattr(value, "has_z", False))
    has_m = options.return_m and bool(getattr(value, "has_m", False))
    return Output(parameter.name, parameter.data_type.name, orjson.dumps(document), files, has_z, has_m)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    # Decoding makes millions of objects that all stay alive; every collection would walk them in vain.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
