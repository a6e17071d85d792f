"""The pages of what the raster of a job is asked for: a picture, the values at a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.map_requests import EXPORT_TITLE, show_picture
from gpserverless.protocols.directory.image_forms import EXPORT_IMAGE, IDENTIFY_IMAGE
from gpserverless.protocols.directory.layer_documents import read_document
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.map_view import HEIGHT, WIDTH, MapView, read_extent
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.request_form import FieldGroup, make_form, read_value

IDENTIFY_TITLE = Text("Identify values")

_OPERATIONS: Mapping[str, tuple[str, Text, Text, Sequence[FieldGroup]]] = {
    "imageExport": ("exportImage", EXPORT_TITLE, Text("Draw"), EXPORT_IMAGE),
    "imageIdentify": ("identify", IDENTIFY_TITLE, Text("Identify"), IDENTIFY_IMAGE),
}
"""The name, the title, the word on the button and the fields of each operation, by its resource."""

_NO_DATA = "NoData"


def draw_image_export(subject: Subject, document: Any) -> Page:
    """Return the page of a picture of a raster.

    Args:
        subject: The operation.
        document: Its document.
    """
    return _draw(subject, show_picture(document))


def draw_image_value(subject: Subject, document: Any) -> Page:
    """Return the page of the values at a place.

    Args:
        subject: The operation.
        document: Its document.
    """
    place = document["location"]
    answer = {
        "cells": [] if document["value"] == _NO_DATA else document["value"].split(", "),
        "place": f"{place['x']:.9g}, {place['y']:.9g}",
    }
    return _draw(subject, answer)


def draw_image_form(subject: Subject, error: Exception | None = None) -> Page:
    """Return the page of the form of an operation on a raster.

    Args:
        subject: The operation.
        error: What was wrong with the values; None for a form without values.

    Raises:
        RequestError: There is no such raster.
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
    return Page("image_request.html", title, values, (), subject.stores)


def _find_start(subject: Subject) -> Mapping[str, str]:
    """Return values for a form without any: the whole raster, and its middle."""
    document = read_document(subject, "image", subject.route.names) or {}
    view = MapView.of(read_extent(document.get("fullExtent")) or (-180.0, -90.0, 180.0, 90.0))
    x1, y1, x2, y2 = view.box
    middle = f"{(x1 + x2) / 2:.9g},{(y1 + y2) / 2:.9g}"
    return {"bbox": view.text, "size": f"{WIDTH},{HEIGHT}", "format": "png32", "geometry": middle}
