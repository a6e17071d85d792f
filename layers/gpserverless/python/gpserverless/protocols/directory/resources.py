"""The drawer of every resource, by the key of its route."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.protocols.directory.drawers.document import draw_document
from gpserverless.protocols.directory.drawers.server import draw_health, draw_info
from gpserverless.protocols.directory.page import Draw

DRAWERS: Mapping[str, Draw] = {
    "info": draw_info,
    "health": draw_health,
}
"""Drawers of resources; the document of any other resource is shown as it is."""


def find_drawer(key: str) -> Draw:
    """Return the drawer of a resource.

    Args:
        key: Key of its route, such as "uploads/info".
    """
    return DRAWERS.get(key, draw_document)
