"""The pages of what a map is asked for: a picture, the features at a place, those that have a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.layer_documents import of_service, read_document
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.map_forms import EXPORT, FIND, IDENTIFY
from gpserverless.protocols.directory.map_view import HEIGHT, WIDTH, MapView, read_extent
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.request_form import FieldGroup, make_form, read_value
from gpserverless.protocols.directory.shown_rows import ShownRows, show_features
from gpserverless.protocols.directory.shown_text import show_text

EXPORT_TITLE = Text("Export a picture")
IDENTIFY_TITLE = Text("Identify features")
FIND_TITLE = Text("Find features")

_OPERATIONS: Mapping[str, tuple[str, Text, Text, Sequence[FieldGroup]]] = {
    "mapExport": ("export", EXPORT_TITLE, Text("Draw"), EXPORT),
    "mapIdentify": ("identify", IDENTIFY_TITLE, Text("Identify"), IDENTIFY),
    "mapFind": ("find", FIND_TITLE, Text("Find"), FIND),
}
"""The name, the title, the word on the button and the fields of each operation, by its resource."""


def draw_export(subject: Subject, document: Any) -> Page:
    """Return the page of a picture of a map.

    Args:
        subject: The operation.
        document: Its document.
    """
    return _draw(subject, show_picture(document))


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
    return _draw(subject, answer)


def draw_request_form(subject: Subject, error: Exception | None = None) -> Page:
    """Return the page of the form of an operation on a map.

    Args:
        subject: The operation.
        error: What was wrong with the values; None for a form without values.

    Raises:
        RequestError: There is no such map.
    """
    return _draw(subject, {}, error, is_new=error is None)


def _draw(
    subject: Subject, answer: Mapping[str, Any], error: Exception | None = None, *, is_new: bool = False
) -> Page:
    name, title, button, groups = _OPERATIONS[subject.route.resource]
    start = _find_start(subject) if is_new else {}
    action = f"{LayerLinks(subject.links, subject.route.names).service}/{name}"
    form = make_form(
        action, groups, lambda field: start.get(field) or read_value(subject.request, field), error
    )
    values = {"form": form, "answer": answer, "button": button}
    scripts = ("results.js",) if answer.get("shown") else ()
    return Page("map_request.html", title, values, scripts, subject.stores)


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
