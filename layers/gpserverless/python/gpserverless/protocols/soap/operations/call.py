"""From the arguments of Execute and SubmitJob to a call."""

from __future__ import annotations

from gpserverless.protocols.soap.operation import SoapRequest
from gpserverless.protocols.soap.options import SoapOptions, read_options
from gpserverless.protocols.soap.values.files import KeepFile
from gpserverless.protocols.soap.values.read_all import read_values
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.spec import TaskSpec


def read_call(request: SoapRequest, task: TaskSpec, keep_file: KeepFile | None) -> tuple[Call, SoapOptions]:
    """Return the call that an operation makes, and its options.

    Args:
        request: The request.
        task: The task.
        keep_file: Keeps a file that a value holds itself; None if the service keeps none.

    Raises:
        InvalidParameter: A value or an option is wrong.
        RequestError: There are more values than inputs.
    """
    given = read_options(request.arguments.find("Options"), request.arguments.find("EnvironmentValues"))
    values = read_values(task, request.arguments.find("Values"), keep_file)
    call = Call(
        request.service,
        task.name,
        values,
        given.call,
        caller=request.caller,
        warnings=given.warnings,
        kept=given.document,
    )
    return call, given
