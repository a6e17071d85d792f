"""The query that the URL of a layer of this site asks, where it is the value of a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from gpserverless.cancellation import CheckCancelled
from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidValue
from gpserverless.fetch.layer_url import Layer, parse_layer
from gpserverless.toolkit.limits import Limits
from gpserverless.values.quotation import quoted

FOLLOWED = (
    *("where", "objectIds", "time", "outFields", "orderByFields", "resultOffset", "resultRecordCount"),
    *("geometry", "geometryType", "inSR", "spatialRel", "distance", "units", "outSR", "returnZ", "returnM"),
    *("outStatistics", "groupByFieldsForStatistics", "having", "returnDistinctValues"),
)
"""Fields of a query that decide which rows come, and with which coordinates."""

_LEFT_OUT = frozenset(
    {"f", "token", "callback", "returngeometry", "returnexceededlimitfeatures", "maxrecordcountfactor"}
    # what makes coordinates coarser, which no query of an input does
    | {"quantizationparameters", "maxallowableoffset", "geometryprecision", "resulttype"}
)
_KNOWN = _LEFT_OUT | {name.lower() for name in FOLLOWED}
_NOTHING = frozenset({"", "false", "none", "null", "{}", "[]"})


@dataclass(frozen=True)
class LayerQuery:
    """The part of a layer that a value names.

    Attributes:
        layer: The query of its URL, with the conditions beside it.
        is_table: Whether rows without shapes are wanted, and not features.
        limits: The most rows, and the most bytes of JSON.
    """

    layer: Layer
    is_table: bool
    limits: Limits


WriteLayer = Callable[[Path, LayerQuery, Path, CheckCancelled], None]
"""Writes the rows of a query of a layer file as Esri JSON into a file; raises `InvalidValue` if it cannot."""


def check_query(url: str) -> None:
    """Raise if the URL of a layer asks what is not followed: it would be left out without a word.

    Args:
        url: URL of a layer or of its query.

    Raises:
        InvalidValue: It does.
    """
    for name, value in parse_qsl(urlsplit(url).query):
        if name.lower() not in _KNOWN and value.strip().lower() not in _NOTHING:
            raise InvalidValue(f"{quoted(name)} of its query is not followed", ", ".join(FOLLOWED))


def read_layer_query(reference: Reference, limits: Limits) -> LayerQuery:
    """Return the query that a reference to a layer of this site asks.

    Args:
        reference: The reference.
        limits: The most rows, and the most bytes of JSON.

    Raises:
        InvalidValue: It is no value for a layer, or asks what is not followed.
    """
    if reference.kind not in ("features", "table"):
        raise InvalidValue(f"the URL is of a layer, and the value is a {reference.kind}", "the URL of a file")
    check_query(reference.url)
    layer = parse_layer(reference)
    if layer is None:  # the route has found a layer in the same URL
        raise InvalidValue(f"{quoted(reference.url)} is no layer", "the URL of a layer")
    return LayerQuery(layer, reference.kind == "table", limits)
