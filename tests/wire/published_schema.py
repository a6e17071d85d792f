"""Answers held to the JSON Schema that the site publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

import orjson
import urllib3
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend

from gpserverless.errors import RequestError
from gpserverless.protocols.featureserver.routes import is_feature_service
from gpserverless.protocols.gpserver.routes import find_route
from gpserverless.protocols.gpserver.schema import ANSWERS, json_schema
from gpserverless.protocols.imageserver.routes import is_image
from gpserverless.protocols.mapserver.routes import is_map
from gpserverless.protocols.sharing.routes import find_portal_route


def check_answer(path: str, response: urllib3.BaseHTTPResponse) -> None:
    """Hold an answer in JSON to the published schema of the resource at a path."""
    if response.data and response.headers.get("content-type", "").startswith("application/json"):
        document = orjson.loads(response.data)
        name = "Error" if isinstance(document, dict) and "error" in document else _answer(path)
        wrong = _find_mistake(name, response.data) if name else ""
        assert not wrong, f"{path}: {wrong}, expected by {name}"


@cache  # the same answer comes often, as that about a job that is waited for
def _find_mistake(name: str, body: bytes) -> str:
    """Return a sentence about what a definition of the schema does not allow, "" if it allows all."""
    wrong = best_match(_validator(name).iter_errors(orjson.loads(body)))
    return f"{wrong.message} at {wrong.json_path}" if wrong else ""


def _answer(path: str) -> str:
    """Return the name of the schema's definition for a path, "" for a file and for another protocol's."""
    segments = tuple(unquote(s) for s in path.partition("?")[0].split("/") if s)
    below = segments[1:]
    if find_portal_route(below) or is_map(below) or is_image(below) or is_feature_service(below):
        return ""
    try:
        resource = find_route(segments[2:]).resource
    except RequestError:
        return "Error"
    return f"{resource}Answer" if resource in ANSWERS else ""


@cache
def _validator(name: str) -> Any:
    return _Validator({**json_schema(), "anyOf": [{"$ref": f"#/definitions/{name}"}]})


def _check_all(
    validator: Any, schemas: Sequence[Mapping[str, Any]], instance: Any, _: object
) -> Iterator[ValidationError]:
    """Check `allOf`, passing over what is a rule for another data type; each result has fifty rules."""
    for index, schema in enumerate(schemas):
        if not _is_for_another_type(schema, instance):
            yield from validator.descend(instance, schema, schema_path=index)


def _is_for_another_type(schema: Mapping[str, Any], instance: Any) -> bool:
    match schema:
        case {"if": {"properties": {"dataType": {"const": data_type}}}} if "else" not in schema:
            return isinstance(instance, dict) and instance.get("dataType", data_type) != data_type
    return False


_Validator = extend(Draft7Validator, {"allOf": _check_all})
