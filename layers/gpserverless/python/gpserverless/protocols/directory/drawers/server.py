"""The pages of the server: its info, and its health."""

from __future__ import annotations

from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.page import Page, Subject


def draw_info(subject: Subject, document: Any) -> Page:
    """Return the page of the server info.

    Args:
        subject: The resource.
        document: Its document.
    """
    return Page("info.html", Text("Server info"), {"info": document})


def draw_health(subject: Subject, document: Any) -> Page:
    """Return the page of the health check.

    Args:
        subject: The resource.
        document: Its document.
    """
    return Page("health.html", Text("Health check"), {"healthy": document.get("success") is True})
