"""From a request to a call: the values of its parameters, and its options."""

from __future__ import annotations

from contextlib import suppress

import orjson

from gpserverless.datatypes.capabilities import is_blank
from gpserverless.datatypes.referable import is_given
from gpserverless.datatypes.value_table import GPValueTable
from gpserverless.errors import InvalidParameter, TooLarge
from gpserverless.http.request import Request
from gpserverless.protocols.gpserver.options import read_options
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.hosted import IMAGE_SERVICE_NAMES, SERVICE_NAME
from gpserverless.toolkit.names import fold_name
from gpserverless.toolkit.spec import Parameter, TaskSpec

_LISTS = ("GPMultiValue", "GPValueTable")
"""Types of which a field that comes several times is one value: some clients send elements and rows so."""

MAX_VALUE = 8_000_000
"""Characters that one value may have: more does not come through a function's 6 MB of payload anyway."""


def read_call(request: Request, service: str, task: TaskSpec) -> Call:
    """Return the call that a request makes; names that are no parameters are ignored.

    The names of parameters may be in any letter case, and with other underscores: programs and lists of tools
    call one parameter z_factor and zfactor.

    Args:
        request: The request.
        service: Qualified name of the service.
        task: The task.

    Raises:
        InvalidParameter: An option's value is wrong, or cannot be had of the task's outputs.
        TooLarge: A value is too large.
    """
    values = {parameter.name: _read_value(request, parameter) for parameter in task.inputs}
    check_service_name(request, task)
    options = read_options(request)
    if options.column_names:
        for parameter in task.outputs:
            check_column_names(parameter)
    given = {name: text for name, text in values.items() if text}
    return Call(service, task.name, given, options, caller=request.caller)


def read_refused_call(request: Request, service: str, task: TaskSpec) -> Call:
    """Return a call that `read_call` refuses, as far as it can be read: its values, with no options.

    Args:
        request: The request.
        service: Qualified name of the service.
        task: The task.

    Raises:
        TooLarge: A value is too large.
    """
    values = {}
    for parameter in task.inputs:
        with suppress(InvalidParameter):
            if text := _read_value(request, parameter):
                values[parameter.name] = text
    return Call(service, task.name, values, caller=request.caller)


def _read_value(request: Request, parameter: Parameter) -> str:
    """Return the text of a parameter's value, "" if it is not given."""
    texts = request.all(_find_spelling(request, parameter.name))
    sent = [v for v in texts if not is_blank(parameter.data_type, v)]
    repeated = len(sent) > 1 and parameter.data_type.name.startswith(_LISTS)
    text = orjson.dumps(sent).decode() if repeated else sent[-1] if sent else ""
    if len(text) > MAX_VALUE:
        raise TooLarge(f"'{parameter.name}' has {len(text):,} characters; at most {MAX_VALUE:,} are read.")
    return text if is_given(parameter.data_type, text) else ""


def check_service_name(request: Request, task: TaskSpec) -> None:
    """Raise if a hosted service is wanted of a task that makes none: its results would not be kept.

    Args:
        request: The request.
        task: The task.

    Raises:
        InvalidParameter: The task has no such parameter, and a value was sent.
    """
    for name in IMAGE_SERVICE_NAMES:
        if request.get(_find_spelling(request, name)).strip():
            problem = "rasters are not kept as services; they are files of the job"
            raise InvalidParameter(name, problem, "no value")
    if (
        task.parameter(SERVICE_NAME, "input") is None
        and request.get(_find_spelling(request, SERVICE_NAME)).strip()
    ):
        problem = "this task keeps no features as a service; its results are in the answer"
        raise InvalidParameter(SERVICE_NAME, problem, "no value")


def _find_spelling(request: Request, name: str) -> str:
    """Return the name under which a parameter is sent; its own name comes before other spellings."""
    if name in request.form or name in request.query:
        return name
    folded = fold_name(name)
    sent = (*request.form.names, *request.query.names)
    return next((each for each in sent if fold_name(each) == folded), name)


def check_column_names(parameter: Parameter) -> None:
    """Raise unless rows of an output can be written as objects by column name; other types always can.

    Args:
        parameter: The spec of the output.

    Raises:
        InvalidParameter: A column has no name, or two have the same.
    """
    data_type = parameter.data_type
    if isinstance(data_type, GPValueTable) and not data_type.has_usable_names:
        raise InvalidParameter(
            "returnColumnName",
            f"the columns of '{parameter.name}' have no names that tell them apart",
            "false",
        )
