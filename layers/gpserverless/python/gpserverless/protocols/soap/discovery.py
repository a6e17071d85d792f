"""Descriptions of tools and their parameters."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.datatypes.base import JSON
from gpserverless.errors import InvalidParameter
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.values.type_names import find_value_type
from gpserverless.protocols.soap.values.write import make_empty_node, make_value_node
from gpserverless.toolkit.spec import Parameter, TaskSpec

_DIRECTIONS: Mapping[str, str] = {
    "input": "esriGPParameterDirectionInput",
    "output": "esriGPParameterDirectionOutput",
}
_SET_TYPES = frozenset({"GPFeatureRecordSetLayer", "GPRecordSet"})


def make_tool_info(task: TaskSpec, help_url: str) -> Node:
    """Return the description of a tool with its parameters.

    Args:
        task: The task.
        help_url: URL of its help page.
    """
    parameters = [make_parameter_info(parameter) for parameter in task.parameters]
    return Node(
        "GPToolInfo",
        {
            "Name": task.name,
            "DisplayName": task.title,
            "Category": "",
            "Help": help_url or task.description,
            "ParameterInfo": Node("ArrayOfGPParameterInfo", {"GPParameterInfo": parameters}),
        },
    )


def make_parameter_info(parameter: Parameter) -> Node:
    """Return the description of a parameter; it has a value of its type in every case: ArcPy needs one.

    Args:
        parameter: The parameter.
    """
    choices = parameter.data_type.describe().get("choiceList")
    return Node(
        "GPParameterInfo",
        {
            "Name": parameter.name,
            "DisplayName": parameter.title,
            "Category": parameter.category,
            "DataType": find_value_type(parameter.data_type.name),
            "Direction": _DIRECTIONS[parameter.direction],
            "ParamType": _find_parameter_type(parameter),
            "ChoiceList": Node("ArrayOfString", {"String": list(choices)}) if choices else None,
            "Value": _make_default_node(parameter),
        },
    )


def _find_parameter_type(parameter: Parameter) -> str:
    if parameter.direction == "output":
        return "esriGPParameterTypeDerived"
    return "esriGPParameterTypeRequired" if parameter.required else "esriGPParameterTypeOptional"


def _make_default_node(parameter: Parameter) -> Node:
    """Return the default, an empty value if there is none or SOAP cannot hold it; a set keeps its schema."""
    default = _find_default(parameter)
    if default is None:
        return make_empty_node(parameter)
    try:
        return make_value_node(parameter, default)
    except InvalidParameter:
        return make_empty_node(parameter)


def _find_default(parameter: Parameter) -> JSON:
    """Return the default; of features the schema if there is none, or if it is the name of a layer."""
    is_set = parameter.data_type.name in _SET_TYPES
    if is_set and not isinstance(parameter.default, Mapping):
        return parameter.data_type.empty
    return parameter.default
