"""The picture that a request wants."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gpserverless.drawing.encode import FORMATS
from gpserverless.drawing.view import Extent, View, fit_view
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.geometry.boxes import project_box
from gpserverless.http.fields import (
    read_flag,
    read_reference,
    read_text,
)
from gpserverless.http.picture_fields import read_box, read_dpi, read_size
from gpserverless.http.request import Request
from gpserverless.protocols.mapserver.documents import find_extent, find_reference
from gpserverless.protocols.mapserver.layer_choice import Conditions, choose_layers, read_conditions
from gpserverless.protocols.mapserver.ports import Map, MapLayer
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

_MAX_DYNAMIC = 1_000_000
_STATIC = "dynamicLayers is not supported: the layers are drawn with the symbols of the service."


@dataclass(frozen=True)
class Export:
    """A picture of a map.

    Attributes:
        view: The part of the map.
        reference: Spatial reference of the picture.
        layers: The layers that are drawn, the topmost first.
        conditions: Which of their features are drawn.
        format: Name of the format, one of `FORMATS`.
        transparent: Whether the ground stays open.
        is_on_map: Whether the part has a place in the picture's reference; if not, it shows nothing.
        notes: Sentences about what the request asks for and does not get.
    """

    view: View
    reference: SpatialReference
    layers: tuple[MapLayer, ...]
    conditions: Conditions
    format: str
    transparent: bool
    is_on_map: bool = True
    notes: tuple[str, ...] = ()


def read_export(request: Request, shown: Map, now: int) -> Export:
    """Read the picture of a map that a request wants.

    Args:
        request: The request.
        shown: The map.
        now: The time of the request, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidParameter: An option is missing or wrong.
    """
    return _read(request, shown, read_box(request, "bbox"), choose_layers(request, shown), now)


def read_result_export(request: Request, shown: Map, now: int) -> Export:
    """Read the picture of a result that a request wants: all of it, unless the request names a part.

    Args:
        request: The request.
        shown: The map of the result alone, of which `layers` of the request chooses nothing.
        now: The time of the request, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidParameter: An option is wrong.
    """
    if read_text(request, "bbox"):
        placed = read_box(request, "bbox")
    else:
        reference = find_reference(shown)
        placed = find_extent(shown, reference), reference
    return _read(request, shown, placed, shown.feature_layers, now)


def _read(
    request: Request,
    shown: Map,
    placed: tuple[Extent, SpatialReference | None],
    layers: tuple[MapLayer, ...],
    now: int,
) -> Export:
    _refuse_rotation(request)
    box, own = placed
    reference = read_reference(request, "imageSR") or find_reference(shown)
    source = own or read_reference(request, "bboxSR") or reference
    size, dpi = read_size(request, "size"), read_dpi(request)
    try:
        projected = project_box(box, source, reference)
    except InvalidValue as error:
        raise InvalidParameter("imageSR", error.problem, error.accepted) from None
    return Export(
        fit_view(box if projected is None else projected, size, dpi),
        reference,
        layers,
        read_conditions(request, now),
        _read_format(request),
        read_flag(request, "transparent"),
        projected is not None,
        (_STATIC,) if read_text(request, "dynamicLayers", _MAX_DYNAMIC) else (),
    )


def _refuse_rotation(request: Request) -> None:
    text = read_text(request, "rotation")
    turn = read_float(text) if text else 0.0
    if turn is None or not math.isfinite(turn):
        raise InvalidParameter("rotation", f"{quoted(text)} is no number of degrees", "0")
    if turn % 360:
        raise InvalidParameter("rotation", "maps are not turned", "0")


def _read_format(request: Request) -> str:
    name = read_text(request, "format").lower() or "png"
    name = {"jpeg": "jpg"}.get(name, name)
    if name not in FORMATS:
        raise InvalidParameter("format", f"{quoted(name)} is not supported", ", ".join(FORMATS))
    return name
