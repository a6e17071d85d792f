"""From a function's signature to a task's parameters."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import orjson
from pydantic.fields import FieldInfo

from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import dump_element, is_secret
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.symbology import LayerRenderer
from gpserverless.errors import AuthoringError, InvalidValue
from gpserverless.toolkit import names
from gpserverless.toolkit.docstring import Documentation, read_docstring
from gpserverless.toolkit.run import Run
from gpserverless.toolkit.spec import Parameter

SINGLE_OUTPUT = "output"
"""Name of the output of a tool that returns one value and does not name it."""


@dataclasses.dataclass(frozen=True)
class Signature:
    """The parameters of a function, and their names in Python."""

    #: The docstring.
    documentation: Documentation
    #: Input parameters with the names of their arguments.
    inputs: tuple[tuple[str, Parameter], ...]
    #: Output parameters with their fields of the returned dataclass; None for the returned value itself.
    outputs: tuple[tuple[str | None, Parameter], ...]
    #: Whether the function takes its `Run`.
    takes_run: bool


def read_signature(function: Callable[..., Any]) -> Signature:
    """Read the task's parameters from a tool's signature and docstring.

    Args:
        function: The tool's function.

    Raises:
        AuthoringError: They cannot be published; the text says how to correct it.
    """
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function)
    arguments = {n: p for n, p in signature.parameters.items() if hints.get(n) is not Run}
    documentation = read_docstring(function, arguments)
    inputs = tuple((n, _read_input(n, p, hints, documentation)) for n, p in arguments.items())
    inputs = tuple((n, _resolve_dependency(p, dict(inputs))) for n, p in inputs)
    outputs = _read_outputs(hints.get("return"))
    names.check_parameters(p.name for _, p in inputs)
    names.check_parameters(p.name for _, p in outputs)
    folded = {p.name.lower() for _, p in inputs} & {p.name.lower() for _, p in outputs}
    if folded:
        raise AuthoringError(f"'{folded.pop()}' is an input and an output; give the output another alias")
    return Signature(documentation, inputs, outputs, takes_run=len(arguments) < len(signature.parameters))


def _read_input(
    name: str, parameter: inspect.Parameter, hints: dict[str, Any], documentation: Documentation
) -> Parameter:
    if parameter.kind not in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY):
        raise AuthoringError(f"parameter '{name}': *args and **kwargs cannot be published")
    if name not in hints:
        raise AuthoringError(f"parameter '{name}' has no type; annotate it")
    try:
        annotation = read_annotation(hints[name])
    except AuthoringError as error:
        raise AuthoringError(f"parameter '{name}': {error}") from None
    wire, title = _read_names(annotation.field, name)
    required = parameter.default is inspect.Parameter.empty and not annotation.optional
    default = None if required else _read_default(wire, parameter.default, annotation.data_type)
    _check_drawing(f"parameter '{name}'", annotation.data_type, has_layer=False)
    description = documentation.parameters[name]
    names.check_text(description, f"the description of '{name}'")
    names.check_title(annotation.category, f"the category of '{name}'")
    return Parameter(
        wire,
        title,
        description,
        annotation.data_type,
        "input",
        required,
        default,
        annotation.category,
        annotation.dependency,
        _read_example(wire, annotation.field, annotation.data_type),
    )


def _resolve_dependency(parameter: Parameter, inputs: Mapping[str, Parameter]) -> Parameter:
    """Return a parameter whose dependency is named as on the wire."""
    if not parameter.dependency:
        return parameter
    found = inputs.get(parameter.dependency)
    if found is None or not isinstance(found.data_type, GPFeatureRecordSetLayer | GPRecordSet):
        raise AuthoringError(
            f"parameter '{parameter.name}': FieldOf names '{parameter.dependency}', "
            "which is no parameter with features or a table"
        )
    return dataclasses.replace(parameter, dependency=found.name)


def _read_names(field: FieldInfo | None, name: str) -> tuple[str, str]:
    wire = (field and field.alias) or name
    title = (field and field.title) or names.make_title(wire)
    names.check_title(title, f"the title of '{wire}'")
    return wire, title


def _read_default(name: str, default: Any, data_type: DataType) -> JSON:
    if default is None or default is inspect.Parameter.empty:
        return None
    if is_secret(data_type):
        raise AuthoringError(f"'{name}' is hidden and cannot have a default: clients would show it")
    names.check_default(default, f"parameter '{name}'")
    try:
        wire = orjson.loads(orjson.dumps(dump_element(data_type, default, DumpOptions())))
        data_type.load(wire, LoadOptions())
    except InvalidValue as error:
        raise AuthoringError(f"the default of '{name}' is not a {data_type.name}: {error.problem}") from None
    return wire


def _read_example(name: str, field: FieldInfo | None, data_type: DataType) -> JSON:
    """Return the first example of pydantic's `Field(examples=[…])`, a value as callers send it."""
    example: JSON = next(iter((field and field.examples) or ()), None)
    if example is None:
        return None
    try:
        data_type.load(example, LoadOptions())
    except InvalidValue as error:
        raise AuthoringError(f"the example of '{name}' is not a {data_type.name}: {error.problem}") from None
    return example


def _read_outputs(annotation: Any) -> tuple[tuple[str | None, Parameter], ...]:
    if annotation is None or annotation is type(None):
        raise AuthoringError(
            "it returns nothing; annotate what it returns: clients cannot read a task without outputs"
        )
    if dataclasses.is_dataclass(annotation) and _is_record(annotation):
        hints = get_type_hints(annotation, include_extras=True)
        return tuple((f.name, _read_output(f.name, hints[f.name])) for f in dataclasses.fields(annotation))
    return ((None, _read_output(SINGLE_OUTPUT, annotation)),)


def _is_record(annotation: Any) -> bool:
    """Return whether a dataclass is a tool's own record of outputs, not one of the value classes."""
    try:
        read_annotation(annotation)
    except AuthoringError:
        return True
    return False


def _read_output(name: str, annotation: Any) -> Parameter:
    try:
        read = read_annotation(annotation)
    except AuthoringError as error:
        raise AuthoringError(f"output '{name}': {error}") from None
    wire, title = _read_names(read.field, name)
    description = (read.field and read.field.description) or ""
    names.check_text(description, f"the description of output '{wire}'")
    _check_drawing(f"output '{wire}'", read.data_type, has_layer=True)
    return Parameter(wire, title, description, read.data_type, "output")


def _check_drawing(name: str, data_type: DataType, *, has_layer: bool) -> None:
    """Check that a parameter has a layer if its type says how that is drawn, and that it can be drawn so."""
    has_layer = has_layer and not isinstance(data_type, GPMultiValue)
    features = data_type.element if isinstance(data_type, GPMultiValue) else data_type
    if not isinstance(features, GPFeatureRecordSetLayer):
        return
    if not has_layer and (features.symbology or features.label_field):
        marker = type(features.symbology).__name__ if features.symbology else "LabelField"
        raise AuthoringError(
            f"{name}: {marker} is for a layer, and only an output of one feature set has one"
        )
    if not isinstance(features.symbology, LayerRenderer):
        return
    from gpserverless.toolkit.layer_symbols import check_renderer  # with numpy

    try:
        check_renderer(features)
    except AuthoringError as error:
        raise AuthoringError(f"{name}: {error}") from None
