"""The page of the help of a task."""

from __future__ import annotations

from typing import Any

from gpserverless.protocols.directory.page import Page, Subject


def draw_help(subject: Subject, document: Any) -> Page:
    """Return the page of the help of a task.

    Args:
        subject: The resource.
        document: Its document.
    """
    summary, *paragraphs = document["description"].split("\n\n")
    values = {"task": document, "summary": summary, "paragraphs": paragraphs}
    return Page("help.html", document["displayName"], values)
