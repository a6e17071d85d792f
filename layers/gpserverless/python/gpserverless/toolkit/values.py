"""Raw values of a call to Python values, with the parameter's name in every error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from gpserverless.datatypes.base import LoadOptions
from gpserverless.datatypes.references import Fetch, Reference
from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.toolkit.call import Call, Options
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, TaskSpec

Warn = Callable[[str], None]


def reading(options: Options, limits: Limits, warn: Warn | None = None) -> LoadOptions:
    """Return what is asked of every input."""
    return LoadOptions(options.process_sr, options.extent, limits.max_features, limits.max_vertices, warn)


def load_values(task: TaskSpec, call: Call, limits: Limits, warn: Warn | None = None) -> dict[str, Any]:
    """Return the Python value of every input of a task, by parameter name; None for one not given.

    Args:
        task: The task.
        call: The call.
        limits: What the run may take.
        warn: Takes what the caller should know about how a value was read.

    Raises:
        InvalidParameter: A value cannot be read as its type.
        MissingParameter: A required value was not given.
    """
    asked = reading(call.options, limits, warn)
    values = {p.name: load_value(p, call.values, asked) for p in task.inputs}
    return {p.name: _bound(p, values) for p in task.inputs}


def _bound(parameter: Parameter, values: Mapping[str, Any]) -> Any:
    """Return a value that fits the features that it is about, if there are any."""
    value, source = values[parameter.name], values.get(parameter.dependency)
    if value is None or source is None:
        return value
    try:
        return parameter.data_type.check_against(value, source)
    except InvalidValue as error:
        raise _about(parameter, error) from None


def check_values(task: TaskSpec, call: Call, limits: Limits, allowed: Callable[[Reference], object]) -> None:
    """Read every value of a call for nothing but its errors; what lies elsewhere is not fetched.

    Args:
        task: The task.
        call: The call.
        limits: What the run may take.
        allowed: Raises `InvalidValue` for a reference that would never be followed.

    Raises:
        InvalidParameter: A value cannot be read as its type.
        MissingParameter: A required value was not given.
    """
    asked = reading(call.options, limits)
    seen: set[str] = set()
    values: dict[str, Any] = {}
    for parameter in task.inputs:

        def look(reference: Reference, name: str = parameter.name) -> None:
            seen.add(name)
            allowed(reference)

        _resolved(parameter, call.values, look)
        elsewhere = parameter.name in seen
        values[parameter.name] = None if elsewhere else _checked(parameter, call.values, asked)
    for parameter in task.inputs:
        _bound(parameter, values)


def fetch_call_references(task: TaskSpec, call: Call, fetch: Fetch) -> Call:
    """Return the call with every reference in its values replaced by what `fetch` returns for it.

    Raises:
        InvalidParameter: A reference is malformed, or what it points to cannot be had.
    """
    return replace(call, values={**call.values, **_all_resolved(task, call, fetch)})


def _all_resolved(task: TaskSpec, call: Call, fetch: Fetch) -> dict[str, Any]:
    given = [p for p in task.inputs if p.data_type.may_be_reference and p.name in call.values]
    return {p.name: _resolved(p, call.values, fetch) for p in given}


def _resolved(parameter: Parameter, values: Mapping[str, Any], fetch: Fetch) -> Any:
    raw = values.get(parameter.name)
    if raw is None or raw == "" or not parameter.data_type.may_be_reference:
        return raw
    try:
        return parameter.data_type.fetch_references(raw, fetch)
    except InvalidValue as error:
        raise _about(parameter, error) from None


def _about(parameter: Parameter, error: InvalidValue) -> InvalidParameter:
    data_type = parameter.data_type
    problem = "the hidden value cannot be read" if data_type.is_secret else error.problem
    return InvalidParameter(parameter.name, problem, error.accepted or data_type.accepted)


def load_value(parameter: Parameter, values: Mapping[str, Any], asked: LoadOptions) -> Any:
    """Return the Python value of one input; its default where it was not given.

    Raises:
        InvalidParameter: The value cannot be read as its type.
        MissingParameter: It is required and was not given.
    """
    raw = _given(parameter, values)
    try:
        return None if raw is None else parameter.data_type.load(raw, asked)
    except InvalidValue as error:
        raise _about(parameter, error) from None


def _checked(parameter: Parameter, values: Mapping[str, Any], asked: LoadOptions) -> Any:
    raw = _given(parameter, values)
    try:
        return None if raw is None else parameter.data_type.check(raw, asked)
    except InvalidValue as error:
        raise _about(parameter, error) from None


def _given(parameter: Parameter, values: Mapping[str, Any]) -> Any:
    """Return the raw value of an input: what was given, else its default, else None."""
    raw = values.get(parameter.name)
    if raw is not None and raw != "":
        return raw
    if parameter.required:
        raise MissingParameter(parameter.name, parameter.data_type.accepted)
    return parameter.default
