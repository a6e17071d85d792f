"""The inputs of a job, as values."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from gpserverless.calls.inputs import show_input
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.values.write import make_result_node
from gpserverless.toolkit.spec import Parameter


def make_input_node(parameter: Parameter, values: Mapping[str, str]) -> Node:
    """Return an input as it was submitted, without secrets.

    Args:
        parameter: The input.
        values: The raw values of the call by parameter name.
    """
    shown = show_input(parameter, values)
    document = {"paramName": parameter.name, "dataType": shown.data_type, "value": shown.value}
    return make_result_node(parameter, orjson.dumps(document))
