"""The pages of maps: of a service, and of a job with its picture and legend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.hosted import list_layers
from gpserverless.protocols.directory.layer_documents import of_service, read_document
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.map_picture import make_picture
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_text


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


def draw_map(subject: Subject, document: Any) -> Page:
    """Return the page of the map of a job, or of what the jobs of a service make.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    is_job = bool(subject.name("job"))
    entries = list_layers(places, document)
    if is_job:
        entries = [replace(each, count=_count(subject, each.number)) for each in entries]
    shaped = [each for each in entries if each.is_shaped]
    is_drawn = is_job and any(each.count != 0 for each in shaped)
    values = {
        "map": document,
        "path": places.service,
        "url": subject.links.url(places.service),
        "entries": entries,
        "is_job": is_job,
        "is_shaped": bool(shaped),
        "service_path": subject.links.service(subject.name("service")),
        "extent": show_text(document["fullExtent"], "GPExtent") or "",
        "reference": show_text(document["spatialReference"], "GPSpatialReference") or "",
        "picture": (
            make_picture(subject.request, places.service, "export", document["fullExtent"])
            if is_drawn
            else None
        ),
        "legend": _read_legend(subject, places) if is_job and shaped else [],
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


def _count(subject: Subject, layer: int) -> int | None:
    """Return how many features or rows a layer has; None if it is not known."""
    names = {**of_service(subject), "layer": str(layer)}
    counted = read_document(subject, "mapLayerQuery", names, where="1=1", returnCountOnly="true") or {}
    count = counted.get("count")
    return count if isinstance(count, int) else None


def _write_image(symbol: Mapping[str, Any]) -> str:
    return f"data:{symbol['contentType']};base64,{symbol['imageData']}"


def _read_legend(subject: Subject, places: LayerLinks) -> list[LegendEntry]:
    document = read_document(subject, "mapLegend", of_service(subject)) or {}
    return show_legend(places, document.get("layers", ()))
