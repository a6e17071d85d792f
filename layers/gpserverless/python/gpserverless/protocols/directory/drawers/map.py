"""The pages of maps: of a service, and of a job with its picture and legend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.hosted import list_layers
from gpserverless.protocols.directory.layer_documents import of_service, read_document
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.map_view import (
    HEIGHT,
    WIDTH,
    MapView,
    find_degrees,
    read_box,
    read_extent,
)
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_text

_WAYS = (
    ("n", Text("Up"), 0, 1),
    ("w", Text("Left"), -1, 0),
    ("e", Text("Right"), 1, 0),
    ("s", Text("Down"), 0, -1),
)
_ZOOM = 2.0


@dataclass(frozen=True)
class LegendEntry:
    """A layer in a legend.

    Attributes:
        name: Name of the layer.
        path: Path of its page.
        symbols: The label and the URL of the picture of each symbol.
    """

    name: str
    path: str
    symbols: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MapPicture:
    """The picture of a part of a map, with the ways on from it.

    Attributes:
        url: Path of the picture.
        box: Sides of the part with commas.
        moves: The parts beside it: a key, a word and the path of the page of each.
        closer: Path of the page of the middle of it.
        farther: Path of the page of more around it.
        whole: Path of the page of the whole map.
        degrees: The extent of the map as "west,south,east,north"; "" if it has no place on earth.
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


def draw_map(subject: Subject, document: Any) -> Page:
    """Return the page of the map of a job, or of what the jobs of a service make.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    is_job = bool(subject.name("job"))
    values = {
        "map": document,
        "path": places.service,
        "url": subject.links.url(places.service),
        "entries": list_layers(places, document),
        "is_job": is_job,
        "service_path": subject.links.service(subject.name("service")),
        "extent": show_text(document["fullExtent"], "GPExtent") or "",
        "reference": show_text(document["spatialReference"], "GPSpatialReference") or "",
        "picture": _picture(subject, places, document) if is_job and document["layers"] else None,
        "legend": _read_legend(subject, places) if is_job and document["layers"] else [],
    }
    scripts = ("service.js",) if values["picture"] else ()
    title = Text("Map of the job") if is_job else document["mapName"]
    return Page("map.html", title, values, scripts, subject.stores)


def draw_legend(subject: Subject, document: Any) -> Page:
    """Return the page of the legend of a map.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    return Page("map_legend.html", Text("Legend"), {"legend": show_legend(places, document["layers"])})


def show_legend(places: LayerLinks, layers: Iterable[Mapping[str, Any]]) -> list[LegendEntry]:
    """Return the layers of a legend.

    Args:
        places: Paths of their pages.
        layers: JSON of the layers.
    """
    return [
        LegendEntry(
            each["layerName"],
            places.layer(each["layerId"]),
            tuple((symbol["label"], _write_image(symbol)) for symbol in each["legend"]),
        )
        for each in layers
    ]


def _write_image(symbol: Mapping[str, Any]) -> str:
    return f"data:{symbol['contentType']};base64,{symbol['imageData']}"


def _read_legend(subject: Subject, places: LayerLinks) -> list[LegendEntry]:
    document = read_document(subject, "mapLegend", of_service(subject)) or {}
    return show_legend(places, document.get("layers", ()))


def _picture(subject: Subject, places: LayerLinks, document: Mapping[str, Any]) -> MapPicture:
    whole = MapView.of(read_extent(document["fullExtent"]) or (0.0, 0.0, 1.0, 1.0)).zoom(0.9)
    asked = read_box(subject.request.get("bbox"))
    view = MapView.of(asked) if asked else whole

    def link(part: MapView) -> str:
        return f"{places.service}?{urlencode({'bbox': part.text})}#map"

    fields = {"bbox": view.text, "size": f"{WIDTH},{HEIGHT}", "format": "png32", "f": "image"}
    return MapPicture(
        f"{places.service}/export?{urlencode(fields)}",
        view.text,
        tuple((key, word, link(view.move(right, up))) for key, word, right, up in _WAYS),
        link(view.zoom(_ZOOM)),
        link(view.zoom(1 / _ZOOM)),
        f"{places.service}#map",
        find_degrees(document["fullExtent"]),
    )
