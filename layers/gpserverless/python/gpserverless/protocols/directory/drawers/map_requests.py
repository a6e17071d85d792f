"""The pages of the operations of a map: a picture, the features at a place, those that have a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.request_page import Operation
from gpserverless.protocols.directory.layer_documents import of_service, read_document
from gpserverless.protocols.directory.map_forms import EXPORT, FIND, IDENTIFY
from gpserverless.protocols.directory.map_view import HEIGHT, WIDTH, MapView, read_extent
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_rows import ShownRows, show_features
from gpserverless.protocols.directory.shown_text import show_text

EXPORT_TITLE = Text("Export a picture")
IDENTIFY_TITLE = Text("Identify features")
FIND_TITLE = Text("Find features")

_TEMPLATE = "map_request.html"


def draw_export(subject: Subject, document: Any) -> Page:
    """Return the page of a picture of a map.

    Args:
        subject: The operation.
        document: Its document.
    """
    return OPERATIONS[subject.route.resource].draw_answer(subject, show_picture(document))


def show_picture(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a picture as its page shows it.

    Args:
        document: The answer of an export.
    """
    return {
        "picture": document["href"],
        "width": document["width"],
        "height": document["height"],
        "extent": show_text(document["extent"], "GPExtent") or "",
        "scale": f"{document['scale']:.0f}",
        "messages": document.get("messages", ()),
    }


def draw_hits(subject: Subject, document: Any) -> Page:
    """Return the page of the features that were found.

    Args:
        subject: The operation.
        document: Its document.
    """
    found: dict[int, list[Mapping[str, Any]]] = {}
    for hit in document["results"]:
        found.setdefault(hit["layerId"], []).append(hit)
    shown = [_show_hits(number, hits) for number, hits in found.items()]
    answer = {
        "shown": shown,
        "hits": len(document["results"]),
        "is_exceeded": bool(document.get("exceededTransferLimit")),
    }
    scripts = ("results.js",) if shown else ()
    return OPERATIONS[subject.route.resource].draw_answer(subject, answer, *scripts)


def _find_start(subject: Subject) -> Mapping[str, str]:
    """Return values for a form without any: the whole map."""
    document = read_document(subject, "map", of_service(subject)) or {}
    view = MapView.of(read_extent(document.get("fullExtent")) or (-180.0, -90.0, 180.0, 90.0))
    layers = ",".join(str(each["id"]) for each in document.get("layers", ()))
    x1, y1, x2, y2 = view.box
    size = f"{WIDTH},{HEIGHT}"
    return {
        **{"bbox": view.text, "size": size, "format": "png32"},
        **{"mapExtent": view.text, "imageDisplay": f"{size},96", "tolerance": "5"},
        "layers": {"mapIdentify": "all", "mapFind": layers}.get(subject.route.resource, ""),
        "geometry": f"{(x1 + x2) / 2:.9g},{(y1 + y2) / 2:.9g}",
        "geometryType": "esriGeometryPoint",
    }


def _show_hits(number: int, hits: Sequence[Mapping[str, Any]]) -> ShownRows:
    first = hits[0]
    shaped = next((hit for hit in hits if hit.get("geometry")), {})
    geometry = shaped.get("geometry") or {}
    value = {
        "geometryType": shaped.get("geometryType", ""),
        "spatialReference": geometry.get("spatialReference") or {},
        "features": [
            {"attributes": hit["attributes"], "geometry": _bare(hit.get("geometry"))} for hit in hits
        ],
    }
    return show_features(f"layer-{number}", first["layerName"], value)


def _bare(geometry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not geometry:
        return None
    return {name: value for name, value in geometry.items() if name != "spatialReference"}


OPERATIONS: Mapping[str, Operation] = {
    "mapExport": Operation("export", EXPORT_TITLE, Text("Draw"), EXPORT, _TEMPLATE, _find_start),
    "mapIdentify": Operation("identify", IDENTIFY_TITLE, Text("Identify"), IDENTIFY, _TEMPLATE, _find_start),
    "mapFind": Operation("find", FIND_TITLE, Text("Find"), FIND, _TEMPLATE, _find_start),
}
"""The operations of a map, by their resource."""
