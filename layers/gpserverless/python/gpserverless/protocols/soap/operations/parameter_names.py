"""The parameters that a request names."""

from __future__ import annotations

from collections.abc import Sequence

from gpserverless.errors import InvalidParameter
from gpserverless.protocols.soap.operation import SoapRequest
from gpserverless.toolkit.spec import Direction, Parameter, TaskSpec
from gpserverless.values.quotation import quoted


def choose_parameters(task: TaskSpec, direction: Direction, request: SoapRequest) -> Sequence[Parameter]:
    """Return the parameters whose names are asked for, in their order; all if none is named.

    Args:
        task: The task.
        direction: Whether its inputs or its outputs are chosen; names of the others are ignored.
        request: The request.

    Raises:
        InvalidParameter: A name is that of no parameter: values come by position, so it cannot be left out.
    """
    element = request.arguments.find("ParameterNames")
    texts = [child.text.strip() for child in (element.children if element else [])]
    wanted = {text.lower(): text for text in texts if text}
    unknown = wanted.keys() - {each.name.lower() for each in task.parameters}
    if unknown:
        name = next(wanted[each] for each in wanted if each in unknown)
        known = ", ".join(each.name for each in task.parameters if each.direction == direction)
        raise InvalidParameter("ParameterNames", f"{quoted(name)} is no parameter", known)
    parameters = task.inputs if direction == "input" else task.outputs
    return [each for each in parameters if each.name.lower() in wanted] if wanted else parameters
