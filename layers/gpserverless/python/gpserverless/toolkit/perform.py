"""`perform`: run one tool on one call. The same code serves `execute` and the jobs."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from gpserverless.datatypes.base import DumpOptions
from gpserverless.datatypes.capabilities import result_type, write
from gpserverless.errors import InvalidValue, ToolCrashed, ToolError
from gpserverless.toolkit.call import Call, Output
from gpserverless.toolkit.layers import is_rows, prepare_rows, write_output_layer
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.run import Run
from gpserverless.toolkit.spec import Parameter
from gpserverless.toolkit.tool import Tool
from gpserverless.toolkit.values import load_values
from gpserverless.values.secrets import blank_secrets

LARGE = 8_000_000
"""Bytes of an output from which on it goes into a file instead of memory."""


def perform(tool: Tool[..., Any], call: Call, limits: Limits, run: Run, folder: Path) -> Iterator[Output]:
    """Read a call's values, run the tool, and yield its outputs in their final wire form.

    Args:
        tool: The tool.
        call: The call.
        limits: The limits of the run.
        run: Takes the tool's messages.
        folder: Folder for large outputs.

    Raises:
        InvalidParameter: A value cannot be read as its type.
        ToolError: The tool ended with a message for the caller, or a value did not suit what it did with it.
        ToolCrashed: The tool returned something that is not of its declared type.
    """
    for warning in call.warnings:
        run.warn(warning)
    with _without_garbage_collection():
        values = load_values(tool.spec, call, limits, run.warn, run.started)
    arguments = {python: values[p.name] for python, p in tool.signature.inputs}
    if tool.signature.takes_run:
        arguments["run"] = run
    answer = _call_tool(tool, arguments)
    del values, arguments
    taken: set[str] = set()
    options = _make_dump_options(call, limits, run)
    for parameter, value in zip(tool.spec.outputs, tool.split_outputs(answer), strict=True):
        with _without_garbage_collection():
            output = _make_output(parameter, value, call, options, folder, taken)
        yield output


def _call_tool(tool: Tool[..., Any], arguments: dict[str, Any]) -> Any:
    try:
        return tool.function(**arguments)
    except ToolError as error:
        shown = blank_secrets(str(error))
        if shown == str(error):
            raise
        raise ToolError(shown) from None
    except InvalidValue as error:  # such as an angle as the distance of a buffer in the plane
        problem = error.problem[:1].upper() + error.problem[1:]
        accepted = f" Accepted: {error.accepted}." if error.accepted else ""
        raise ToolError(f"{problem}.{accepted}") from None


def _make_dump_options(call: Call, limits: Limits, run: Run) -> DumpOptions:
    options = call.options
    return DumpOptions(
        out_sr=options.out_sr,
        return_z=options.return_z,
        return_m=options.return_m,
        max_records=limits.max_records,
        as_collection=options.as_collection,
        column_names=options.column_names,
        warn=run.warn,
        geometry_precision=limits.geometry_precision,
    )


def _make_output(
    parameter: Parameter, value: Any, call: Call, options: DumpOptions, folder: Path, taken: set[str]
) -> Output:
    files: dict[str, Path] = {}

    def keep_file(path: Path) -> str:
        name = _choose_name(path, taken)
        taken.add(name)
        files[name] = path
        return call.files_url + quote(name)

    dump_options = replace(options, keep_file=keep_file, title=parameter.title)
    with _name_output_in_errors(parameter.name):
        named = result_type(parameter.data_type, value)
        if call.with_layers:
            value = prepare_rows(named, value, options)
        else:
            _warn_of_cut(parameter.name, value, options)
        body = _write_body(parameter.name, named, write(parameter.data_type, value, dump_options), folder)
        layer = None
        if call.with_layers:
            layer = write_output_layer(parameter, named, value, folder, options.warn)
    has_z = options.return_z and _has_ordinate(value, "has_z")
    has_m = options.return_m and _has_ordinate(value, "has_m")
    return Output(parameter.name, named, body, files, has_z, has_m, layer)


@contextmanager
def _name_output_in_errors(output: str) -> Iterator[None]:
    """Raise a crash of the tool that names the output if its value cannot be written."""
    try:
        yield
    except InvalidValue as error:
        raise ToolCrashed(f"The tool's output '{output}' is wrong: {error.problem}.") from None


def _warn_of_cut(name: str, value: Any, options: DumpOptions) -> None:
    """Warn of an output that has too many features or rows; a job keeps them, and says where."""
    for member in value if isinstance(value, list) else [value]:
        if options.warn is not None and is_rows(member) and len(member) > options.max_records:
            options.warn(
                f"Transfer limit exceeded: '{name}' has {len(member):,} features or rows, and an answer at "
                f"most {options.max_records:,}, so it has none. Ask for fewer, or run a job, which keeps all."
            )


def _has_ordinate(value: Any, ordinate: str) -> bool:
    """Return whether features, or any of a list of them, have an ordinate."""
    members = value if isinstance(value, list) else [value]
    return any(getattr(member, ordinate, False) for member in members)


def _choose_name(path: Path, taken: set[str]) -> str:
    """Return the name of a file, with a number if another output of the run has that name."""
    names = (path.name, *(f"{path.stem}_{number}{path.suffix}" for number in range(1, len(taken) + 1)))
    return next(name for name in names if name not in taken)


def _write_body(name: str, data_type: str, value: Iterable[bytes], folder: Path) -> bytes | Path:
    """Return the wire form of an output; a large one goes into a file, block by block."""
    head = orjson.dumps({"paramName": name, "dataType": data_type})
    blocks = chain((head[:-1] + b',"value":',), value, (b"}",))
    held: list[bytes] = []
    size = 0
    for block in blocks:
        held.append(block)
        size += len(block)
        if size > LARGE:
            path = Path(tempfile.mkdtemp(dir=folder), "output.json")
            with path.open("wb") as file:
                file.writelines(held)
                held.clear()
                file.writelines(blocks)
            return path
    return b"".join(held)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    # Decoding makes millions of objects that all stay alive; a collection would visit each and free none.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
