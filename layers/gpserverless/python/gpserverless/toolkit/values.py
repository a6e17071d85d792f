"""Raw values of a call to Python values, with the parameter's name in every error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.datatypes.base import Reading
from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.toolkit.call import Call, Options
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, TaskSpec


def reading(options: Options, limits: Limits) -> Reading:
    """Return what is asked of every input."""
    return Reading(options.process_sr, options.extent, limits.max_features, limits.max_vertices)


def load_values(task: TaskSpec, call: Call, limits: Limits) -> dict[str, Any]:
    """Return the Python value of every input of a task, by parameter name; None for one not given.

    Raises:
        InvalidParameter: A value cannot be read as its type.
        MissingParameter: A required value was not given.
    """
    asked = reading(call.options, limits)
    return {p.name: load_value(p, call.values, asked) for p in task.inputs}


def load_value(parameter: Parameter, values: Mapping[str, str], asked: Reading) -> Any:
    """Return the Python value of one input; its default where it was not given.

    Raises:
        InvalidParameter: The value cannot be read as its type.
        MissingParameter: It is required and was not given.
    """
    raw: Any = values.get(parameter.name)
    if raw is None or raw == "":
        if parameter.required:
            raise MissingParameter(parameter.name, parameter.data_type.accepted)
        raw = parameter.default
        if raw is None:
            return None
    try:
        return parameter.data_type.load(raw, asked)
    except InvalidValue as error:
        raise InvalidParameter(
            parameter.name, error.problem, error.accepted or parameter.data_type.accepted
        ) from None
