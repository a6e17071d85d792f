"""The page of a resource for programs: its document as it is."""

from __future__ import annotations

from typing import Any

import orjson

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.page import Page, Subject

_TITLES = {
    "portal": Text("Portal"),
    "portalInfo": Text("Portal info"),
    "portalSelf": Text("Portal"),
    "roles": Text("Roles"),
    "communitySelf": Text("User"),
    "user": Text("User"),
    "generateToken": Text("Token"),
    "schema": Text("JSON Schema"),
    "imageFunctions": Text("Raster functions"),
    "imageProperties": Text("Key properties"),
}


def draw_document(subject: Subject, document: Any) -> Page:
    """Return the page of a document that is shown as it is.

    Args:
        subject: The resource.
        document: Its document.
    """
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
    title = _TITLES.get(subject.route.resource, Text("Document"))
    return Page("document.html", title, {"text": text})
