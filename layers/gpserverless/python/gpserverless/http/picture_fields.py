"""Fields of a request for a picture of a place: the box, the size and the resolution."""

from __future__ import annotations

from gpserverless.drawing.view import STANDARD_DPI, Extent
from gpserverless.errors import InvalidParameter, MissingParameter
from gpserverless.http.fields import make_known_reference, parse_json, read_numbers, read_text
from gpserverless.http.request import Request
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

MAX_SIDE = 4096
"""Largest width and height of a picture in pixels."""

MAX_DPI = 1200.0
"""Highest resolution of a picture in pixels per inch."""

_SIZE = (400, 400)
_BOX = 'xmin,ymin,xmax,ymax, or {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}'
_SIDES = ("xmin", "ymin", "xmax", "ymax")


def read_box(request: Request, name: str) -> tuple[Extent, SpatialReference | None]:
    """Return a box with the pairs of its sides in order, and its spatial reference if it names one.

    Args:
        request: The request.
        name: Name of the field.

    Raises:
        MissingParameter: There is none.
        InvalidParameter: It is none.
    """
    text = read_text(request, name)
    if not text:
        raise MissingParameter(name, _BOX)
    reference = None
    if text.startswith("{"):
        document = parse_json(name, text, _BOX)
        reference = make_known_reference(name, document.get("spatialReference"))
        text = ",".join(str(document.get(side)) for side in _SIDES)
    x1, y1, x2, y2 = read_numbers(name, text, len(_SIDES), _BOX)
    return (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)), reference


def read_size(request: Request, name: str) -> tuple[int, int]:
    """Return width and height in pixels.

    Args:
        request: The request.
        name: Name of the field.

    Raises:
        InvalidParameter: They are none, or too large.
    """
    text = read_text(request, name)
    if not text:
        return _SIZE
    accepted = f"width,height from 1 to {MAX_SIDE} pixels each"
    width, height = (round(side) for side in read_numbers(name, text, 2, accepted))
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise InvalidParameter(name, f"{quoted(text)} is no size of a picture", accepted)
    return width, height


def read_dpi(request: Request) -> float:
    """Return the resolution in pixels per inch.

    Args:
        request: The request.

    Raises:
        InvalidParameter: It is none.
    """
    text = read_text(request, "dpi")
    if not text:
        return STANDARD_DPI
    dpi = read_float(text)
    if dpi is None or not 0 < dpi <= MAX_DPI:
        raise InvalidParameter("dpi", f"{quoted(text)} is no resolution", f"more than 0, at most {MAX_DPI:g}")
    return dpi
