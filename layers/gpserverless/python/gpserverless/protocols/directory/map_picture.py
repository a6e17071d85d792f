"""The picture of a part of a map or an image, with the ways on from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from gpserverless.http.request import Request
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.map_view import (
    HEIGHT,
    WIDTH,
    MapView,
    find_degrees,
    find_polar_view,
    read_box,
    read_extent,
)

_WAYS = (
    ("n", Text("Up"), 0, 1),
    ("w", Text("Left"), -1, 0),
    ("e", Text("Right"), 1, 0),
    ("s", Text("Down"), 0, -1),
)
_ZOOM = 2.0


@dataclass(frozen=True)
class MapPicture:
    """The picture of a part, with the ways on from it.

    Attributes:
        url: Path of the picture.
        box: Sides of the part with commas.
        moves: The parts beside it: a key, a word and the path of the page of each.
        closer: Path of the page of the middle of it.
        farther: Path of the page of more around it.
        whole: Path of the page of everything.
        degrees: The whole extent as "west,south,east,north"; "" if it has no place on earth.
    """

    url: str
    box: str
    moves: tuple[tuple[str, Text, str], ...]
    closer: str
    farther: str
    whole: str
    degrees: str

    width: int = WIDTH
    height: int = HEIGHT


def make_picture(request: Request, path: str, operation: str, extent: Mapping[str, Any]) -> MapPicture:
    """Return the picture of the part that a page shows: that of `bbox`, or everything.

    Args:
        request: The request for the page.
        path: Path of the page.
        operation: Name of the operation below it that draws.
        extent: Esri JSON of the whole extent.
    """
    polar = find_polar_view(extent)
    box = polar[0] if polar else read_extent(extent)
    whole = MapView.of(box or (0.0, 0.0, 1.0, 1.0)).zoom(0.9)
    asked = read_box(request.get("bbox"))
    view = MapView.of(asked) if asked else whole

    def link(part: MapView) -> str:
        return f"{path}?{urlencode({'bbox': part.text})}#map"

    fields = {"bbox": view.text, "size": f"{WIDTH},{HEIGHT}", "format": "png32", "f": "image"}
    if polar:
        fields |= {"bboxSR": str(polar[1]), "imageSR": str(polar[1])}
    return MapPicture(
        f"{path}/{operation}?{urlencode(fields)}",
        view.text,
        tuple((key, word, link(view.move(right, up))) for key, word, right, up in _WAYS),
        link(view.zoom(_ZOOM)),
        link(view.zoom(1 / _ZOOM)),
        f"{path}#map",
        find_degrees(extent),
    )
