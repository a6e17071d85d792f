"""Raw values of a call to Python values, with the parameter's name in every error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from gpserverless.datatypes.base import LoadOptions
from gpserverless.datatypes.capabilities import Dependent, check_at_submit, is_secret
from gpserverless.datatypes.referable import Fetch, fetch_references, is_given, may_be_reference
from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.toolkit.call import Call, CallOptions
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, TaskSpec

Warn = Callable[[str], None]


def load_values(
    task: TaskSpec, call: Call, limits: Limits, warn: Warn | None = None, now: int | None = None
) -> dict[str, Any]:
    """Return the Python value of every input of a task, by parameter name; None for one not given.

    Args:
        task: The task.
        call: The call.
        limits: The limits of the run.
        warn: Takes a warning for the caller about how a value was read.
        now: The time that CURRENT_TIMESTAMP means in conditions, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidParameter: A value cannot be read as its type.
        MissingParameter: A required value was not given.
    """
    options = replace(_make_load_options(call.options, limits, warn), now=now)
    values = {p.name: load_value(p, call.values, options) for p in task.inputs}
    return {p.name: _check_against_source(p, values) for p in task.inputs}


def load_value(parameter: Parameter, values: Mapping[str, Any], options: LoadOptions) -> Any:
    """Return the Python value of one input; its default where it was not given.

    Args:
        parameter: The input.
        values: Raw values by parameter name.
        options: Options of all inputs of the call.

    Raises:
        InvalidParameter: The value cannot be read as its type.
        MissingParameter: It is required and was not given.
    """
    raw = _get_raw_value(parameter, values)
    with _name_in_errors(parameter):
        return None if raw is None else parameter.data_type.load(raw, options)


def check_values(task: TaskSpec, call: Call, limits: Limits, allowed: Callable[[Reference], object]) -> None:
    """Check every value of a call when its job is submitted; references are not fetched.

    Args:
        task: The task.
        call: The call.
        limits: The limits of the run.
        allowed: Raises `InvalidValue` for a reference that would never be followed.

    Raises:
        InvalidParameter: A value cannot be read as its type.
        MissingParameter: A required value was not given.
    """
    options = _make_load_options(call.options, limits)
    values = {p.name: _check_value(p, call.values, options, allowed) for p in task.inputs}
    for parameter in task.inputs:
        _check_against_source(parameter, values)


def fetch_call_references(task: TaskSpec, call: Call, fetch: Fetch) -> Call:
    """Return the call with every reference in its values replaced by its `fetch`.

    Args:
        task: The task.
        call: The call.
        fetch: Takes a reference, and returns its replacement.

    Raises:
        InvalidParameter: A reference is malformed, or cannot be fetched.
    """
    given = [p for p in task.inputs if may_be_reference(p.data_type) and p.name in call.values]
    fetched = {p.name: _fetch_value(p, call.values, fetch) for p in given}
    return replace(call, values={**call.values, **fetched})


def _make_load_options(options: CallOptions, limits: Limits, warn: Warn | None = None) -> LoadOptions:
    return LoadOptions(options.process_sr, options.extent, limits.feature_limits, warn)


def _check_value(
    parameter: Parameter,
    values: Mapping[str, Any],
    options: LoadOptions,
    allowed: Callable[[Reference], object],
) -> Any:
    """Return the loaded value; None for one that only the worker can load."""
    references: list[Reference] = []

    def note_reference(reference: Reference) -> None:
        references.append(reference)
        allowed(reference)

    _fetch_value(parameter, values, note_reference)
    if references:
        return None
    raw = _get_raw_value(parameter, values)
    with _name_in_errors(parameter):
        return None if raw is None else check_at_submit(parameter.data_type, raw, options)


def _fetch_value(parameter: Parameter, values: Mapping[str, Any], fetch: Fetch) -> Any:
    raw = values.get(parameter.name)
    with _name_in_errors(parameter):
        if not may_be_reference(parameter.data_type) or not is_given(parameter.data_type, raw):
            return raw
        return fetch_references(parameter.data_type, raw, fetch)


def _check_against_source(parameter: Parameter, values: Mapping[str, Any]) -> Any:
    """Return a value that fits the features that it depends on, if there are any."""
    value, source = values[parameter.name], values.get(parameter.dependency)
    if value is None or source is None or not isinstance(parameter.data_type, Dependent):
        return value
    with _name_in_errors(parameter):
        return parameter.data_type.check_against(value, source)


def _get_raw_value(parameter: Parameter, values: Mapping[str, Any]) -> Any:
    """Return the given value of an input, else its default, else None."""
    raw = values.get(parameter.name)
    with _name_in_errors(parameter):
        if is_given(parameter.data_type, raw):
            return raw
    if parameter.required:
        raise MissingParameter(parameter.name, parameter.data_type.accepted)
    return parameter.default


@contextmanager
def _name_in_errors(parameter: Parameter) -> Iterator[None]:
    try:
        yield
    except InvalidValue as error:
        data_type = parameter.data_type
        problem = "the hidden value cannot be read" if is_secret(data_type) else error.problem
        raise InvalidParameter(parameter.name, problem, error.accepted or data_type.accepted) from None
