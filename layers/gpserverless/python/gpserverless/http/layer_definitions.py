"""Conditions on several layers at once: `layerDefs` in the forms that clients send.

{"0": "POP > 5"}                                            an object, by the numbers of the layers
{"0": {"where": "POP > 5", "outFields": "NAME"}}            likewise, with more than the condition
[{"layerId": 0, "where": "POP > 5", "outFields": "NAME"}]   a list
0:POP > 5;1:NAME = 'A;B'                                    a text
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted

NAME = "layerDefs"
MAX_DEFINITIONS = 200_000
"""Characters of `layerDefs`."""

ACCEPTED = (
    '{"0": "POP > 5"}, 0:POP > 5;1:NAME = \'A\', or [{"layerId": 0, "where": "POP > 5", "outFields": "*"}]'
)
_MAX_LAYERS = 100
_FIELDS = {"where": "where", "definitionExpression": "where", "outFields": "outFields"}


@dataclass(frozen=True)
class LayerDefinition:
    """The condition on one layer, beside those on all.

    Attributes:
        number: Number of the layer.
        fields: Its own fields of the request: where, and outFields if they are given.
    """

    number: int
    fields: Mapping[str, str]


def read_layer_definitions(text: str) -> list[LayerDefinition]:
    """Return the condition on each layer.

    Args:
        text: The value of the field, which is not empty.

    Raises:
        InvalidParameter: It cannot be read, names no layer, too many, or one twice.
    """
    definitions = _read_json(_parse(text)) if text[0] in "[{" else _read_text(text)
    numbers = [definition.number for definition in definitions]
    if not numbers or len(numbers) > _MAX_LAYERS or len(set(numbers)) < len(numbers):
        raise InvalidParameter(NAME, "it names no layer, too many, or one twice", ACCEPTED)
    return definitions


def _parse(text: str) -> Any:
    try:
        return json_text.parse(text, ACCEPTED)
    except InvalidValue as error:
        raise InvalidParameter(NAME, error.problem, ACCEPTED) from None


def _read_json(document: Any) -> list[LayerDefinition]:
    if isinstance(document, Mapping):
        return [_define(number, value) for number, value in document.items()]
    if not all(isinstance(each, Mapping) for each in document):
        raise InvalidParameter(NAME, "it is no list of objects", ACCEPTED)
    return [_define(each.get("layerId"), each) for each in document]


def _read_text(text: str) -> list[LayerDefinition]:
    definitions = []
    for piece in _split(text):
        number, colon, where = piece.partition(":")
        if not colon:
            raise InvalidParameter(NAME, f"{quoted(piece)} has no colon behind the layer", ACCEPTED)
        definitions.append(_define(number, where.strip()))
    return definitions


def _split(text: str) -> Sequence[str]:
    """Split at semicolons that are in no text of SQL: quotes there come in pairs."""
    parts: list[list[str]] = [[]]
    is_text = False
    for piece in re.split(r"([;'])", text):
        is_text ^= piece == "'"
        if piece == ";" and not is_text:
            parts.append([])
        else:
            parts[-1].append(piece)
    return [part for pieces in parts if (part := "".join(pieces).strip())]


def _define(number: Any, value: Any) -> LayerDefinition:
    whole = read_whole(number)
    if whole is None or whole < 0:
        raise InvalidParameter(NAME, f"{quoted(number)} is no number of a layer", ACCEPTED)
    given = value if isinstance(value, Mapping) else {"where": value}
    fields = {_FIELDS[name]: _write(given[name]) for name in _FIELDS if name in given}
    return LayerDefinition(whole, fields)


def _write(value: Any) -> str:
    """Return a value as the field of a request has it."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    if value is not None and not isinstance(value, str):
        raise InvalidParameter(NAME, f"{quoted(value)} is no text", ACCEPTED)
    return value or ""
