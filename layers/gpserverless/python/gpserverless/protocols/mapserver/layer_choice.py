"""The layers of a map that a request wants, and the conditions on their features."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gpserverless.errors import InvalidParameter
from gpserverless.featurelayers.layer_time import TimeSpan
from gpserverless.featurelayers.query import LayerFilter
from gpserverless.features.sql.scan import names_clock
from gpserverless.http.fields import parse_json, read_text
from gpserverless.http.layer_definitions import MAX_DEFINITIONS, NAME, read_layer_definitions
from gpserverless.http.request import Request
from gpserverless.http.time_field import NAME as TIME
from gpserverless.http.time_field import RELATION, check_time_relation, read_time_span
from gpserverless.protocols.mapserver.ports import Map, MapLayer
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted

TIME_OPTIONS = "layerTimeOptions"
"""Name of the field with the options of the times of layers."""

_TIME_OPTIONS = '{"0": {"useTime": false}}, and a time that has the offset or begins earlier'
_CHOICES = ("show", "hide", "include", "exclude")
_SCOPES = ("top", "visible", "all")
_IDS = re.compile(r"\s*(-?\d{1,9})\s*(?:,|$)")


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


@dataclass(frozen=True)
class Conditions:
    """Which features of the layers of a map a request wants, wherever they lie.

    Attributes:
        definitions: Conditions in SQL by the number of the layer.
        time: The span of time that the features of layers with a time must meet, None for any.
        now: The time of the request, in milliseconds since 1970-01-01 UTC.
        timeless: Numbers of the layers that are shown at every time.
    """

    definitions: Mapping[int, str] = field(default_factory=dict)
    time: TimeSpan | None = None
    now: int = 0
    timeless: frozenset[int] = frozenset()

    @property
    def names_clock(self) -> bool:
        """Whether the same conditions choose other features at another time."""
        return any(map(names_clock, self.definitions.values()))

    def filter_layer(self, layer: MapLayer) -> LayerFilter:
        """Return the filter of a layer; one without a time is shown at every time.

        Args:
            layer: The layer.
        """
        is_timeless = layer.manifest.time is None or layer.number in self.timeless
        time = None if is_timeless else self.time
        where = self.definitions.get(layer.number, "")
        return LayerFilter(where, time=time, now=self.now if names_clock(where) else None)


def read_conditions(request: Request, now: int) -> Conditions:
    """Return the conditions of `layerDefs`, `time` and `layerTimeOptions`.

    Args:
        request: The request.
        now: Its time, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidParameter: One has none of the forms that clients send.
    """
    definitions, span = _read_definitions(request), read_time_span(read_text(request, TIME))
    if span is None:
        return Conditions(definitions, None, now)
    check_time_relation(read_text(request, RELATION))
    return Conditions(definitions, span, now, _list_timeless(request))


def _list_timeless(request: Request) -> frozenset[int]:
    """Return the numbers of the layers whose time the options of a request switch off."""
    text = read_text(request, TIME_OPTIONS)
    options = parse_json(TIME_OPTIONS, text, _TIME_OPTIONS) if text else {}
    if not isinstance(options, Mapping):
        raise InvalidParameter(TIME_OPTIONS, "it is no object", _TIME_OPTIONS)
    timeless = set()
    for key, each in options.items():
        number = read_whole(key)
        if number is None or not isinstance(each, Mapping):
            raise InvalidParameter(TIME_OPTIONS, f"{quoted(key)} is no layer with options", _TIME_OPTIONS)
        if each.get("useTime") is False:
            timeless.add(number)
        elif each.get("timeDataCumulative") or each.get("timeOffset"):
            problem = f"layer {number} has an offset or cumulative data, which are not supported"
            raise InvalidParameter(TIME_OPTIONS, problem, _TIME_OPTIONS)
    return frozenset(timeless)


def _read_definitions(request: Request) -> dict[int, str]:
    text = read_text(request, NAME, MAX_DEFINITIONS)
    if text in ("", "{}", "[]"):
        return {}
    return {each.number: each.fields.get("where", "") for each in read_layer_definitions(text)}


def _split_word(text: str, known: Sequence[str], accepted: str) -> tuple[str, str]:
    """Return the word before a colon, and the ids behind it."""
    word, _, listed = text.partition(":")
    if word.strip().lower() not in known:
        raise InvalidParameter("layers", f"{quoted(text)} is no choice of layers", accepted)
    return word.strip().lower(), listed.strip()


def _read_ids(name: str, text: str, accepted: str) -> set[int]:
    ids, place = set(), 0
    while place < len(text.rstrip()):
        found = _IDS.match(text, place)
        if found is None:
            raise InvalidParameter(name, f"{quoted(text)} is no list of ids", accepted)
        ids.add(int(found[1]))
        place = found.end()
    return ids
