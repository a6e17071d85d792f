"""The pages of what the raster of a job is asked for: a picture, the values at a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.map_requests import EXPORT_TITLE, show_picture
from gpserverless.protocols.directory.drawers.request_page import Operation
from gpserverless.protocols.directory.image_forms import EXPORT_IMAGE, IDENTIFY_IMAGE
from gpserverless.protocols.directory.layer_documents import read_document
from gpserverless.protocols.directory.map_view import HEIGHT, WIDTH, MapView, read_extent
from gpserverless.protocols.directory.page import Page, Subject

IDENTIFY_TITLE = Text("Identify values")

_TEMPLATE = "image_request.html"
_NO_DATA = "NoData"


def draw_image_export(subject: Subject, document: Any) -> Page:
    """Return the page of a picture of a raster.

    Args:
        subject: The operation.
        document: Its document.
    """
    return OPERATIONS[subject.route.resource].draw_answer(subject, show_picture(document))


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
    return OPERATIONS[subject.route.resource].draw_answer(subject, answer)


def _find_start(subject: Subject) -> Mapping[str, str]:
    """Return values for a form without any: the whole raster, and its middle."""
    document = read_document(subject, "image", subject.route.names) or {}
    view = MapView.of(read_extent(document.get("fullExtent")) or (-180.0, -90.0, 180.0, 90.0))
    x1, y1, x2, y2 = view.box
    middle = f"{(x1 + x2) / 2:.9g},{(y1 + y2) / 2:.9g}"
    return {"bbox": view.text, "size": f"{WIDTH},{HEIGHT}", "format": "png32", "geometry": middle}


OPERATIONS: Mapping[str, Operation] = {
    "imageExport": Operation("exportImage", EXPORT_TITLE, Text("Draw"), EXPORT_IMAGE, _TEMPLATE, _find_start),
    "imageIdentify": Operation(
        "identify", IDENTIFY_TITLE, Text("Identify"), IDENTIFY_IMAGE, _TEMPLATE, _find_start
    ),
}
"""The operations of a raster, by their resource."""
