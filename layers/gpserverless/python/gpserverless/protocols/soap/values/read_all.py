"""Reading of all values of a call: by their positions."""

from __future__ import annotations

from collections.abc import Sequence

from gpserverless.errors import RequestError
from gpserverless.protocols.soap.values.files import KeepFile
from gpserverless.protocols.soap.values.read import read_value
from gpserverless.protocols.soap.values.sent import is_unset
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.toolkit.spec import Parameter, TaskSpec
from gpserverless.values.counts import write_count


def read_values(task: TaskSpec, values: Element | None, keep_file: KeepFile | None = None) -> dict[str, str]:
    """Return the raw texts of the inputs that are given, by name.

    The values stand for the inputs in order. A client may send fewer; or more, if they are empty; or one for
    each parameter, outputs included.

    Args:
        task: The task.
        values: The list of values; None if there is none.
        keep_file: Keeps a file that a value holds itself; None if this is not possible.

    Raises:
        InvalidParameter: A value is not of a type that its parameter accepts, or malformed.
        RequestError: There are more values than inputs.
    """
    sent = [] if values is None or values.is_nil else values.children
    pairs = zip(_choose_parameters(task, sent), sent, strict=False)
    read = {p.name: read_value(p, element, keep_file) for p, element in pairs if p.direction == "input"}
    return {name: text for name, text in read.items() if text}


def _choose_parameters(task: TaskSpec, sent: Sequence[Element]) -> Sequence[Parameter]:
    """Return the parameters that the values stand for."""
    if all(is_unset(element) for element in sent[len(task.inputs) :]):
        return task.inputs
    if len(sent) == len(task.parameters):
        return task.parameters
    inputs = write_count(len(task.inputs), "input", "inputs")
    raise RequestError(f"There are {len(sent):,} values for the {inputs} of {task.name}.")
