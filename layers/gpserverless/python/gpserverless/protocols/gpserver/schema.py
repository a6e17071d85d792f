"""The JSON Schema of every answer, made of the types that the writers of the answers return."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from gpserverless.protocols.gpserver import shapes
from gpserverless.protocols.gpserver.routes import Resource
from gpserverless.protocols.gpserver.value_shapes import VALUES

DRAFT = "http://json-schema.org/draft-07/schema#"

ANSWERS: dict[Resource, Any] = {
    "info": shapes.Info,
    "health": shapes.Success,
    "catalogue": shapes.Catalogue,
    "service": shapes.Service,
    "serviceInfo": shapes.ServiceInfo,
    "itemInfo": shapes.ItemInfo,
    "task": shapes.Task,
    "execute": shapes.Executed,
    "submitJob": shapes.Submitted,
    "jobs": shapes.Jobs,
    "job": shapes.Job,
    "cancel": shapes.Submitted,
    "results": list[shapes.Result],
    "result": shapes.Result,
    "inputs": list[shapes.Input],
    "input": shapes.Input,
    "validate": shapes.Error,
    "uploads": shapes.Uploads | shapes.UploadLimits | shapes.Uploaded,
    "item": shapes.Item | shapes.Uploaded | shapes.Parts | shapes.Success,
}
"""The answer of every resource that is written as JSON; each of them may be an error instead."""

_SCALARS: dict[Any, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    NoneType: "null",
}


@cache
def json_schema() -> dict[str, Any]:
    """Return the schema, of draft 07: a definition for every answer, data type and part of them."""
    definitions: dict[str, Any] = {}
    answers = {f"{name}Answer": _schema(shape, definitions) for name, shape in ANSWERS.items()}
    values = {name: _schema(shape, definitions) for name, shape in VALUES.items()}
    error = _schema(shapes.Error, definitions)
    lists = {f"GPMultiValue:{name}": {"type": "array", "items": schema} for name, schema in values.items()}
    tagged = _object({"dataType": {"enum": list(values)}, "value": {}}, ("dataType", "value"))
    of_types = {**values, **lists, "GPMultiValue:GPComposite": {"type": "array", "items": tagged}}
    del of_types["GPMultiValue:GPValueTable"]
    definitions["Result"] |= {"allOf": [_where(name, schema) for name, schema in of_types.items()]}
    for name in ("Result", "Input", "Parameter"):
        definitions[name]["properties"]["dataType"] = {"enum": [*of_types, "GPComposite"]}
    return {
        "$schema": DRAFT,
        "title": "Answers of a geoprocessing service",
        "anyOf": [{"$ref": f"#/definitions/{name}"} for name in answers] + [error],
        "definitions": {**answers, **definitions},
    }


def _where(data_type: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "if": {"properties": {"dataType": {"const": data_type}}},
        "then": {"properties": {"value": value}},
    }


def _schema(shape: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a type; the types that it names are added to `definitions`."""
    if is_typeddict(shape):
        return _reference(shape, definitions)
    if shape is Any:
        return {}
    if shape in _SCALARS:
        return {"type": _SCALARS[shape]}
    if get_origin(shape) is Literal:
        return {"enum": list(get_args(shape))}
    return _compound(get_origin(shape), [_schema(part, definitions) for part in get_args(shape)])


def _compound(origin: Any, parts: list[dict[str, Any]]) -> dict[str, Any]:
    if origin in (Union, UnionType):
        return {"anyOf": parts}
    if origin is list:
        return {"type": "array", "items": parts[0]}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": parts[1]}
    return parts[0]  # NotRequired is its shape's business


def _reference(shape: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = shape.__name__
    if name not in definitions:
        definitions[name] = {}  # a shape may hold itself
        hints = get_type_hints(shape, include_extras=True)
        required = [key for key, hint in hints.items() if get_origin(hint) is not NotRequired]
        members = {key: _schema(hint, definitions) for key, hint in hints.items()}
        definitions[name] |= {"description": inspect.cleandoc(shape.__doc__)} if shape.__doc__ else {}
        definitions[name] |= _object(members, required)
    return {"$ref": f"#/definitions/{name}"}


def _object(members: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": members,
        "required": list(required),
        "additionalProperties": False,
    }
