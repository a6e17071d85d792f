"""The pages of uploads: the form, the limits, an item and its parts."""

from __future__ import annotations

from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_date


def draw_uploads(subject: Subject, document: Any) -> Page:
    """Return the page of the uploads of a service, with the form of an upload.

    Args:
        subject: The resource.
        document: Its document.
    """
    path = f"{subject.links.service(subject.name('service'))}/uploads"
    values = {"path": path, "url": subject.links.url(path), "uploads": document}
    return Page("uploads.html", Text("Uploads"), values, scripts=("form.js",), connections=subject.stores)


def draw_limits(subject: Subject, document: Any) -> Page:
    """Return the page of the limits of uploads.

    Args:
        subject: The resource.
        document: Its document.
    """
    return Page("upload_limits.html", Text("Limits of uploads"), {"limits": document})


def draw_uploaded(subject: Subject, document: Any) -> Page:
    """Return the page of the answer to an upload: its item, and where its bytes go if that is to come.

    Args:
        subject: The operation.
        document: Its document.
    """
    return _draw_item(subject, document["item"], document.get("upload"))


def draw_item(subject: Subject, document: Any) -> Page:
    """Return the page of an uploaded item.

    Args:
        subject: The resource.
        document: Its document.
    """
    return _draw_item(subject, document, None)


def draw_parts(subject: Subject, document: Any) -> Page:
    """Return the page of the parts of an item.

    Args:
        subject: The resource.
        document: Its document.
    """
    return Page("upload_parts.html", Text("Parts"), {"parts": document["parts"]})


def draw_deleted(subject: Subject, document: Any) -> Page:
    """Return the page that says that an item is gone.

    Args:
        subject: The operation.
        document: Its document.
    """
    path = f"{subject.links.service(subject.name('service'))}/uploads"
    return Page("upload_deleted.html", Text("The file is deleted"), {"path": path})


def _draw_item(subject: Subject, item: Any, upload: Any) -> Page:
    path = subject.links.item(subject.name("service"), item["itemID"])
    values = {"item": item, "path": path, "date": show_date(item["date"]) or "", "upload": upload}
    return Page("upload_item.html", item["itemName"], values)
