"""The values of an image at a place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.formats.raster_views import list_colors, read_cell
from gpserverless.http.fields import make_known_reference, parse_json, read_numbers, read_text
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.protocols.imageserver.documents import write_number
from gpserverless.protocols.imageserver.raster import OpenImage
from gpserverless.protocols.imageserver.read_export import read_own_reference
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference, get_transformer

_POINT = "esriGeometryPoint"
_ACCEPTED = 'x,y, or Esri JSON such as {"x": 0, "y": 0, "spatialReference": {"wkid": 4326}}'
_NO_DATA = "NoData"

_Place = tuple[float, float]


def identify(request: Request, opened: OpenImage) -> Response:
    """Return the values of the cell at a place.

    Args:
        request: The request.
        opened: The image.

    Raises:
        InvalidParameter: The place is missing or wrong.
    """
    kind = read_text(request, "geometryType") or _POINT
    if kind.lower() != _POINT.lower():
        raise InvalidParameter("geometryType", f"{quoted(kind)} is not supported", _POINT)
    place, reference = _read_point(request, opened)
    values = read_cell(opened.dataset, *_project(place, reference, opened), list_colors(opened.dataset))
    location: dict[str, Any] = {"x": place[0], "y": place[1]}
    if reference is not None:
        location["spatialReference"] = reference.to_json()
    document = {
        "objectId": 0,
        "name": "Pixel",
        "value": _NO_DATA if values is None else ", ".join(_write_value(value) for value in values),
        "location": location,
        "properties": None,
        "catalogItems": None,
    }
    return write(document, request.answer_format)


def _read_point(request: Request, opened: OpenImage) -> tuple[_Place, SpatialReference | None]:
    text = read_text(request, "geometry")
    if not text:
        raise MissingParameter("geometry", _ACCEPTED)
    own = None
    if text.startswith("{"):
        document = parse_json("geometry", text, _ACCEPTED)
        if not isinstance(document, Mapping):
            raise InvalidParameter("geometry", "it is no point", _ACCEPTED)
        own = make_known_reference("geometry", document.get("spatialReference"))
        text = f"{document.get('x')},{document.get('y')}"
    x, y = read_numbers("geometry", text, 2, _ACCEPTED)
    if own is not None and opened.reference is None:
        raise InvalidParameter(
            "geometry", "the raster names no spatial reference to project to", "no spatialReference"
        )
    return (x, y), own or read_own_reference(request, "sr", opened) or opened.reference


def _project(place: _Place, source: SpatialReference | None, opened: OpenImage) -> _Place:
    if source is None or opened.reference is None or source == opened.reference:
        return place
    try:
        x, y = get_transformer(source, opened.reference).transform(*place)
    except InvalidValue as error:
        raise InvalidParameter("geometry", error.problem, error.accepted or _ACCEPTED) from None
    return float(x), float(y)


def _write_value(value: float) -> str:
    number = write_number(value)
    return _NO_DATA if number is None or math.isnan(value) else str(number)
