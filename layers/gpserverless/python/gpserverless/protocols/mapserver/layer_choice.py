"""The layers of a map that a request wants, and the conditions on their features."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gpserverless.errors import InvalidParameter
from gpserverless.http.fields import parse_json, read_text
from gpserverless.http.request import Request
from gpserverless.protocols.mapserver.ports import Map, MapLayer
from gpserverless.values.quotation import quoted

MAX_DEFINITIONS = 100_000
"""Characters of `layerDefs`."""

_CHOICES = ("show", "hide", "include", "exclude")
_SCOPES = ("top", "visible", "all")
_IDS = re.compile(r"\s*(-?\d{1,9})\s*(?:,|$)")
_DEFINITIONS = '{"0": "POP > 5"}, 0:POP > 5;1:AREA < 3, or [{"layerId": 0, "where": "POP > 5"}]'


def choose_layers(request: Request, shown: Map) -> tuple[MapLayer, ...]:
    """Return the layers that `layers` of an export wants; ids that do not exist are left aside.

    Args:
        request: The request.
        shown: The map, of which all layers are shown unless the request says else.

    Raises:
        InvalidParameter: It is no choice of layers.
    """
    text = read_text(request, "layers")
    layers = shown.feature_layers
    if not text:
        return layers
    accepted = "show:0,1, hide:0, include:0 or exclude:0"
    verb, listed = _split_word(text if ":" in text else f"show:{text}", _CHOICES, accepted)
    ids = _read_ids("layers", listed, accepted)
    if verb == "show":
        return tuple(layer for layer in layers if layer.number in ids)
    if verb == "include":  # beside the layers that are shown anyway, which are all
        return layers
    return tuple(layer for layer in layers if layer.number not in ids)


def choose_searched(request: Request, shown: Map) -> tuple[tuple[MapLayer, ...], bool]:
    """Return the layers that `layers` of an identify wants, and whether the topmost hit is enough.

    Args:
        request: The request.
        shown: The map.

    Raises:
        InvalidParameter: It is no choice of layers.
    """
    text = read_text(request, "layers")
    if not text:
        return shown.feature_layers, True
    accepted = "top, visible, all, or with ids as in all:0,1"
    scope, listed = _split_word(text, _SCOPES, accepted)
    if not listed:
        return shown.feature_layers, scope == "top"
    ids = _read_ids("layers", listed, accepted)
    return tuple(layer for layer in shown.feature_layers if layer.number in ids), scope == "top"


def choose_by_ids(request: Request, shown: Map) -> tuple[MapLayer, ...]:
    """Return the layers and tables of the ids in `layers`; all if there is none.

    Args:
        request: The request.
        shown: The map.

    Raises:
        InvalidParameter: It is no list of ids.
    """
    text = read_text(request, "layers")
    if not text:
        return shown.layers
    ids = _read_ids("layers", text.lower().removeprefix("all:"), "ids such as 0,1")
    return tuple(layer for layer in shown.layers if layer.number in ids)


def read_definitions(request: Request) -> dict[int, str]:
    """Return the conditions of `layerDefs` by the number of their layer.

    Args:
        request: The request.

    Raises:
        InvalidParameter: It has none of the forms that clients send.
    """
    text = read_text(request, "layerDefs", MAX_DEFINITIONS)
    if not text:
        return {}
    if not text.startswith(("{", "[")):
        return dict(_read_definition(part) for part in _split_definitions(text) if part.strip())
    document = parse_json("layerDefs", text, _DEFINITIONS)
    if isinstance(document, Mapping):
        pairs = [(str(key), value) for key, value in document.items()]
    else:
        pairs = [(str(each.get("layerId")), each) for each in document if isinstance(each, Mapping)]
    return dict(_make_definition(key, value) for key, value in pairs)


def _split_word(text: str, known: Sequence[str], accepted: str) -> tuple[str, str]:
    """Return the word before a colon, and the ids behind it."""
    word, _, listed = text.partition(":")
    if word.strip().lower() not in known:
        raise InvalidParameter("layers", f"{quoted(text)} is no choice of layers", accepted)
    return word.strip().lower(), listed.strip()


def _make_definition(key: str, value: object) -> tuple[int, str]:
    if isinstance(value, Mapping):
        value = value.get("where", value.get("definitionExpression"))
    condition = "" if value is None else value
    if not key.strip().isdecimal() or not key.isascii() or not isinstance(condition, str):
        raise InvalidParameter("layerDefs", f"{quoted(key)} has no condition", _DEFINITIONS)
    return int(key), condition


def _read_definition(part: str) -> tuple[int, str]:
    key, colon, condition = part.partition(":")
    if not colon:
        raise InvalidParameter("layerDefs", f"{quoted(part)} has no condition", _DEFINITIONS)
    return _make_definition(key.strip(), condition.strip())


def _split_definitions(text: str) -> Sequence[str]:
    """Split at semicolons that are in no text of SQL: quotes there come in pairs."""
    parts, open_text = [""], False
    for piece in re.split(r"([;'])", text):
        if piece == "'":
            open_text = not open_text
        if piece == ";" and not open_text:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _read_ids(name: str, text: str, accepted: str) -> set[int]:
    ids, place = set(), 0
    while place < len(text.rstrip()):
        found = _IDS.match(text, place)
        if found is None:
            raise InvalidParameter(name, f"{quoted(text)} is no list of ids", accepted)
        ids.add(int(found[1]))
        place = found.end()
    return ids
