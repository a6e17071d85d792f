"""The inputs of a job as they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gpserverless.datatypes.base import JSON
from gpserverless.datatypes.capabilities import echo, echo_type, is_secret, result_type
from gpserverless.errors import InvalidValue
from gpserverless.toolkit.spec import Parameter


@dataclass(frozen=True)
class InputView:
    """One input as it is shown.

    Attributes:
        data_type: Name of its GP data type.
        value: Its value as JSON.
    """

    data_type: str
    value: JSON


def show_input(parameter: Parameter, values: Mapping[str, str]) -> InputView:
    """Return an input as it is shown: as it was submitted, without secrets.

    Args:
        parameter: The input.
        values: The raw values of the call by parameter name.
    """
    name, data_type = parameter.name, parameter.data_type
    raw = values.get(name, parameter.default)
    if raw is None:
        return InputView(result_type(data_type, None), data_type.empty)
    try:
        return InputView(echo_type(data_type, raw), echo(data_type, raw))
    except InvalidValue:  # a job with a wrong value has failed, and shows that value as it was sent
        hides = is_secret(data_type) or "://" in raw
        return InputView(result_type(data_type, None), data_type.empty if hides else raw)
