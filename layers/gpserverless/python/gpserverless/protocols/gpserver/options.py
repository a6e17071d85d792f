"""The protocol's own parameters: output options, with every spelling that clients send."""

from __future__ import annotations

from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import LoadOptions
from gpserverless.datatypes.extent import GPExtent
from gpserverless.datatypes.members import read_members
from gpserverless.datatypes.scalars import read_truth
from gpserverless.datatypes.spatial_reference import ACCEPTED, read_optional_reference
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.http.request import Request
from gpserverless.toolkit.call import CallOptions
from gpserverless.values.quotation import quoted
from gpserverless.values.wkt import LONGEST_WKT

MAX_FLAG = 1_000
"""Characters of an option that is true or false; the blanks around it count."""

MAX_REFERENCE = 2 * LONGEST_WKT
"""Characters of an option that is a spatial reference: a WKT may be escaped in JSON."""

CONTEXT = "context"
"""Name of the option that portals send: references and an extent, as JSON."""

MAX_CONTEXT = 4 * MAX_REFERENCE
"""Characters of `context`: three spatial references, and the rest."""

_CONTEXT_MEMBERS = {name: (name,) for name in ("outSR", "processSR", "extent")}
_CONTEXT_IDLE = (
    "dataStore", "overwrite", "parallelProcessingFactor", "processorType", "recycleInterval",
    "retryOnFailures",
)  # fmt: skip
"""Members of `context` that say how ArcGIS computes and where it keeps the results, not what they are."""

_EXTENT = '{"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1, "spatialReference": {"wkid": 4326}}'
_WITHOUT_EFFECT = {"returnTrueCurves": False, "simplifyFeatures": True}
"""Options that are checked and have no effect. Outputs never hold true curves, as those of inputs are
densified when they are read; and features reach a tool as they were sent, without simplification."""


def read_options(request: Request) -> CallOptions:
    """Return the output options of a request.

    `context` and the older `env:outSR` and `env:processSR` are one; where both are given, `context` wins.

    Args:
        request: The request.

    Raises:
        InvalidParameter: An option's value is wrong.
    """
    for name, default in _WITHOUT_EFFECT.items():
        read_flag(request, name, default)
    context = _context(request)
    return CallOptions(
        out_sr=_reference("context.outSR", context.get("outSR")) or read_reference(request, "env:outSR"),
        process_sr=_reference("context.processSR", context.get("processSR"))
        or read_reference(request, "env:processSR"),
        extent=_extent(context.get("extent")),
        return_z=read_flag(request, "returnZ"),
        return_m=read_flag(request, "returnM"),
        as_collection=read_flag(request, "returnFeatureCollection"),
        column_names=read_flag(request, "returnColumnName"),
    )


def read_flag(request: Request, name: str, default: bool = False) -> bool:
    """Return a boolean option; "" is the default.

    Args:
        request: The request.
        name: Name of the option.
        default: The value if the option is not given.

    Raises:
        InvalidParameter: It is neither true nor false.
    """
    word = request.get(name, MAX_FLAG).strip()
    value = read_truth(word) if word else default
    if value is None:
        raise InvalidParameter(name, f"{quoted(word)} is not a truth value", "true, false")
    return value


def read_reference(request: Request, name: str) -> dict[str, Any] | None:
    """Return an option that is a spatial reference, as Esri JSON; None if it is not given.

    Args:
        request: The request.
        name: Name of the option.

    Raises:
        InvalidParameter: It is unknown.
    """
    text = request.get(name, MAX_REFERENCE).strip()
    return _reference(name, None if text in ("", "null") else text)


def _reference(name: str, raw: Any) -> dict[str, Any] | None:
    try:
        known = read_optional_reference(raw)
        return None if known is None else known.to_json()
    except InvalidValue as error:
        raise InvalidParameter(name, error.problem, error.accepted or ACCEPTED) from None


def _context(request: Request) -> dict[str, Any]:
    text = request.get(CONTEXT, MAX_CONTEXT).strip()
    if not text or text == "null":
        return {}
    accepted = f'{{"outSR": 3857, "processSR": 3857, "extent": {_EXTENT}}}'
    try:
        return read_members(json_text.parse_object(text, accepted), _CONTEXT_MEMBERS, accepted, _CONTEXT_IDLE)
    except InvalidValue as error:
        raise InvalidParameter(CONTEXT, error.problem, accepted) from None


def _extent(raw: Any) -> dict[str, Any] | None:
    if raw in (None, "", {}):
        return None
    try:
        return GPExtent().load(raw, LoadOptions()).to_json()
    except InvalidValue as error:
        raise InvalidParameter("context.extent", error.problem, error.accepted or _EXTENT) from None
